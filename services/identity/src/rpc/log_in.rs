//! LogIn: anybody with login and password opens a session, or, where the account has a
//! second factor, its second step; announces PersonLoggedIn.

use chassis::access::Facts;
use chassis::caller::Caller;
use chassis::db::{UnitOfWork, micros};
use chassis::status::{Refusal, from_db};
use tonic::{Code, Status};
use zhurnal_proto::identity::v1::{LogInRequest, LogInResponse, SecondFactorChallenge};

use crate::domain::second_factor::CHALLENGE_LIFE;
use crate::enter::{self, Entering};
use crate::hasher::Verdict;
use crate::store::entity::{account, challenge};
use crate::store::{accounts, attempts, challenges, second_factors};
use crate::{Identity, guess};

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
    guess::password(identity, &subject).await?;
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

    let mut uow = identity.cx.db.begin().await.map_err(from_db)?;
    let places = enter::places(identity, &uow, &account).await?;
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
    let factor = second_factors::on(uow.conn(), account.account_id)
        .await
        .map_err(from_db)?;
    let answer = if factor.is_some() {
        LogInResponse {
            session: None,
            challenge: Some(challenge(identity, &uow, &account, cookie).await?),
        }
    } else {
        let entering = Entering {
            account: &account,
            places: &places,
            device: &request.device,
            cookie,
        };
        LogInResponse {
            session: Some(enter::enter(identity, &mut uow, entering).await?),
            challenge: None,
        }
    };
    uow.commit().await.map_err(from_db)?;
    Ok(answer)
}

/// Opens the second step, bound to the device's cookie.
async fn challenge(
    identity: &Identity,
    uow: &UnitOfWork,
    account: &account::Model,
    cookie: String,
) -> Result<SecondFactorChallenge, Status> {
    let now = identity.cx.clock.now();
    let token = crate::secrets::fresh(&identity.cx.ids);
    let row = challenge::Model {
        challenge_hash: identity.secrets.challenge(&token).to_vec(),
        account_id: account.account_id,
        device_hash: identity.secrets.device(&cookie).to_vec(),
        tries: 0,
        expires_us: micros(now + CHALLENGE_LIFE),
        used_us: None,
    };
    challenges::open(uow.conn(), row, now)
        .await
        .map_err(from_db)?;
    Ok(SecondFactorChallenge {
        challenge: token,
        expires_in_seconds: u32::try_from(CHALLENGE_LIFE.as_secs()).unwrap_or(300),
        device_cookie: cookie,
    })
}

fn wrong() -> Status {
    Refusal::new(
        Code::Unauthenticated,
        "CREDENTIALS_WRONG",
        "Неверный логин или пароль",
    )
    .into()
}
