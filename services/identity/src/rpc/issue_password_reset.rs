//! IssuePasswordReset: whoever answers for a person gives a code for a new password;
//! the person reads in the security log who did.

use chassis::caller::Caller;
use chassis::db::micros;
use chassis::idempotency;
use chassis::status::{self, from_db};
use jiff::SignedDuration;
use tonic::Status;
use zhurnal_proto::identity::v1::{
    IssuePasswordResetRequest, IssuePasswordResetResponse, IssuedPasswordReset, SecurityKind,
};

use super::{account_of, convert};
use crate::domain::code;
use crate::security::{self, Actor};
use crate::store::entity::password_reset;
use crate::store::password_resets;
use crate::{Identity, who};

pub(super) async fn handle(
    identity: &Identity,
    caller: &Caller,
    request: IssuePasswordResetRequest,
) -> Result<IssuePasswordResetResponse, Status> {
    let (school, person) = (&request.school_id, &request.person_id);
    let permission = "identity.passwordResets.issue";
    let found = account_of::checked(identity, caller, permission, school, person).await?;
    let by = caller.user().map_or("", |u| u.display.as_str());
    let actor = caller.actor();
    let key = idempotency::key(&actor, "IssuePasswordReset", &request.request_id, &request)?;
    // The remembered answer holds no code: it follows from the service's key, the request
    // and the card.
    let parts = [person.as_str(), request.request_id.as_str()];
    let plain = code::from_bytes(&identity.secrets.derive(b"password reset", &parts));
    let normal = code::normalise(&plain)
        .ok_or_else(|| status::internal(anyhow::anyhow!("own code is not readable")))?;
    let code_hash = identity.secrets.reset(&normal).to_vec();
    let account_id = found.account.account_id;
    let answer = idempotency::once(&identity.cx.db, &key, |mut uow| async move {
        let now = identity.cx.clock.now();
        let expires = now + SignedDuration::from_hours(24 * code::RESET_LIFETIME_DAYS);
        password_resets::revoke_of(uow.conn(), account_id, now)
            .await
            .map_err(from_db)?;
        let row = password_reset::Model {
            password_reset_id: identity.cx.ids.uuid(),
            account_id,
            code_hash,
            issued_us: micros(now),
            expires_us: micros(expires),
            used_us: None,
            revoked_us: None,
        };
        password_resets::insert(uow.conn(), row)
            .await
            .map_err(from_db)?;
        let kind = SecurityKind::PasswordResetIssued;
        security::record(identity, &mut uow, account_id, kind, Actor::Other(by)).await?;
        let issued = IssuedPasswordReset {
            name: Some(who::person_name(&found.card)),
            expires_at: Some(convert::timestamp(expires)),
            ..Default::default()
        };
        let answer = IssuePasswordResetResponse {
            password_reset: Some(issued),
        };
        Ok((uow, answer))
    })
    .await?;
    let address = format!("{}/reset?code={plain}", identity.config.public_url);
    let qr_svg = convert::qr(&address)?;
    Ok(IssuePasswordResetResponse {
        password_reset: answer.password_reset.map(|issued| IssuedPasswordReset {
            code: plain,
            qr_svg,
            ..issued
        }),
    })
}
