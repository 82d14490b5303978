//! ChangePassword: a logged-in person changes the own password; all other
//! sessions of the account end.

use std::sync::{Mutex, PoisonError};

use chassis::access::Facts;
use chassis::caller::Caller;
use chassis::idempotency;
use chassis::status::{self, Refusal, from_db};
use tonic::{Code, Status};
use zhurnal_proto::identity::v1::{ChangePasswordRequest, ChangePasswordResponse, SecurityKind};

use crate::domain::password;
use crate::security::{self, Actor};
use crate::store::{accounts, password_resets};
use crate::{Identity, open, proof};

pub(super) async fn handle(
    identity: &Identity,
    caller: &Caller,
    request: ChangePasswordRequest,
) -> Result<ChangePasswordResponse, Status> {
    identity
        .cx
        .access
        .check(caller, "identity.me.changePassword", &Facts::own())?;
    let user = caller
        .user()
        .ok_or_else(|| status::unauthenticated("SESSION_ENDED"))?
        .clone();
    // The hash of what is remembered must not help to guess a password.
    let silent = ChangePasswordRequest {
        current_password: String::new(),
        new_password: String::new(),
        ..request.clone()
    };
    let key = idempotency::key(
        &caller.actor(),
        "ChangePassword",
        &request.request_id,
        &silent,
    )?;
    if let Some(first) = idempotency::find(&identity.cx.db, &key).await? {
        return prost::Message::decode(first.as_slice()).map_err(status::internal);
    }
    let (account, _, _) = super::get_me::present(identity, caller).await?;
    proof::password(
        identity,
        &account,
        request.current_password,
        "currentPassword",
    )
    .await?;
    check(&request.new_password, &account.login_key)?;
    let hash = identity.hasher.hash(request.new_password).await?;
    let ended = Mutex::new(Vec::new());
    let heard = &ended;
    let answer = idempotency::once(&identity.cx.db, &key, |mut uow| async move {
        accounts::set_password(uow.conn(), account.account_id, hash)
            .await
            .map_err(from_db)?;
        password_resets::revoke_of(uow.conn(), account.account_id, identity.cx.clock.now())
            .await
            .map_err(from_db)?;
        let kept = Some(user.session);
        let closed = open::end_all(identity, &mut uow, account.account_id, kept).await?;
        let kind = SecurityKind::PasswordChanged;
        let actor = Actor::Owner(&user);
        security::record(identity, &mut uow, account.account_id, kind, actor).await?;
        let ended_sessions = u32::try_from(closed.len()).unwrap_or(u32::MAX);
        heard
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .extend(closed);
        Ok((uow, ChangePasswordResponse { ended_sessions }))
    })
    .await?;
    open::tell(
        identity,
        &ended.into_inner().unwrap_or_else(PoisonError::into_inner),
    )
    .await;
    Ok(answer)
}

/// PASSWORD_WEAK of the field for a new password.
pub(super) fn check(new_password: &str, login_key: &str) -> Result<(), Status> {
    password::check(new_password, login_key).map_err(|weak| {
        let violation = status::violation("newPassword", "PASSWORD_WEAK", weak.to_string());
        Refusal::new(Code::InvalidArgument, "PASSWORD_WEAK", weak.to_string())
            .violation(violation)
            .into()
    })
}
