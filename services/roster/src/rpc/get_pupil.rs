//! One pupil with guardians and enrolments. The heads, the office and the class teacher;
//! legal representatives in force and the pupil; for everybody else the card does not exist.

use chassis::looks::Subject;
use chassis::status;
use tonic::{Request, Status};
use zhurnal_proto::identity::v1::LookRecord;
use zhurnal_proto::roster::v1 as pb;

use super::found_pupil::FoundPupil;
use super::list_pupils::pupil as shown;
use super::{convert, parse};
use crate::Roster;
use crate::store::{people, pupils};

pub(super) async fn handle(
    roster: &Roster,
    request: Request<pb::GetPupilRequest>,
) -> Result<pb::GetPupilResponse, Status> {
    let (caller, request) = parse::accept(request)?;
    let card = FoundPupil::find(roster, &caller, &request.pupil_id).await?;
    let pupil = card.pupil(roster).await?;
    let facts = card.facts_in_class(roster, &pupil).await?;
    let access = &roster.cx.access;
    access.check(&caller, "roster.pupils.get", &facts)?;

    let db = roster.cx.db.read();
    let (school, links) = (card.school, &card.links);
    let enrolments = pupils::enrolments(db, school, card.id)
        .await
        .map_err(status::from_db)?;
    let named = links.iter().map(|link| link.guardian_id).collect();
    let names = people::names(db, school, named)
        .await
        .map_err(status::from_db)?;
    let looks = &roster.cx.looks;
    looks.note(&caller, &facts, LookRecord::Card, [Subject::Pupil(card.id)]);
    Ok(pb::GetPupilResponse {
        pupil: Some(shown(school.id(), &pupil)),
        guardian_links: links
            .iter()
            .map(|link| convert::guardian_link(school.id(), link, names.get(&link.guardian_id)))
            .collect(),
        enrolments: enrolments
            .iter()
            .map(|one| convert::enrolment(school.id(), one))
            .collect(),
    })
}
