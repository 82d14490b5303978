//! Following schedule's feed.

use chassis::caller::Caller;
use futures::StreamExt;
use tonic::Code;
use zhurnal_proto::id::SchoolId;
use zhurnal_proto::schedule::v1 as pb;
use zhurnal_proto::schedule::v1::schedule_event::Change;

use crate::testing::{Calls, World, a_plan, id, refused, text};

/// The events up to now, with the cursor after each.
async fn events(
    mut calls: Calls,
    request: pb::WatchScheduleEventsRequest,
) -> Vec<(pb::ScheduleEvent, String)> {
    let mut stream = calls
        .watch_schedule_events(request)
        .await
        .unwrap()
        .into_inner();
    let mut events = Vec::new();
    while let Some(next) = stream.next().await {
        let next = next.unwrap();
        match next.event {
            Some(event) => events.push((event, next.cursor)),
            None => break,
        }
    }
    events
}

async fn two_schools() -> World {
    let world = World::empty().await;
    world.put(a_plan()).await;
    world
        .put(pb::PutSchoolPlanRequest {
            school_id: text::<SchoolId>("other school"),
            ..a_plan()
        })
        .await;
    world.harness.ignore_announced().await;
    world
}

fn kinds(events: &[(pb::ScheduleEvent, String)]) -> Vec<(&str, String)> {
    let kind = |event: &pb::ScheduleEvent| match event.change {
        Some(Change::CalendarChanged(_)) => "calendar",
        Some(Change::TeachingLoadsChanged(_)) => "loads",
        Some(Change::LessonsChanged(_)) => "lessons",
        Some(Change::LessonPlanChanged(_)) => "lesson plan",
        Some(Change::StudyDocumentChanged(_)) => "study document",
        Some(Change::LessonAltered(_)) => "altered lesson",
        Some(Change::DayChanged(_)) => "day",
        Some(Change::SchoolEventChanged(_)) => "school_event",
        None => "nothing",
    };
    events
        .iter()
        .map(|(event, _)| (kind(event), event.school_id.clone()))
        .collect()
}

#[tokio::test]
async fn a_service_follows_all_schools_and_goes_on_from_a_cursor() {
    let world = two_schools().await;
    let calls = || world.calls(&Caller::service("grading"));
    let all = events(calls(), pb::WatchScheduleEventsRequest::default()).await;
    let of = |school: &str| {
        let school = text::<SchoolId>(school);
        [
            ("calendar", school.clone()),
            ("loads", school.clone()),
            ("lessons", school),
        ]
    };
    assert_eq!(kinds(&all), [of("school"), of("other school")].concat());
    let rest = pb::WatchScheduleEventsRequest {
        cursor: all[2].1.clone(),
        ..Default::default()
    };
    assert_eq!(events(calls(), rest).await, all[3..]);
}

#[tokio::test]
async fn one_schools_events_are_had_alone() {
    let world = two_schools().await;
    let request = pb::WatchScheduleEventsRequest {
        school_id: text::<SchoolId>("other school"),
        ..Default::default()
    };
    let found = events(world.calls(&Caller::service("grading")), request).await;
    assert!(
        found.len() == 3
            && found
                .iter()
                .all(|(event, _)| event.school_id == text::<SchoolId>("other school"))
    );
}

#[tokio::test]
async fn a_client_sees_its_schools_only_and_needs_the_scope() {
    let world = two_schools().await;
    let client = |scope: &str, school: &str| world.client(&[scope], &[id(school)]);
    let own = events(
        client("schedule.events", "school"),
        pb::WatchScheduleEventsRequest::default(),
    )
    .await;
    assert!(
        own.len() == 3
            && own
                .iter()
                .all(|(event, _)| event.school_id == text::<SchoolId>("school"))
    );
    let abroad = pb::WatchScheduleEventsRequest {
        school_id: text::<SchoolId>("other school"),
        ..Default::default()
    };
    let answer = client("schedule.events", "school")
        .watch_schedule_events(abroad)
        .await;
    assert_eq!(
        answer.map(|_| ()).unwrap_err().code(),
        Code::PermissionDenied
    );
    let unscoped = client("schedule.read", "school")
        .watch_schedule_events(pb::WatchScheduleEventsRequest::default())
        .await;
    assert_eq!(
        unscoped.map(|_| ()).unwrap_err().code(),
        Code::PermissionDenied
    );
}

#[tokio::test]
async fn people_do_not_follow_the_feed_and_a_foreign_cursor_has_expired() {
    let world = two_schools().await;
    let person = world
        .deputy()
        .watch_schedule_events(pb::WatchScheduleEventsRequest::default())
        .await;
    assert_eq!(
        person.map(|_| ()).unwrap_err().code(),
        Code::PermissionDenied
    );
    let expired = pb::WatchScheduleEventsRequest {
        cursor: "e1.5".into(),
        ..Default::default()
    };
    let answer = world
        .calls(&Caller::service("grading"))
        .watch_schedule_events(expired)
        .await;
    assert_eq!(
        refused(answer.map(|_| tonic::Response::new(()))),
        (Code::OutOfRange, "CURSOR_EXPIRED".to_owned())
    );
}
