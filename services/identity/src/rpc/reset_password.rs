//! ResetPassword: whoever holds a code for a new password sets one, once; all sessions of
//! the account end and its second factor stays. It opens no session.

use std::sync::{Mutex, PoisonError};

use chassis::access::Facts;
use chassis::caller::Caller;
use chassis::db::UnitOfWork;
use chassis::idempotency;
use chassis::status::{self, Refusal, from_db};
use tonic::{Code, Status};
use zhurnal_proto::id::SessionId;
use zhurnal_proto::identity::v1::{ResetPasswordRequest, ResetPasswordResponse, SecurityKind};

use crate::domain::code;
use crate::security::{self, Actor};
use crate::store::entity::{account, password_reset};
use crate::store::{accounts, attempts, password_resets};
use crate::{Identity, open};

pub(super) async fn handle(
    identity: &Identity,
    caller: &Caller,
    request: ResetPasswordRequest,
) -> Result<ResetPasswordResponse, Status> {
    identity
        .cx
        .access
        .check(caller, "identity.passwordResets.use", &Facts::own())?;
    let normal = code::normalise(&request.code).ok_or_else(unknown)?;
    let hash = identity.secrets.reset(&normal);
    // The hash of what is remembered must not help to guess a password.
    let silent = ResetPasswordRequest {
        code: String::new(),
        new_password: String::new(),
        request_id: request.request_id.clone(),
    };
    // A code is a secret of one person: two strangers cannot share this actor.
    let actor = hex::encode(hash);
    let key = idempotency::key(&actor, "ResetPassword", &request.request_id, &silent)?;
    if let Some(first) = idempotency::find(&identity.cx.db, &key).await? {
        return prost::Message::decode(first.as_slice()).map_err(status::internal);
    }
    let conn = identity.cx.db.read();
    let reset = password_resets::usable(conn, &hash, identity.cx.clock.now())
        .await
        .map_err(from_db)?
        .ok_or_else(unknown)?;
    let account = accounts::by_id(conn, reset.account_id)
        .await
        .map_err(from_db)?
        .ok_or_else(unknown)?;
    super::change_password::check(&request.new_password, &account.login_key)?;
    let password = identity.hasher.hash(request.new_password).await?;
    let heard = &Mutex::new(Vec::new());
    let answer = idempotency::once(&identity.cx.db, &key, |mut uow| async move {
        let closed = set(identity, &mut uow, &reset, &account, password).await?;
        heard
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .extend(closed);
        let login = account.login;
        Ok((uow, ResetPasswordResponse { login }))
    })
    .await?;
    let ended = std::mem::take(&mut *heard.lock().unwrap_or_else(PoisonError::into_inner));
    open::tell(identity, &ended).await;
    Ok(answer)
}

async fn set(
    identity: &Identity,
    uow: &mut UnitOfWork,
    reset: &password_reset::Model,
    account: &account::Model,
    password: String,
) -> Result<Vec<SessionId>, Status> {
    let now = identity.cx.clock.now();
    if !password_resets::use_up(uow.conn(), reset.password_reset_id, now)
        .await
        .map_err(from_db)?
    {
        return Err(unknown());
    }
    accounts::set_password(uow.conn(), account.account_id, password)
        .await
        .map_err(from_db)?;
    // Who guessed the old password does not lock its owner out of the new one.
    let guesses = identity.secrets.attempt(&account.login_key, None);
    attempts::clear(uow.conn(), &guesses)
        .await
        .map_err(from_db)?;
    let kind = SecurityKind::PasswordResetUsed;
    security::record(identity, uow, account.account_id, kind, Actor::Device("")).await?;
    open::end_all(identity, uow, account.account_id, None).await
}

/// The one answer for codes that are unknown, used, replaced or expired.
fn unknown() -> Status {
    Refusal::new(
        Code::NotFound,
        "RESET_CODE_UNKNOWN",
        "Код не найден, уже использован или истёк",
    )
    .into()
}
