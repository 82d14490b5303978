//! RegenerateRecoveryCodes: a logged-in person, with password and code, gets ten new
//! recovery codes; the earlier ones end.

use chassis::caller::Caller;
use chassis::idempotency;
use tonic::Status;
use zhurnal_proto::identity::v1::{
    RegenerateRecoveryCodesRequest, RegenerateRecoveryCodesResponse, SecurityKind,
};

use super::{on, own, put_recovery, recovery_codes};
use crate::security::{self, Actor};
use crate::{Identity, guess, proof};

pub(in crate::rpc) async fn handle(
    identity: &Identity,
    caller: &Caller,
    request: RegenerateRecoveryCodesRequest,
) -> Result<RegenerateRecoveryCodesResponse, Status> {
    let permission = "identity.secondFactor.regenerateCodes";
    let (user, account, _) = own(identity, caller, permission).await?;
    let silent = RegenerateRecoveryCodesRequest {
        password: String::new(),
        code: String::new(),
        ..request.clone()
    };
    let (actor, id) = (caller.actor(), &request.request_id);
    let key = idempotency::key(&actor, "RegenerateRecoveryCodes", id, &silent)?;
    let recovery_codes = recovery_codes(identity, &account, id);
    if idempotency::find(&identity.cx.db, &key).await?.is_some() {
        return Ok(RegenerateRecoveryCodesResponse { recovery_codes });
    }
    let factor = on(identity.cx.db.read(), &account).await?;
    proof::password(identity, &account, request.password, "password").await?;
    let subject = identity
        .secrets
        .factor_attempt(&proof::id_of(&account), None);
    guess::code(identity, &subject).await?;
    let kept = &recovery_codes;
    idempotency::once(&identity.cx.db, &key, |mut uow| async move {
        let code = &request.code;
        proof::use_code(identity, uow.conn(), &account, &factor, code, &subject)
            .await?
            .ok_or_else(proof::code_wrong)?;
        put_recovery(identity, uow.conn(), &account, kept).await?;
        let kind = SecurityKind::RecoveryCodesMade;
        let actor = Actor::Owner(&user);
        security::record(identity, &mut uow, account.account_id, kind, actor).await?;
        Ok((uow, RegenerateRecoveryCodesResponse::default()))
    })
    .await?;
    Ok(RegenerateRecoveryCodesResponse { recovery_codes })
}
