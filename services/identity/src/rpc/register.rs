//! Register: whoever holds a code makes an account with it once, or adds the card
//! to an own account; announces PersonRegistered.

use std::sync::{Mutex, PoisonError};

use chassis::access::Facts;
use chassis::caller::Caller;
use chassis::db::{UnitOfWork, micros};
use chassis::idempotency;
use chassis::status::{self, Refusal, from_db};
use tonic::{Code, Status};
use uuid::Uuid;
use zhurnal_proto::id::{AccountId, PersonId, SessionId};
use zhurnal_proto::identity::v1::identity_event::Change;
use zhurnal_proto::identity::v1::{PersonRegistered, RegisterRequest, RegisterResponse};

use super::{convert, invitation_unknown};
use crate::domain::login::Login;
use crate::domain::password;
use crate::domain::role::Role;
use crate::store::entity::{account, account_card, invitation, role_grant};
use crate::store::{accounts, grants, invitations, sessions};
use crate::{Identity, open, who};

/// Where the account comes from.
enum Target {
    New { login: Login, hash: String },
    Own(account::Model),
}

pub(super) async fn handle(
    identity: &Identity,
    caller: &Caller,
    request: RegisterRequest,
) -> Result<RegisterResponse, Status> {
    identity
        .cx
        .access
        .check(caller, "identity.accounts.register", &Facts::own())?;
    // What is remembered of a request must not help to guess a password.
    let silent = RegisterRequest {
        password: String::new(),
        session_secret: String::new(),
        ..request.clone()
    };
    // A code is a secret of one person: two strangers cannot share this actor.
    let normal =
        crate::domain::code::normalise(&request.code).ok_or_else(invitation_unknown::refusal)?;
    let actor = hex::encode(identity.secrets.code(&normal));
    let key = idempotency::key(&actor, "Register", &request.request_id, &silent)?;
    // The remembered answer holds no secret: it follows from the code and the request.
    let secret = crate::secrets::text(
        &identity
            .secrets
            .derive::<32>(b"register", &[&normal, &request.request_id]),
    );
    if let Some(first) = idempotency::find(&identity.cx.db, &key).await? {
        let first: RegisterResponse =
            prost::Message::decode(first.as_slice()).map_err(status::internal)?;
        return Ok(with_secret(first, secret));
    }
    let invitation = invitation_unknown::usable(identity, &request.code).await?;
    let target = target(identity, &request, &invitation).await?;
    let device = request.device.clone();
    let opened_with = secret.clone();
    let ended = Mutex::new(Vec::new());
    let heard = &ended;
    let answer = idempotency::once(&identity.cx.db, &key, |mut uow| async move {
        let now = identity.cx.clock.now();
        if !invitations::use_up(uow.conn(), invitation.invitation_id, now)
            .await
            .map_err(from_db)?
        {
            return Err(invitation_unknown::refusal());
        }
        let is_new = matches!(target, Target::New { .. });
        let account = match target {
            Target::Own(account) => account,
            Target::New { login, hash } => {
                let account = account::Model {
                    account_id: identity.cx.ids.uuid(),
                    login: login.shown().to_owned(),
                    login_key: login.key().to_owned(),
                    password_hash: hash,
                    created_us: micros(now),
                };
                accounts::insert(uow.conn(), account.clone())
                    .await
                    .map_err(taken_or)?;
                account
            }
        };
        let (place, closed) = attach(identity, &mut uow, &invitation, &account).await?;
        heard
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .extend(closed);
        let today = identity.today();
        let places = who::places(uow.conn(), account.account_id, today)
            .await
            .map_err(from_db)?;
        let start = places
            .iter()
            .find(|p| place_fits(p, place))
            .or(places.first())
            .cloned();
        let start = start.ok_or_else(|| {
            status::precondition("NOTHING_TO_ACT_AS", "Карточка больше не действует")
        })?;
        let opening = open::Opening {
            account: &account,
            place: &start,
            all: &places,
            device: &device,
            since_us: None,
            // A card added to an own account proves nothing anew.
            proved_us: is_new.then_some(micros(identity.cx.clock.now())),
            secret: opened_with,
        };
        let mut session = open::session(identity, &uow, opening).await?;
        session.secret.clear();
        Ok((
            uow,
            RegisterResponse {
                session: Some(session),
            },
        ))
    })
    .await?;
    open::tell(
        identity,
        &ended.into_inner().unwrap_or_else(PoisonError::into_inner),
    )
    .await;
    Ok(with_secret(answer, secret))
}

fn with_secret(mut answer: RegisterResponse, secret: String) -> RegisterResponse {
    if let Some(session) = &mut answer.session {
        session.secret = secret;
    }
    answer
}

