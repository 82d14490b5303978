//! ListClassConsents: the pupils of a class with the consents about them.

use chassis::access::Facts;
use chassis::looks::Subject;
use chassis::status;
use tonic::{Request, Status};
use zhurnal_proto::id::{ClassId, PersonId, SchoolId};
use zhurnal_proto::identity::v1::LookRecord;
use zhurnal_proto::roster::v1 as pb;

use super::{consent_entry, parse};
use crate::Roster;
use crate::store::pupils::{self, Wanted};
use crate::store::{School, classes, consents, guardians, people, schools};

/// No class has as many pupils.
const PUPILS: u64 = 200;

pub(super) async fn handle(
    roster: &Roster,
    request: Request<pb::ListClassConsentsRequest>,
) -> Result<pb::ListClassConsentsResponse, Status> {
    let (caller, request) = parse::accept(request)?;
    let school_id: SchoolId = parse::id("school_id", &request.school_id)?;
    let class_id: ClassId = parse::id("class_id", &request.class_id)?;
    let db = roster.cx.db.read();
    let school = School::to_decide(school_id);
    let class = classes::get(db, school, class_id)
        .await
        .map_err(status::from_db)?
        .ok_or_else(|| status::not_found("Class"))?;
    let facts = Facts::object("Class", class_id, school_id).class_teachers(class.class_teacher_id);
    let access = &roster.cx.access;
    access.check(&caller, "roster.consents.list", &facts)?;

    let found = schools::get(db, school).await.map_err(status::from_db)?;
    let found = found.ok_or_else(|| status::not_found("Class"))?;
    let today = roster.today(&found.time_zone);
    let wanted = Wanted {
        day: roster.present_day(&found),
        class: Some(class_id),
        search: "",
    };
    let pupils = pupils::page(db, school, wanted, None, PUPILS)
        .await
        .map_err(status::from_db)?;
    let ids: Vec<PersonId> = pupils.iter().map(|pupil| pupil.id).collect();
    let kept = consents::of_pupils(db, school, &ids)
        .await
        .map_err(status::from_db)?;
    let links = guardians::of_pupils(db, school, &ids)
        .await
        .map_err(status::from_db)?;
    let names = people::names(db, school, consent_entry::named(&kept, &links))
        .await
        .map_err(status::from_db)?;
    let looks = &roster.cx.looks;
    looks.note(
        &caller,
        &facts,
        LookRecord::Card,
        [Subject::Class(class_id)],
    );
    let shown = pupils.iter().map(|pupil| {
        let about: Vec<_> = kept
            .iter()
            .filter(|one| one.consent.pupil == pupil.id)
            .collect();
        let own: Vec<_> = links
            .iter()
            .filter(|link| link.pupil_id == pupil.id)
            .cloned()
            .collect();
        consent_entry::of_pupil(pupil, &about, &own, &names, today)
    });
    Ok(pb::ListClassConsentsResponse {
        class_title: class.title,
        pupils: shown.collect(),
    })
}
