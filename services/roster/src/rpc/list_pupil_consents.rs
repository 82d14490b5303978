//! ListPupilConsents: what was signed about one pupil.

use chassis::looks::Subject;
use chassis::status;
use tonic::{Request, Status};
use zhurnal_proto::identity::v1::LookRecord;
use zhurnal_proto::roster::v1 as pb;

use super::found_pupil::FoundPupil;
use super::{consent_entry, parse};
use crate::Roster;
use crate::store::{consents, people};

pub(super) async fn handle(
    roster: &Roster,
    request: Request<pb::ListPupilConsentsRequest>,
) -> Result<pb::ListPupilConsentsResponse, Status> {
    let (caller, request) = parse::accept(request)?;
    let card = FoundPupil::find(roster, &caller, &request.pupil_id).await?;
    let pupil = card.pupil(roster).await?;
    let facts = card.facts_in_class(roster, &pupil).await?;
    let access = &roster.cx.access;
    access.check(&caller, "roster.consents.get", &facts)?;

    let db = roster.cx.db.read();
    let kept = consents::of_pupils(db, card.school, &[card.id])
        .await
        .map_err(status::from_db)?;
    let named = consent_entry::named(&kept, &card.links);
    let names = people::names(db, card.school, named)
        .await
        .map_err(status::from_db)?;
    let kept: Vec<_> = kept.iter().collect();
    let mut shown = consent_entry::of_pupil(&pupil, &kept, &card.links, &names, card.today);
    for (consent, kept) in shown.consents.iter_mut().zip(&kept) {
        consent.own = consent_entry::is_own(&caller, kept.consent.signer);
    }
    let looks = &roster.cx.looks;
    looks.note(&caller, &facts, LookRecord::Card, [Subject::Pupil(card.id)]);
    Ok(pb::ListPupilConsentsResponse {
        consents: Some(shown),
    })
}
