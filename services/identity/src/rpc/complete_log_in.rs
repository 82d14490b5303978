//! CompleteLogIn: whoever gave the right password brings a code of the second factor;
//! announces PersonLoggedIn, and SecurityRecorded for a recovery code.

use chassis::access::Facts;
use chassis::caller::Caller;
use chassis::status::{Refusal, from_db};
use tonic::{Code, Status};
use zhurnal_proto::identity::v1::{CompleteLogInRequest, CompleteLogInResponse, SecurityKind};

use crate::enter::{self, Entering};
use crate::proof::{self, Used};
use crate::security::{self, Actor};
use crate::store::entity::challenge;
use crate::store::{accounts, attempts, challenges, second_factors};
use crate::{Identity, guess};

pub(super) async fn handle(
    identity: &Identity,
    caller: &Caller,
    request: CompleteLogInRequest,
) -> Result<CompleteLogInResponse, Status> {
    identity
        .cx
        .access
        .check(caller, "identity.sessions.completeLogIn", &Facts::own())?;
    let hash = identity.secrets.challenge(&request.challenge);
    let device = identity.secrets.device(&request.device_cookie);
    let (challenge, subject) = counted(identity, &hash, &device).await?;

    let mut uow = identity.cx.db.begin().await.map_err(from_db)?;
    let account = accounts::by_id(uow.conn(), challenge.account_id)
        .await
        .map_err(from_db)?
        .ok_or_else(unknown)?;
    let factor = second_factors::on(uow.conn(), account.account_id)
        .await
        .map_err(from_db)?
        .ok_or_else(unknown)?;
    let code = &request.code;
    let used = proof::use_code(identity, uow.conn(), &account, &factor, code, &subject)
        .await?
        .ok_or_else(wrong)?;
    let now = identity.cx.clock.now();
    if !challenges::use_up(uow.conn(), &hash, now)
        .await
        .map_err(from_db)?
    {
        return Err(unknown());
    }
    let places = enter::places(identity, &uow, &account).await?;
    if used == Used::Recovery {
        let kind = SecurityKind::RecoveryCodeUsed;
        let actor = Actor::Device(&request.device);
        security::record(identity, &mut uow, account.account_id, kind, actor).await?;
    }
    let entering = Entering {
        account: &account,
        places: &places,
        device: &request.device,
        cookie: request.device_cookie,
    };
    let session = enter::enter(identity, &mut uow, entering).await?;
    uow.commit().await.map_err(from_db)?;
    Ok(CompleteLogInResponse {
        session: Some(session),
    })
}

/// Counts the try, by the challenge and by the account, before the code is looked at.
async fn counted(
    identity: &Identity,
    hash: &[u8; 32],
    device: &[u8; 32],
) -> Result<(challenge::Model, [u8; 32]), Status> {
    let uow = identity.cx.db.begin().await.map_err(from_db)?;
    let now = identity.cx.clock.now();
    let challenge = challenges::try_once(uow.conn(), hash, device, now)
        .await
        .map_err(from_db)?
        .ok_or_else(unknown)?;
    let known = attempts::is_known(uow.conn(), challenge.account_id, device)
        .await
        .map_err(from_db)?;
    let account = zhurnal_proto::id::AccountId::from_uuid(challenge.account_id).to_string();
    // A device that logged in before has a counter of its own: a thief with the password
    // cannot lock the owner out.
    let subject = identity
        .secrets
        .factor_attempt(&account, known.then_some(device));
    guess::code_in(identity, uow.conn(), &subject).await?;
    uow.commit().await.map_err(from_db)?;
    Ok((challenge, subject))
}

/// The one answer for second steps that are unknown, used, over or another device's.
fn unknown() -> Status {
    Refusal::new(
        Code::Unauthenticated,
        "CHALLENGE_UNKNOWN",
        "Время второго шага вышло: введите логин и пароль ещё раз",
    )
    .into()
}

fn wrong() -> Status {
    Refusal::new(
        Code::Unauthenticated,
        "CODE_WRONG",
        "Код неверный или уже использован",
    )
    .into()
}
