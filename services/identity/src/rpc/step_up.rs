//! StepUp: a logged-in person proves anew who is in the session, by a code of the second
//! factor or by the password where there is none; the session gets another id and another
//! secret. Announces SessionEnded and SecurityRecorded.

use chassis::access::Facts;
use chassis::caller::Caller;
use chassis::db::micros;
use chassis::server::PROOF_LIFE;
use chassis::status::{self, Refusal, from_db};
use tonic::{Code, Status};
use zhurnal_proto::identity::v1::{SecurityKind, StepUpRequest, StepUpResponse};

use crate::proof::{self, Used};
use crate::security::{self, Actor};
use crate::store::{second_factors, sessions};
use crate::{Identity, guess, open};

pub(super) async fn handle(
    identity: &Identity,
    caller: &Caller,
    request: StepUpRequest,
) -> Result<StepUpResponse, Status> {
    identity
        .cx
        .access
        .check(caller, "identity.sessions.stepUp", &Facts::own())?;
    let ended = || status::unauthenticated("SESSION_ENDED");
    let user = caller.user().ok_or_else(ended)?;
    let (account, place, places) = super::get_me::present(identity, caller).await?;
    let factor = second_factors::on(identity.cx.db.read(), account.account_id)
        .await
        .map_err(from_db)?;
    let subject = identity
        .secrets
        .factor_attempt(&proof::id_of(&account), None);
    match &factor {
        Some(_) if request.code.is_empty() => return Err(missing("code", "Введите код")),
        Some(_) => guess::code(identity, &subject).await?,
        None if request.password.is_empty() => {
            return Err(missing("password", "Введите пароль"));
        }
        None => proof::password(identity, &account, request.password, "password").await?,
    }

    let mut uow = identity.cx.db.begin().await.map_err(from_db)?;
    let used = match &factor {
        Some(factor) => {
            let code = &request.code;
            let used =
                proof::use_code(identity, uow.conn(), &account, factor, code, &subject).await?;
            Some(used.ok_or_else(proof::code_wrong)?)
        }
        None => None,
    };
    let before = sessions::by_id(uow.conn(), user.session.uuid())
        .await
        .map_err(from_db)?
        .ok_or_else(ended)?;
    let closed = open::end(identity, &mut uow, &[before.session_id]).await?;
    if closed.is_empty() {
        // Ended meanwhile: what is over cannot be raised.
        return Err(ended());
    }
    let opening = open::Opening {
        account: &account,
        place: &place,
        all: &places,
        device: &before.device,
        since_us: Some(before.created_us),
        secret: crate::secrets::fresh(&identity.cx.ids),
        proved_us: Some(micros(identity.cx.clock.now())),
    };
    let session = open::session(identity, &uow, opening).await?;
    let mut kinds = vec![SecurityKind::SteppedUp];
    kinds.extend((used == Some(Used::Recovery)).then_some(SecurityKind::RecoveryCodeUsed));
    for kind in kinds {
        let actor = Actor::Device(&before.device);
        security::record(identity, &mut uow, account.account_id, kind, actor).await?;
    }
    uow.commit().await.map_err(from_db)?;
    open::tell(identity, &closed).await;
    Ok(StepUpResponse {
        session: Some(session),
        expires_in_seconds: u32::try_from(PROOF_LIFE.as_secs()).unwrap_or(300),
    })
}

fn missing(field: &str, text: &str) -> Status {
    let violation = status::violation(field, "PROOF_MISSING", text);
    Refusal::new(Code::InvalidArgument, "PROOF_MISSING", text)
        .violation(violation)
        .into()
}
