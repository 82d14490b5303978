//! One pupil with guardians and enrolments. Staff of the school; legal representatives
//! in force and the pupil; for everybody else the card does not exist.

use chassis::access::Facts;
use chassis::caller::Caller;
use chassis::looks::Subject;
use chassis::status;
use tonic::{Request, Status};
use zhurnal_proto::id::{PersonId, SchoolId};
use zhurnal_proto::identity::v1::LookRecord;
use zhurnal_proto::roster::v1 as pb;

use super::list_pupils::pupil as shown;
use super::{convert, parse};
use crate::Roster;
use crate::store::{School, guardians, people, pupils, schools};

const NO_PUPIL: &str = "Pupil";

pub(super) async fn handle(
    roster: &Roster,
    request: Request<pb::GetPupilRequest>,
) -> Result<pb::GetPupilResponse, Status> {
    let (caller, request) = parse::accept(request)?;
    let id: PersonId = parse::id("pupil_id", &request.pupil_id)?;
    let db = roster.cx.db.read();
    let schools_of = people::schools_of(db, id).await.map_err(status::from_db)?;
    let school = School::to_decide(
        of_caller(&caller, &schools_of).ok_or_else(|| status::not_found(NO_PUPIL))?,
    );
    let links = guardians::of_pupil(db, school, id)
        .await
        .map_err(status::from_db)?;
    let found = schools::get(db, school).await.map_err(status::from_db)?;
    let found = found.ok_or_else(|| status::not_found(NO_PUPIL))?;
    let today = roster.today(&found.time_zone);
    let representatives = links
        .iter()
        .filter(|link| link.is_representative && guardians::in_force(link, today));
    let facts = Facts::object(NO_PUPIL, id, school.id())
        .pupil(id)
        .guardians(representatives.map(|link| link.guardian_id));
    roster
        .cx
        .access
        .check(&caller, "roster.pupils.get", &facts)?;

    let pupil = pupils::get(db, school, id, roster.present_day(&found))
        .await
        .map_err(status::from_db)?;
    let pupil = pupil.ok_or_else(|| status::not_found(NO_PUPIL))?;
    let enrolments = pupils::enrolments(db, school, id)
        .await
        .map_err(status::from_db)?;
    let named = links.iter().map(|link| link.guardian_id).collect();
    let names = people::names(db, school, named)
        .await
        .map_err(status::from_db)?;
    let looks = &roster.cx.looks;
    looks.note(&caller, &facts, LookRecord::Card, [Subject::Pupil(id)]);
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

/// Of the schools that know the card the caller's own, else that of the newest enrolment.
fn of_caller(caller: &Caller, schools: &[SchoolId]) -> Option<SchoolId> {
    let own = caller.user().and_then(|user| user.school);
    own.filter(|own| schools.contains(own))
        .or_else(|| schools.first().copied())
}
