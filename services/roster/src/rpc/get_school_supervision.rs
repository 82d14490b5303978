//! GetSchoolSupervision: who decides on corrections of which grades, and who could. The
//! school's staff, the region's administrators.

use std::collections::{BTreeSet, HashMap};

use chassis::status;
use jiff::civil::Date;
use sea_orm::{ConnectionTrait, DbErr};
use tonic::{Request, Status};
use zhurnal_proto::id::PersonId;
use zhurnal_proto::roster::v1 as pb;

use super::{convert, parse};
use crate::Roster;
use crate::domain::duty::Duty;
use crate::domain::record::{self, Name, StaffMember, Supervision};
use crate::domain::supervision;
use crate::domain::text::sort_key;
use crate::store::{School, classes, people, staff, supervisions};

pub(super) async fn handle(
    roster: &Roster,
    request: Request<pb::GetSchoolSupervisionRequest>,
) -> Result<pb::GetSchoolSupervisionResponse, Status> {
    let (caller, request) = parse::accept(request)?;
    let permission = "roster.supervision.get";
    let (school, found) = parse::school(roster, &caller, permission, &request.school_id).await?;
    let db = roster.cx.db.read();
    let today = roster.today(&found.time_zone);
    let shown = show(db, (school, &found), today).await;
    Ok(pb::GetSchoolSupervisionResponse {
        supervision: Some(shown.map_err(status::from_db)?),
    })
}

/// Who may be put in charge: deputy directors and directors of the day's staff.
pub(super) fn may_decide(member: &StaffMember) -> bool {
    let decides = |duty: &Duty| matches!(duty, Duty::Deputy | Duty::Director);
    member.duties.iter().any(decides)
}

/// What is shown of a day.
pub(super) async fn show(
    conn: &impl ConnectionTrait,
    (school, found): (School, &record::School),
    today: Date,
) -> Result<pb::SchoolSupervision, DbErr> {
    let kept = supervisions::all(conn, school).await?;
    let present = staff::present(conn, school, today).await?;
    let classes = classes::of_year(conn, school, &found.academic_year).await?;
    let in_charge = |one: &&Supervision| one.is_in_force(today);
    let decides = |member: &&StaffMember| may_decide(member);
    let shown = kept.iter().filter(in_charge).map(|one| one.person_id);
    let able = present.iter().filter(decides).map(|one| one.person_id);
    let names = people::names(conn, school, shown.chain(able).collect()).await?;
    let beside = Beside {
        names,
        posts: present
            .iter()
            .map(|one| (one.person_id, &one.post))
            .collect(),
    };

    let mut supervisors: Vec<_> = kept
        .iter()
        .filter(in_charge)
        .map(|one| (one.grade_from, beside.key(one.person_id), one))
        .collect();
    supervisors.sort_by(|a, b| (a.0, &a.1).cmp(&(b.0, &b.1)));
    let mut candidates: Vec<_> = present
        .iter()
        .filter(decides)
        .map(|one| (beside.key(one.person_id), one))
        .collect();
    candidates.sort_by(|a, b| a.0.cmp(&b.0));
    let grades: BTreeSet<u8> = classes.iter().map(|class| class.grade).collect();
    let is_free = |grade: &&u8| {
        let covers = |one: &Supervision| one.grades().contains(*grade);
        !kept.iter().filter(in_charge).any(covers)
    };
    Ok(pb::SchoolSupervision {
        school_id: school.id().to_string(),
        supervisors: supervisors
            .into_iter()
            .map(|(_, _, one)| beside.supervisor(one))
            .collect(),
        candidates: candidates
            .into_iter()
            .map(|(_, one)| beside.candidate(one))
            .collect(),
        director_grades: grades
            .iter()
            .filter(is_free)
            .map(|grade| u32::from(*grade))
            .collect(),
        etag: chassis::etag::of(supervision::version(&kept)),
    })
}

/// Names and posts of those who are shown.
struct Beside<'a> {
    names: HashMap<PersonId, Name>,
    posts: HashMap<PersonId, &'a String>,
}

impl Beside<'_> {
    fn key(&self, person: PersonId) -> (String, PersonId) {
        let name = self.names.get(&person);
        let text = name.map(|it| {
            sort_key(&format!(
                "{} {} {}",
                it.surname, it.given_name, it.patronymic
            ))
        });
        (text.unwrap_or_default(), person)
    }

    fn supervisor(&self, one: &Supervision) -> pb::Supervisor {
        pb::Supervisor {
            person_id: one.person_id.to_string(),
            grade_from: one.grade_from.into(),
            grade_to: one.grade_to.into(),
            name: self.names.get(&one.person_id).map(convert::name),
            post: self
                .posts
                .get(&one.person_id)
                .map(|&it| it.clone())
                .unwrap_or_default(),
            starts_on: one.starts_on.to_string(),
        }
    }

    fn candidate(&self, member: &StaffMember) -> pb::SupervisionCandidate {
        pb::SupervisionCandidate {
            person_id: member.person_id.to_string(),
            name: self.names.get(&member.person_id).map(convert::name),
            post: member.post.clone(),
        }
    }
}
