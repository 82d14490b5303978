//! DeleteConsent: a record that was entered by mistake goes.

use chassis::{idempotency, status};
use tonic::{Request, Status};
use zhurnal_proto::roster::v1 as pb;

use super::found_pupil::FoundPupil;
use super::{consent_entry, parse, pupil_card};
use crate::Roster;
use crate::store::consents;
use crate::store::registries::Change;

pub(super) async fn handle(
    roster: &Roster,
    request: Request<pb::DeleteConsentRequest>,
) -> Result<pb::DeleteConsentResponse, Status> {
    let (caller, request) = parse::accept(request)?;
    let card = FoundPupil::find(roster, &caller, &request.pupil_id).await?;
    let pupil = card.pupil(roster).await?;
    let facts = card.facts_in_class(roster, &pupil).await?;
    let access = &roster.cx.access;
    access.check(&caller, "roster.consents.put", &facts)?;

    let id = parse::id("consent_id", &request.consent_id)?;
    let seen = chassis::etag::version(&request.etag);
    let (school, pupil, by_name) = (card.school, card.id, pupil_card::by_name(&caller));
    let change = Change {
        by: caller.actor(),
        at: roster.cx.clock.now(),
    };
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
        let by = (&change, by_name.as_str());
        consent_entry::inform(roster, &mut uow, school, &known.consent, by).await?;
        Ok((uow, pb::DeleteConsentResponse {}))
    })
    .await
}
