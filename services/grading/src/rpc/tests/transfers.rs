//! A pupil who goes to another school of the region: the diary follows the enrolment,
//! what was recorded stays the pupil's.

use chassis::caller::{Caller, User};
use tonic::Code;
use zhurnal_proto::{
    grading::v1 as pb,
    id::{EnrolmentId, SchoolId},
    roster::v1::{self as roster, roster_event::Change},
};

use crate::{feed, testing::*};

fn second() -> SchoolId {
    SchoolId::from_uuid(uuid(2))
}

fn enrolment(school: SchoolId, starts_on: &str, ends_on: &str) -> roster::Enrolment {
    let id = if school == second() { 20_000 } else { 10_000 };
    roster::Enrolment {
        enrolment_id: EnrolmentId::from_uuid(uuid(PUPIL + id)).to_string(),
        school_id: school.to_string(),
        pupil_id: person(PUPIL).to_string(),
        class_id: class_id(CLASS_5A),
        starts_on: starts_on.into(),
        ends_on: ends_on.into(),
        ..Default::default()
    }
}

async fn hear(world: &World, school: SchoolId, change: Change) {
    let event = roster::WatchRosterEventsResponse {
        event: Some(roster::RosterEvent {
            occurred_at: None,
            school_id: school.to_string(),
            change: Some(change),
        }),
        cursor: "e1.8".into(),
    };
    let consumer = feed::Roster::new(&world.grading);
    world.apply(consumer, event).await.unwrap();
}

async fn enrolled(world: &World, school: SchoolId, one: roster::Enrolment) {
    let change = roster::EnrolmentsChanged {
        enrolments: vec![one],
    };
    hear(world, school, Change::EnrolmentsChanged(change)).await;
}

/// Marks of the diary week, or the code of the refusal.
async fn marks(mut client: Client) -> Result<Vec<String>, Code> {
    let request = pb::GetDiaryWeekRequest {
        pupil_id: person(PUPIL).to_string(),
        date: "2026-09-01".into(),
    };
    let week = client.get_diary_week(request).await;
    let week = week.map_err(|refused| refused.code())?.into_inner().week;
    let lessons = week.unwrap().days.into_iter().flat_map(|day| day.lessons);
    Ok(lessons
        .filter_map(|lesson| lesson.cell)
        .flat_map(|cell| cell.marks)
        .map(|mark| mark.value)
        .collect())
}

#[tokio::test]
async fn the_diary_follows_the_pupil_to_another_school_with_the_marks() {
    let world = World::sqlite().await;
    world.record(vec![mark(PUPIL, "5")]).await;
    world.harness.ignore_announced().await;
    let director = |school: SchoolId| {
        world.client(&Caller::User(User {
            school: Some(school),
            ..staff(DIRECTOR, &["DIRECTOR"])
        }))
    };
    let five = vec!["5".to_owned()];
    assert_eq!(marks(director(school())).await, Ok(five.clone()));

    enrolled(
        &world,
        school(),
        enrolment(school(), "2026-08-30", "2026-09-02"),
    )
    .await;
    assert_eq!(
        marks(director(school())).await,
        Ok(five.clone()),
        "nobody has admitted the pupil yet"
    );
    enrolled(&world, second(), enrolment(second(), "2026-09-03", "")).await;
    assert_eq!(marks(director(school())).await, Err(Code::NotFound));
    assert_eq!(marks(director(second())).await, Ok(five.clone()));
    assert_eq!(
        marks(world.family(&[MOTHER])).await,
        Err(Code::NotFound),
        "whose guardian she is says the present school"
    );
    let link = roster::GuardianLink {
        school_id: second().to_string(),
        ..guardian(MOTHER, PUPIL, true)
    };
    let links = roster::GuardianLinksChanged {
        guardian_links: vec![link],
    };
    hear(&world, second(), Change::GuardianLinksChanged(links)).await;
    assert_eq!(marks(world.family(&[MOTHER])).await, Ok(five.clone()));

    // Both orders were reversed.
    enrolled(
        &world,
        second(),
        enrolment(second(), "2026-09-03", "0001-01-01"),
    )
    .await;
    enrolled(&world, school(), enrolment(school(), "2026-08-30", "")).await;
    assert_eq!(marks(director(school())).await, Ok(five));
    assert_eq!(marks(director(second())).await, Err(Code::NotFound));
}

#[tokio::test]
async fn a_withdrawn_membership_is_on_no_page() {
    let world = World::sqlite().await;
    let members = async || {
        let page = world.page(&mut world.teacher()).await.unwrap();
        page.rows.len()
    };
    let before = members().await;
    let entered = |ends_on: &str| {
        Change::MembershipsChanged(roster::MembershipsChanged {
            memberships: vec![membership(GROUP_5A, STRANGER, "2026-09-01", ends_on)],
        })
    };
    world.hear_roster(entered("")).await;
    assert_eq!(members().await, before + 1);
    world.hear_roster(entered("0001-01-01")).await;
    assert_eq!(members().await, before);
}
