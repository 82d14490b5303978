//! RemoveSecondFactor: a logged-in person, with password and code, goes back to the
//! password alone, where no role of the account demands more.

use chassis::caller::Caller;
use chassis::idempotency;
use chassis::status::{self, from_db};
use tonic::Status;
use zhurnal_proto::identity::v1::{
    RemoveSecondFactorRequest, RemoveSecondFactorResponse, SecurityKind,
};

use super::{is_required, off, on, own, shown};
use crate::security::{self, Actor};
use crate::store::second_factors;
use crate::{Identity, guess, proof};

pub(in crate::rpc) async fn handle(
    identity: &Identity,
    caller: &Caller,
    request: RemoveSecondFactorRequest,
) -> Result<RemoveSecondFactorResponse, Status> {
    let (user, account, places) = own(identity, caller, "identity.secondFactor.remove").await?;
    let silent = RemoveSecondFactorRequest {
        password: String::new(),
        code: String::new(),
        ..request.clone()
    };
    let actor = caller.actor();
    let key = idempotency::key(&actor, "RemoveSecondFactor", &request.request_id, &silent)?;
    if let Some(first) = idempotency::find(&identity.cx.db, &key).await? {
        return prost::Message::decode(first.as_slice()).map_err(status::internal);
    }
    if is_required(identity, &places) {
        return Err(status::precondition(
            "SECOND_FACTOR_REQUIRED",
            "Ваша роль требует второго фактора: отключить его нельзя",
        ));
    }
    let factor = on(identity.cx.db.read(), &account).await?;
    proof::password(identity, &account, request.password, "password").await?;
    let subject = identity
        .secrets
        .factor_attempt(&proof::id_of(&account), None);
    guess::code(identity, &subject).await?;
    let places = &places;
    idempotency::once(&identity.cx.db, &key, |mut uow| async move {
        let code = &request.code;
        proof::use_code(identity, uow.conn(), &account, &factor, code, &subject)
            .await?
            .ok_or_else(proof::code_wrong)?;
        if !second_factors::remove(uow.conn(), account.account_id)
            .await
            .map_err(from_db)?
        {
            return Err(off());
        }
        let kind = SecurityKind::SecondFactorOff;
        let actor = Actor::Owner(&user);
        security::record(identity, &mut uow, account.account_id, kind, actor).await?;
        let second_factor = shown(identity, uow.conn(), &account, places).await?;
        let answer = RemoveSecondFactorResponse {
            second_factor: Some(second_factor),
        };
        Ok((uow, answer))
    })
    .await
}
