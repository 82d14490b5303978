//! ConfirmSecondFactor: a logged-in person turns the begun second factor on with a code
//! of the application; the other sessions end, and so do unused invitation codes of the
//! account's cards, by which another account could take them.

use std::sync::{Mutex, PoisonError};

use chassis::caller::{Caller, User};
use chassis::db::UnitOfWork;
use chassis::idempotency;
use chassis::status::{self, from_db};
use tonic::Status;
use zhurnal_proto::id::SessionId;
use zhurnal_proto::identity::v1::{
    ConfirmSecondFactorRequest, ConfirmSecondFactorResponse, SecurityKind,
};

use super::{already_on, own, put_recovery, recovery_codes, shown};
use crate::domain::second_factor::Typed;
use crate::proof::{code_wrong, generator, id_of};
use crate::security::{self, Actor};
use crate::store::entity::account;
use crate::store::{accounts, attempts, invitations, second_factors, sessions};
use crate::{Identity, guess, open};

pub(in crate::rpc) async fn handle(
    identity: &Identity,
    caller: &Caller,
    request: ConfirmSecondFactorRequest,
) -> Result<ConfirmSecondFactorResponse, Status> {
    let (user, account, places) = own(identity, caller, "identity.secondFactor.confirm").await?;
    let silent = ConfirmSecondFactorRequest {
        code: String::new(),
        ..request.clone()
    };
    let actor = caller.actor();
    let key = idempotency::key(&actor, "ConfirmSecondFactor", &request.request_id, &silent)?;
    let codes = recovery_codes(identity, &account, &request.request_id);
    if let Some(first) = idempotency::find(&identity.cx.db, &key).await? {
        let first = prost::Message::decode(first.as_slice()).map_err(status::internal)?;
        return Ok(with_codes(first, codes));
    }
    let subject = identity.secrets.factor_attempt(&id_of(&account), None);
    guess::code(identity, &subject).await?;
    let (kept, places, heard) = (&codes, &places, &Mutex::new(Vec::new()));
    let answer = idempotency::once(&identity.cx.db, &key, |mut uow| async move {
        turn_on(identity, &uow, &account, &request.code).await?;
        attempts::clear(uow.conn(), &subject)
            .await
            .map_err(from_db)?;
        put_recovery(identity, uow.conn(), &account, kept).await?;
        end_codes(identity, &uow, &account).await?;
        // The code of the application is the proof that the role demanded.
        sessions::prove(uow.conn(), user.session.uuid(), identity.cx.clock.now())
            .await
            .map_err(from_db)?;
        let closed = end_others(identity, &mut uow, &account, &user).await?;
        let kind = SecurityKind::SecondFactorOn;
        let actor = Actor::Owner(&user);
        security::record(identity, &mut uow, account.account_id, kind, actor).await?;
        let second_factor = shown(identity, uow.conn(), &account, places).await?;
        let ended_sessions = u32::try_from(closed.len()).unwrap_or(u32::MAX);
        heard
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .extend(closed);
        let answer = ConfirmSecondFactorResponse {
            second_factor: Some(second_factor),
            recovery_codes: Vec::new(),
            ended_sessions,
        };
        Ok((uow, answer))
    })
    .await?;
    let ended = std::mem::take(&mut *heard.lock().unwrap_or_else(PoisonError::into_inner));
    open::tell(identity, &ended).await;
    Ok(with_codes(answer, codes))
}

/// The begun one with the code of the application, or the refusal.
async fn turn_on(
    identity: &Identity,
    uow: &UnitOfWork,
    account: &account::Model,
    typed: &str,
) -> Result<(), Status> {
    let begun = second_factors::get(uow.conn(), account.account_id)
        .await
        .map_err(from_db)?
        .ok_or_else(|| {
            let text = "Сначала получите ключ для приложения";
            status::precondition("SECOND_FACTOR_NOT_BEGUN", text)
        })?;
    if begun.confirmed_us.is_some() {
        return Err(already_on());
    }
    let now = identity.cx.clock.now();
    let step = match Typed::parse(typed) {
        Some(Typed::Digits(digits)) => generator(identity, account, &begun)?.step_of(&digits, now),
        _ => None,
    };
    let step = step.ok_or_else(code_wrong)?;
    if second_factors::confirm(uow.conn(), &begun, step, now)
        .await
        .map_err(from_db)?
    {
        Ok(())
    } else {
        Err(already_on())
    }
}

async fn end_codes(
    identity: &Identity,
    uow: &UnitOfWork,
    account: &account::Model,
) -> Result<(), Status> {
    let now = identity.cx.clock.now();
    for card in accounts::cards(uow.conn(), account.account_id)
        .await
        .map_err(from_db)?
    {
        invitations::revoke_of(uow.conn(), card.school_id, &[card.person_id], now)
            .await
            .map_err(from_db)?;
    }
    Ok(())
}

async fn end_others(
    identity: &Identity,
    uow: &mut UnitOfWork,
    account: &account::Model,
    user: &User,
) -> Result<Vec<SessionId>, Status> {
    open::end_all(identity, uow, account.account_id, Some(user.session)).await
}

fn with_codes(
    answer: ConfirmSecondFactorResponse,
    recovery_codes: Vec<String>,
) -> ConfirmSecondFactorResponse {
    ConfirmSecondFactorResponse {
        recovery_codes,
        ..answer
    }
}
