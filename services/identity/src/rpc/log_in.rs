//! LogIn: anybody with login and password opens a session; announces PersonLoggedIn.

use std::time::Duration;

use chassis::access::Facts;
use chassis::caller::Caller;
use chassis::status::{self, Refusal, from_db};
use tonic::{Code, Status};
use zhurnal_proto::id::PersonId;
use zhurnal_proto::identity::v1::identity_event::Change;
use zhurnal_proto::identity::v1::{LogInRequest, LogInResponse, PersonLoggedIn};

use crate::hasher::Verdict;
use crate::store::{accounts, attempts};
use crate::{Identity, open, who};

pub(super) async fn handle(
    identity: &Identity,
    caller: &Caller,
    request: LogInRequest,
) -> Result<LogInResponse, Status> {
    identity
        .cx
        .access
        .check(caller, "identity.sessions.logIn", &Facts::own())?;
    let login_key = request.login.trim().to_lowercase();
    let account = accounts::by_login(identity.cx.db.read(), &login_key)
        .await
        .map_err(from_db)?;
    let device = identity.secrets.device(&request.device_cookie);
    let known = match &account {
        Some(account) if !request.device_cookie.is_empty() => {
            attempts::is_known(identity.cx.db.read(), account.account_id, &device)
                .await
                .map_err(from_db)?
        }
        _ => false,
    };
    let subject = identity
        .secrets
        .attempt(&login_key, known.then_some(&device));
    count(identity, &subject).await?;
    let stored = account.as_ref().map(|a| a.password_hash.clone());
    let verdict = identity
        .hasher
        .verify(request.password.clone(), stored)
        .await?;
    let (Some(account), Verdict::Right | Verdict::RightButWeak) = (account, verdict) else {
        return Err(wrong());
    };
    let stronger = match verdict {
        Verdict::RightButWeak => Some(identity.hasher.hash(request.password).await?),
        _ => None,
    };

    let today = identity.today();
    let mut uow = identity.cx.db.begin().await.map_err(from_db)?;
    let places = who::places(uow.conn(), account.account_id, today)
        .await
        .map_err(from_db)?;
    let Some(place) = places.first().cloned() else {
        return Err(Refusal::new(
            Code::PermissionDenied,
            "NOTHING_TO_ACT_AS",
            "У этой учётной записи больше нет действующих ролей",
        )
        .into());
    };
    if let Some(hash) = stronger {
        accounts::set_password(uow.conn(), account.account_id, hash)
            .await
            .map_err(from_db)?;
    }
    attempts::clear(uow.conn(), &subject)
        .await
        .map_err(from_db)?;
    let cookie = if known {
        request.device_cookie
    } else {
        crate::secrets::fresh(&identity.cx.ids)
    };
    let now = identity.cx.clock.now();
    attempts::remember(
        uow.conn(),
        account.account_id,
        &identity.secrets.device(&cookie),
        now,
    )
    .await
    .map_err(from_db)?;
    let opening = open::Opening {
        account: &account,
        place: &place,
        all: &places,
        device: &request.device,
        secret: crate::secrets::fresh(&identity.cx.ids),
    };
    let mut session = open::session(identity, &uow, opening).await?;
    session.device_cookie = cookie;
    for (school, person) in cards(&place) {
        let person = PersonId::from_uuid(person).to_string();
        let change = PersonLoggedIn {
            person_id: person.clone(),
            role: who::primary(&place).into(),
        };
        uow.announce(identity.event(
            Some(school),
            "person_logged_in",
            person,
            Change::PersonLoggedIn(change),
        ));
    }
    uow.commit().await.map_err(from_db)?;
    Ok(LogInResponse {
        session: Some(session),
    })
}

/// Counts the try before the password is looked at, so that parallel guesses
/// cannot slip through; a right password clears the counter.
async fn count(identity: &Identity, subject: &[u8; 32]) -> Result<(), Status> {
    let now = identity.cx.clock.now();
    let uow = identity.cx.db.begin().await.map_err(from_db)?;
    let so_far = attempts::get_locked(uow.conn(), subject, now)
        .await
        .map_err(from_db)?;
    if let Some(wait) = so_far.wait(now) {
        let wait = Duration::try_from(wait).unwrap_or(Duration::from_secs(60));
        return Err(status::exhausted(
            "TOO_MANY_ATTEMPTS",
            "Слишком много неверных паролей, подождите",
            wait,
        ));
    }
    attempts::put(uow.conn(), subject, so_far.counted(now))
        .await
        .map_err(from_db)?;
    uow.commit().await.map_err(from_db)?;
    Ok(())
}

fn cards(place: &who::Place) -> Vec<(uuid::Uuid, uuid::Uuid)> {
    match (place.school_id, place.person_id) {
        (Some(school), Some(person)) => vec![(school, person)],
        _ => place.cards.clone(),
    }
}

fn wrong() -> Status {
    Refusal::new(
        Code::Unauthenticated,
        "CREDENTIALS_WRONG",
        "Неверный логин или пароль",
    )
    .into()
}
