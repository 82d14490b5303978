//! DeleteConsent: a record that was entered by mistake goes.

use chassis::{idempotency, status};
use tonic::{Request, Status};
use zhurnal_proto::roster::v1 as pb;

use super::pupil_card::PupilCard;
use super::{consent_entry, parse};
use crate::Roster;
use crate::store::consents;

pub(super) async fn handle(
    roster: &Roster,
    request: Request<pb::DeleteConsentRequest>,
) -> Result<pb::DeleteConsentResponse, Status> {
    let (caller, request) = parse::accept(request)?;
    let card = PupilCard::find(roster, &caller, &request.pupil_id).await?;
    let pupil = card.pupil(roster).await?;
    let facts = card.facts_in_class(roster, &pupil).await?;
    let access = &roster.cx.access;
    access.check(&caller, "roster.consents.put", &facts)?;

    let id = parse::id("consent_id", &request.consent_id)?;
    let seen = chassis::etag::version(&request.etag);
    let (school, pupil, now) = (card.school, card.id, roster.cx.clock.now());
    let key = idempotency::key(
        &caller.actor(),
        "DeleteConsent",
        &request.request_id,
        &request,
    )?;
    idempotency::once(&roster.cx.db, &key, |mut uow| async move {
        let known = consents::lock(uow.conn(), school, id)
            .await
            .map_err(status::from_db)?
            .filter(|known| known.consent.pupil == pupil)
            .ok_or_else(|| status::not_found("Consent"))?;
        if seen != Some(known.version) {
            return Err(status::stale_etag(&chassis::etag::of(known.version)));
        }
        consents::remove(uow.conn(), school, id)
            .await
            .map_err(status::from_db)?;
        consent_entry::inform(&mut uow, school, &known.consent, now).await?;
        Ok((uow, pb::DeleteConsentResponse {}))
    })
    .await
}
