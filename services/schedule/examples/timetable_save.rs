//! How long a change of the timetable takes with its conflict check, for the sample school
//! 12: 42 classes, 1,289 weekly lessons, 648 loads, 1,100 pupils in their groups. Through the
//! service's whole stack, on SQLite and on PostgreSQL:
//!
//! ```text
//! cargo run --release -p schedule --example timetable_save
//! ```
#![allow(clippy::unwrap_used, clippy::print_stdout)]

#[allow(dead_code)] // The small plan is for the tests alone.
#[path = "../src/testing/plans.rs"]
mod plans;

use std::time::{Duration, Instant};

use chassis::caller::{Caller, User, UserKind};
use chassis::service::Service;
use chassis::testing::{Harness, TestDb};
use plans::{id, school_12};
use schedule::{Schedule, feed};
use uuid::Uuid;
use zhurnal_proto::id::{AccountId, PersonId, SchoolId, SessionId};
use zhurnal_proto::roster::v1 as roster;
use zhurnal_proto::schedule::v1 as pb;
use zhurnal_proto::schedule::v1::schedule_service_client::ScheduleServiceClient;
use zhurnal_proto::schedule::v1::timetable_operation::Action;

/// Changes of one lesson.
const ROUNDS: usize = 40;
/// Lessons of one large change.
const MANY: usize = 200;

#[tokio::main]
async fn main() {
    measure("SQLite", TestDb::sqlite(Schedule::migrations()).await).await;
    measure("PostgreSQL", TestDb::postgres(Schedule::migrations()).await).await;
}

async fn measure(name: &str, db: TestDb) {
    let harness = Harness::<Schedule>::on(db);
    let calls = |caller: &Caller| {
        ScheduleServiceClient::new(harness.caller(caller)).max_encoding_message_size(16 << 20)
    };
    let plan = school_12();
    enrol(&harness, &plan).await;
    let mut import = calls(&Caller::service("roster"));
    import.put_school_plan(plan).await.unwrap();
    harness.ignore_announced().await;

    let mut deputy = calls(&deputy());
    let school_id = id::<SchoolId>("school").to_string();
    let list = pb::ListTimetablesRequest {
        school_id: school_id.clone(),
        academic_year: String::new(),
    };
    let imported = deputy
        .list_timetables(list)
        .await
        .unwrap()
        .into_inner()
        .timetables
        .remove(0);
    let copy = pb::CreateTimetableRequest {
        school_id: school_id.clone(),
        source_timetable_id: imported.timetable_id,
        title: String::new(),
        request_id: request_id(0),
    };
    let mut draft = deputy
        .create_timetable(copy)
        .await
        .unwrap()
        .into_inner()
        .timetable
        .unwrap();
    let read = pb::GetTimetableVersionRequest {
        school_id: school_id.clone(),
        timetable_id: draft.timetable_id.clone(),
    };
    let entries = deputy
        .get_timetable_version(read)
        .await
        .unwrap()
        .into_inner()
        .entries;

    let mut change = async |lessons: &[pb::TimetableEntry], round: usize| {
        let weekday = u32::try_from(round % 5).unwrap() + 1;
        let request = pb::ChangeTimetableRequest {
            school_id: school_id.clone(),
            timetable_id: draft.timetable_id.clone(),
            etag: draft.etag.clone(),
            operations: lessons.iter().map(|one| moved(one, weekday)).collect(),
            request_id: request_id(round + 1),
        };
        let began = Instant::now();
        let answer = deputy.change_timetable(request).await.unwrap().into_inner();
        let took = began.elapsed();
        draft = answer.timetable.unwrap();
        (took, answer.check.unwrap().conflicts.len())
    };
    let mut single = Vec::new();
    for (round, entry) in entries.iter().take(ROUNDS).enumerate() {
        single.push(change(std::slice::from_ref(entry), round).await.0);
    }
    let (large, conflicts) = change(&entries[..MANY], ROUNDS).await;
    single.sort();
    println!(
        "{name}: {} lessons; one moved: median {:.1} ms, longest {:.1} ms of {ROUNDS}; {MANY} moved at once: {:.1} ms, {conflicts} conflicts told",
        entries.len(),
        ms(single[ROUNDS / 2]),
        ms(single[ROUNDS - 1]),
        ms(large),
    );
}

fn ms(took: Duration) -> f64 {
    took.as_secs_f64() * 1e3
}

fn moved(entry: &pb::TimetableEntry, weekday: u32) -> pb::TimetableOperation {
    pb::TimetableOperation {
        action: Some(Action::Move(pb::MoveTimetableEntry {
            timetable_entry_id: entry.timetable_entry_id.clone(),
            weekday,
            lesson_number: entry.lesson_number,
            week: 0,
        })),
    }
}

/// Pupils in the groups of their class: 26 a class, by turns in its parts.
async fn enrol(harness: &Harness<Schedule>, plan: &pb::PutSchoolPlanRequest) {
    let mut memberships = Vec::new();
    for (nth, group) in plan
        .groups
        .iter()
        .enumerate()
        .filter(|(_, group)| !group.class_id.is_empty())
    {
        let whole = group.title == title_of(plan, &group.class_id);
        for pupil in (0..26).filter(|pupil| whole || pupil % 2 == nth % 2) {
            memberships.push(roster::GroupMembership {
                school_id: plan.school_id.clone(),
                group_id: group.group_id.clone(),
                pupil_id: id::<PersonId>(&format!("{} {pupil}", group.class_id)).to_string(),
                starts_on: "2026-09-01".into(),
                ends_on: String::new(),
            });
        }
    }
    let event = roster::RosterEvent {
        occurred_at: None,
        school_id: plan.school_id.clone(),
        change: Some(roster::roster_event::Change::MembershipsChanged(
            roster::MembershipsChanged { memberships },
        )),
    };
    let mut uow = harness.cx().db.begin().await.unwrap();
    let now = harness.cx().clock.now();
    feed::apply(&mut uow, now, &event).await.unwrap();
    uow.commit().await.unwrap();
}

/// The shortest title of a group of the class is that of the class.
fn title_of<'a>(plan: &'a pb::PutSchoolPlanRequest, class: &str) -> &'a str {
    let of_class = plan.groups.iter().filter(|group| group.class_id == class);
    let titles = of_class.map(|group| group.title.as_str());
    titles.min_by_key(|title| title.len()).unwrap_or_default()
}

fn request_id(n: usize) -> String {
    Uuid::from_u128(0x0192_f0c1_0000_7000_8000_0000_0000_0000 + n as u128).to_string()
}

fn deputy() -> Caller {
    Caller::User(User {
        account: AccountId::from_uuid(Uuid::from_u128(1)),
        session: SessionId::from_uuid(Uuid::from_u128(2)),
        kind: UserKind::Staff,
        person: Some(PersonId::from_uuid(Uuid::from_u128(3))),
        persons: Vec::new(),
        school: Some(id("school")),
        roles: vec!["DEPUTY".into()],
        municipality: None,
        region: false,
        display: "Завуч".into(),
    })
}