async fn target(
    identity: &Identity,
    request: &RegisterRequest,
    invitation: &invitation::Model,
) -> Result<Target, Status> {
    if !request.session_secret.is_empty() && request.login.is_empty() {
        let hash = identity.secrets.session(&request.session_secret);
        let conn = identity.cx.db.read();
        let session = sessions::open_by_secret(conn, &hash, identity.cx.clock.now())
            .await
            .map_err(from_db)?;
        let session = session.ok_or_else(|| status::unauthenticated("SESSION_ENDED"))?;
        let account = accounts::by_id(conn, session.account_id)
            .await
            .map_err(from_db)?;
        return account
            .map(Target::Own)
            .ok_or_else(|| status::unauthenticated("SESSION_ENDED"));
    }
    let login = Login::parse(&request.login).map_err(|_| {
        status::invalid_field(
            "login",
            "INVALID_LOGIN",
            "от 3 до 64 знаков: буквы, цифры, точка, дефис, подчёркивание, @",
        )
    })?;
    password::check(&request.password, login.key()).map_err(|weak| {
        let violation = status::violation("password", "PASSWORD_WEAK", weak.to_string());
        Status::from(
            Refusal::new(Code::InvalidArgument, "PASSWORD_WEAK", weak.to_string())
                .violation(violation),
        )
    })?;
    if accounts::by_login(identity.cx.db.read(), login.key())
        .await
        .map_err(from_db)?
        .is_some()
    {
        return Err(login_taken());
    }
    tracing::debug!(role = invitation.role, "registration");
    Ok(Target::New {
        hash: identity.hasher.hash(request.password.clone()).await?,
        login,
    })
}

/// Ties what the code is for to the account; gives the school of the new card and
/// the sessions that ended because the card changed hands.
async fn attach(
    identity: &Identity,
    uow: &mut UnitOfWork,
    invitation: &invitation::Model,
    account: &account::Model,
) -> Result<(Option<Uuid>, Vec<SessionId>), Status> {
    let now = identity.cx.clock.now();
    let (Some(school_id), Some(person_id)) = (invitation.school_id, invitation.person_id) else {
        let grant = role_grant::Model {
            role_grant_id: identity.cx.ids.uuid(),
            account_id: account.account_id,
            role: invitation.role,
            school_id: None,
            municipality_id: None,
            source: zhurnal_proto::identity::v1::GrantSource::Bootstrap as i16,
            granted_us: micros(now),
            ends_on: None,
            revoked_us: None,
        };
        grants::insert(uow.conn(), grant.clone())
            .await
            .map_err(from_db)?;
        let shown = convert::grant(&grant, "");
        let key = shown.role_grant_id.clone();
        let change = zhurnal_proto::identity::v1::RoleGrantChanged {
            role_grant: Some(shown),
        };
        uow.announce(identity.event(
            None,
            "role_grant_changed",
            key,
            Change::RoleGrantChanged(change),
        ));
        return Ok((None, Vec::new()));
    };
    let mut ended = Vec::new();
    // A card that changes hands (lost password): whoever held it is logged out.
    if let Some(holder) = accounts::holder(uow.conn(), school_id, person_id)
        .await
        .map_err(from_db)?
        && holder != account.account_id
    {
        let open = sessions::open_of(uow.conn(), holder)
            .await
            .map_err(from_db)?;
        let ids: Vec<Uuid> = open.iter().map(|s| s.session_id).collect();
        ended = open::end(identity, uow, &ids).await?;
    }
    let card = account_card::Model {
        school_id,
        person_id,
        account_id: account.account_id,
        role: invitation.role,
        registered_us: micros(now),
    };
    accounts::put_card(uow.conn(), card.clone())
        .await
        .map_err(from_db)?;
    announce(identity, uow, &card);
    let family = Role::from_number(invitation.role.into()).is_some_and(Role::is_family);
    Ok(((!family).then_some(school_id), ended))
}

/// Tells that a card belongs to an account now.
pub(crate) fn announce(identity: &Identity, uow: &mut UnitOfWork, card: &account_card::Model) {
    let person = PersonId::from_uuid(card.person_id).to_string();
    let change = PersonRegistered {
        person_id: person.clone(),
        account_id: AccountId::from_uuid(card.account_id).to_string(),
        role: card.role.into(),
    };
    uow.announce(identity.event(
        Some(card.school_id),
        "person_registered",
        person,
        Change::PersonRegistered(change),
    ));
}

fn place_fits(place: &who::Place, school: Option<Uuid>) -> bool {
    match school {
        Some(school) => place.school_id == Some(school),
        None => place.family || place.school_id.is_none(),
    }
}

fn taken_or(err: sea_orm::DbErr) -> Status {
    if chassis::db::is_unique_violation(&err) {
        login_taken()
    } else {
        from_db(err)
    }
}

fn login_taken() -> Status {
    let violation = status::violation("login", "LOGIN_TAKEN", "логин занят");
    Refusal::new(Code::AlreadyExists, "LOGIN_TAKEN", "Такой логин уже есть")
        .violation(violation)
        .into()
}
