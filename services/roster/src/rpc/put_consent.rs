//! PutConsent: a signed paper is recorded under the client's id, or its record corrected
//! in the version that the caller saw.

use chassis::db::{UnitOfWork, is_unique_violation};
use chassis::{idempotency, status};
use tonic::{Request, Status};
use zhurnal_proto::roster::v1 as pb;

use super::found_pupil::FoundPupil;
use super::{consent_entry, parse, pupil_card};
use crate::Roster;
use crate::domain::consent::{Consent, may_sign};
use crate::store::consents::{self, Kept};
use crate::store::registries::Change;
use crate::store::{School, people};

pub(super) async fn handle(
    roster: &Roster,
    request: Request<pb::PutConsentRequest>,
) -> Result<pb::PutConsentResponse, Status> {
    let (caller, request) = parse::accept(request)?;
    let card = FoundPupil::find(roster, &caller, &request.pupil_id).await?;
    let pupil = card.pupil(roster).await?;
    let facts = card.facts_in_class(roster, &pupil).await?;
    let access = &roster.cx.access;
    access.check(&caller, "roster.consents.put", &facts)?;

    let id = parse::id("consent_id", &request.consent_id)?;
    let about = request.consent.clone().unwrap_or_default();
    let consent = consent_entry::wanted(id, card.id, &about)?;
    let broken = consent.broken(card.today);
    if !broken.is_empty() {
        let violations = broken.into_iter().map(|(field, rule, message)| {
            status::violation(format!("consent.{field}"), rule, message)
        });
        return Err(status::invalid(violations));
    }
    may_sign(
        consent.signer,
        (card.id, pupil.birth_date),
        &card.links,
        consent.signed_on,
    )
    .map_err(consent_entry::cannot_sign)?;

    let (seen, school) = (chassis::etag::version(&request.etag), card.school);
    let change = Change {
        by: caller.actor(),
        at: roster.cx.clock.now(),
    };
    let by_name = pupil_card::by_name(&caller);
    let key = idempotency::key(&caller.actor(), "PutConsent", &request.request_id, &request)?;
    idempotency::once(&roster.cx.db, &key, |mut uow| async move {
        let kept = write(&uow, school, consent, seen, &change).await?;
        let by = (&change, by_name.as_str());
        consent_entry::inform(roster, &mut uow, school, &kept.consent, by).await?;
        let names = people::names(uow.conn(), school, vec![kept.consent.signer])
            .await
            .map_err(status::from_db)?;
        let consent = Some(consent_entry::show(&kept, &names));
        Ok((uow, pb::PutConsentResponse { consent }))
    })
    .await
}

async fn write(
    uow: &UnitOfWork,
    school: School,
    consent: Consent,
    seen: Option<i64>,
    change: &Change,
) -> Result<Kept, Status> {
    let known = consents::lock(uow.conn(), school, consent.id)
        .await
        .map_err(status::from_db)?;
    let (written, kept) = match (known, seen) {
        (None, None) => {
            let kept = Kept {
                consent,
                version: 1,
            };
            (consents::add(uow.conn(), school, &kept, change).await, kept)
        }
        (None, Some(_)) => return Err(status::not_found("Consent")),
        (Some(known), seen) if seen != Some(known.version) => {
            return Err(status::stale_etag(&chassis::etag::of(known.version)));
        }
        (Some(known), _)
            if (known.consent.pupil, known.consent.kind) != (consent.pupil, consent.kind) =>
        {
            return Err(status::precondition(
                "CONSENT_DIFFERS",
                "Эта запись о другом ученике или о другом согласии",
            ));
        }
        (Some(known), _) => {
            let kept = Kept {
                consent,
                version: known.version + 1,
            };
            (
                consents::replace(uow.conn(), school, &kept, change).await,
                kept,
            )
        }
    };
    written.map_err(|error| {
        if is_unique_violation(&error) {
            status::precondition(
                "CONSENT_EXISTS",
                "Такая бумага этого человека уже записана: исправьте или отзовите её",
            )
        } else {
            status::from_db(error)
        }
    })?;
    Ok(kept)
}
