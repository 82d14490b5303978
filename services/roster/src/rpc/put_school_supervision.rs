//! PutSchoolSupervision: deputies are put in charge of grades from today on, in the version
//! that the caller saw. Administrator, director. Announces what has changed.

use chassis::{idempotency, status};
use tonic::{Request, Status};
use zhurnal_proto::id::PersonId;
use zhurnal_proto::roster::v1 as pb;

use super::get_school_supervision::{may_decide, show};
use super::parse;
use crate::Roster;
use crate::announce;
use crate::domain::record::StaffMember;
use crate::domain::supervision::{self, Refusal, Wanted};
use crate::store::{staff, supervisions};

pub(super) async fn handle(
    roster: &Roster,
    request: Request<pb::PutSchoolSupervisionRequest>,
) -> Result<pb::PutSchoolSupervisionResponse, Status> {
    let (caller, request) = parse::accept(request)?;
    let permission = "roster.supervision.put";
    let (school, found) = parse::school(roster, &caller, permission, &request.school_id).await?;
    let wanted = wanted(&request.supervisors)?;
    let seen = chassis::etag::version(&request.etag);
    let now = roster.cx.clock.now();
    let today = roster.today(&found.time_zone);
    let key = idempotency::key(
        &caller.actor(),
        "PutSchoolSupervision",
        &request.request_id,
        &request,
    )?;
    idempotency::once(&roster.cx.db, &key, |mut uow| async move {
        let kept = supervisions::hold(uow.conn(), school).await;
        let kept = kept.map_err(status::from_db)?;
        let version = supervision::version(&kept);
        if seen != Some(version) {
            return Err(status::stale_etag(&chassis::etag::of(version)));
        }
        let present = staff::present(uow.conn(), school, today).await;
        check_people(&wanted, &present.map_err(status::from_db)?)?;
        let changed = supervision::put(&kept, &wanted, today, || roster.cx.ids.uuid());
        let all = [changed.ended, changed.begun].concat();
        let written = supervisions::put(uow.conn(), school, &all).await;
        written.map_err(status::from_db)?;
        announce::supervisions(&mut uow, now, school.id(), &all);
        let shown = show(uow.conn(), (school, &found), today).await;
        let supervision = Some(shown.map_err(status::from_db)?);
        Ok((uow, pb::PutSchoolSupervisionResponse { supervision }))
    })
    .await
}

fn wanted(supervisors: &[pb::Supervisor]) -> Result<Vec<Wanted>, Status> {
    let one = |(at, one): (usize, &pb::Supervisor)| -> Result<Wanted, Status> {
        let person_id: PersonId = parse::id(&field(at, "personId"), &one.person_id)?;
        let grade = |number: u32| u8::try_from(number).unwrap_or(u8::MAX);
        let grades = grade(one.grade_from)..=grade(one.grade_to);
        Ok(Wanted { person_id, grades })
    };
    let wanted: Vec<Wanted> = supervisors
        .iter()
        .enumerate()
        .map(one)
        .collect::<Result<_, _>>()?;
    supervision::check(&wanted).map_err(|refusal| match refusal {
        Refusal::GradeOrder(at) => {
            let message = "Последний класс не раньше первого";
            status::invalid_field(&field(at, "gradeTo"), "GRADE_ORDER", message)
        }
        Refusal::Overlap(at) => {
            let message = "Этот человек уже отвечает за один из этих классов";
            status::invalid_field(&field(at, "gradeFrom"), "OVERLAP", message)
        }
    })?;
    Ok(wanted)
}

fn check_people(wanted: &[Wanted], present: &[StaffMember]) -> Result<(), Status> {
    let is_able = |one: &Wanted| {
        let mut staff = present.iter();
        staff.any(|member| member.person_id == one.person_id && may_decide(member))
    };
    match wanted.iter().position(|one| !is_able(one)) {
        None => Ok(()),
        Some(at) => Err(status::invalid_field(
            &field(at, "personId"),
            "NOT_DEPUTY",
            "Решать могут заместители директора и директор, которые сейчас в штате",
        )),
    }
}

fn field(at: usize, name: &str) -> String {
    format!("supervisors[{at}].{name}")
}
