//! WatchGradingEvents, and the consumers of other services' feeds.

use chassis::{
    caller::{Caller, Client as Outside},
    feed::Consumer,
};
use futures::StreamExt;
use sea_orm::ConnectionTrait;
use tonic::{Code, Status};
use zhurnal_proto::{
    grading::v1::{self as pb, Attendance, grading_event::Change as Event},
    id::SchoolId,
    roster::v1 as roster,
    schedule::v1 as schedule,
};

use crate::{feed, testing::*};

fn outside(schools: &[u128]) -> Caller {
    Caller::Client(Outside {
        id: "ministry".into(),
        scopes: vec!["grading.events".into()],
        schools: schools
            .iter()
            .map(|n| SchoolId::from_uuid(uuid(*n)))
            .collect(),
    })
}

/// The first event of cells after the cursor.
async fn first_cells(world: &World, caller: &Caller, cursor: &str) -> pb::CellsChanged {
    let request = pb::WatchGradingEventsRequest {
        cursor: cursor.into(),
        school_id: String::new(),
        changes: Vec::new(),
    };
    let mut stream = world
        .client(caller)
        .watch_grading_events(request)
        .await
        .unwrap()
        .into_inner();
    while let Some(item) = stream.next().await {
        let item = item.unwrap();
        assert!(!item.cursor.is_empty());
        if let Some(Event::CellsChanged(changed)) = item.event.and_then(|event| event.change) {
            return changed;
        }
    }
    panic!("the stream ended")
}

#[tokio::test]
async fn services_hear_attendance_and_outsiders_do_not() {
    let world = World::sqlite().await;
    world
        .record(vec![
            attend(PUPIL, Attendance::Ill, "грипп"),
            commented(PUPIL, "5", "дома"),
        ])
        .await;
    world.harness.ignore_announced().await;
    let inside = first_cells(&world, &Caller::service("reporting"), "").await;
    let cell = inside.cells[0].cell.clone().unwrap();
    assert!(inside.cells[0].absent_with_mark);
    assert_eq!(
        (cell.attendance(), cell.attendance_comment.as_str()),
        (Attendance::Ill, "")
    );
    assert!(cell.marks[0].comment.is_empty());
    for caller in [outside(&[]), outside(&[1])] {
        let told = first_cells(&world, &caller, "").await;
        let cell = told.cells[0].cell.clone().unwrap();
        assert_eq!(
            (
                cell.attendance(),
                cell.attendance_revision,
                told.cells[0].absent_with_mark
            ),
            (Attendance::Unspecified, 0, false)
        );
        assert_eq!(cell.marks[0].value, "5");
    }
}

#[tokio::test]
async fn a_client_bound_to_schools_hears_of_them_only() {
    let world = World::sqlite().await;
    world.record(vec![mark(PUPIL, "5")]).await;
    world.harness.ignore_announced().await;
    let request = |school_id: String| pb::WatchGradingEventsRequest {
        cursor: String::new(),
        school_id,
        changes: Vec::new(),
    };
    let foreign = world
        .client(&outside(&[2]))
        .watch_grading_events(request(school().to_string()))
        .await
        .unwrap_err();
    assert_eq!(foreign.code(), Code::NotFound);
    let mut stream = world
        .client(&outside(&[2]))
        .watch_grading_events(request(String::new()))
        .await
        .unwrap()
        .into_inner();
    assert_eq!(
        stream.next().await.unwrap().unwrap().event,
        None,
        "only the cursor moves"
    );
    let denied = world
        .teacher()
        .watch_grading_events(request(String::new()))
        .await
        .unwrap_err();
    assert_eq!(denied.code(), Code::PermissionDenied);
}

#[tokio::test]
async fn a_feed_can_be_narrowed_to_changes_by_their_names() {
    let world = World::sqlite().await;
    world.record(vec![mark(PUPIL, "5")]).await;
    world.harness.ignore_announced().await;
    let service = Caller::service("roster");
    let request = |change: &str| pb::WatchGradingEventsRequest {
        changes: vec![change.to_owned()],
        ..Default::default()
    };
    let mut stream = world
        .client(&service)
        .watch_grading_events(request("ledger_checkpoint_signed"))
        .await
        .unwrap()
        .into_inner();
    let only = stream.next().await.unwrap().unwrap();
    assert_eq!(only.event, None, "only the cursor moves");
    let cells = stream_of(&world, &service, request("cells_changed")).await;
    assert!(matches!(cells, Some(Event::CellsChanged(_))));
    for unknown in ["change_id", "CellsChanged", "school_changed"] {
        let refused = world
            .client(&service)
            .watch_grading_events(request(unknown))
            .await
            .unwrap_err();
        assert_eq!(refused.code(), Code::InvalidArgument, "{unknown}");
    }
}

/// The first change that a request is told.
async fn stream_of(
    world: &World,
    caller: &Caller,
    request: pb::WatchGradingEventsRequest,
) -> Option<Event> {
    let stream = world.client(caller).watch_grading_events(request).await;
    let first = stream.unwrap().into_inner().next().await.unwrap().unwrap();
    first.event.and_then(|event| event.change)
}

#[tokio::test]
async fn now_skips_what_has_been() {
    let world = World::sqlite().await;
    world.record(vec![mark(PUPIL, "4")]).await;
    let request = pb::WatchGradingEventsRequest {
        cursor: "now".into(),
        school_id: String::new(),
        changes: Vec::new(),
    };
    let service = Caller::service("notification");
    let mut stream = world
        .client(&service)
        .watch_grading_events(request)
        .await
        .unwrap()
        .into_inner();
    world.record(vec![mark(PUPIL + 1, "5")]).await;
    world.harness.ignore_announced().await;
    let tasks = world.harness.start_tasks();
    loop {
        let item = stream.next().await.unwrap().unwrap();
        if let Some(Event::CellsChanged(changed)) = item.event.and_then(|event| event.change) {
            assert_eq!(
                changed.cells[0].cell.as_ref().unwrap().pupil_id,
                person(PUPIL + 1).to_string()
            );
            break;
        }
    }
    drop(tasks);
}

#[tokio::test]
async fn an_event_that_makes_no_sense_is_refused_whole() {
    let world = World::sqlite().await;
    let event = schedule::WatchScheduleEventsResponse {
        event: Some(schedule::ScheduleEvent {
            occurred_at: None,
            school_id: school().to_string(),
            change: Some(schedule::schedule_event::Change::LessonsChanged(
                schedule::LessonsChanged {
                    lessons: vec![
                        a_lesson(8_001),
                        schedule::Lesson {
                            starts_at: "8.30".into(),
                            ..a_lesson(8_002)
                        },
                    ],
                },
            )),
        }),
        cursor: "e1.20".into(),
    };
    assert!(
        world
            .apply(feed::Schedule::new(&world.grading), event)
            .await
            .is_err()
    );
    let mut teacher = world.teacher();
    let results = world
        .record_as(
            &mut teacher,
            vec![at_lesson(8_001, mark(PUPIL, "5")), mark(PUPIL, "5")],
        )
        .await
        .unwrap();
    assert_eq!(
        reasons(&results),
        ["LESSON_NOT_OWN", ""],
        "nothing of the event was applied"
    );
    world.harness.ignore_announced().await;
}

#[tokio::test]
async fn a_feed_that_starts_over_is_forgotten_and_own_records_stay() {
    let world = World::sqlite().await;
    world.record(vec![mark(PUPIL, "5")]).await;
    let mut uow = world.harness.cx().db.begin().await.unwrap();
    feed::Schedule::new(&world.grading)
        .reset(&mut uow)
        .await
        .unwrap();
    uow.commit().await.unwrap();
    let refused = world
        .record_as(&mut world.teacher(), vec![mark(PUPIL + 1, "5")])
        .await
        .unwrap_err();
    assert_eq!(
        refused.code(),
        Code::NotFound,
        "nobody teaches anything any more"
    );
    world.hear_lessons(vec![a_lesson(LESSON)]).await;
    let page = world.page(&mut world.teacher()).await.unwrap();
    assert_eq!(page.rows.iter().flat_map(|row| &row.cells).count(), 1);
    assert_eq!(
        page.journal.unwrap().journal_id,
        world.maths.to_string(),
        "the journal is the same one"
    );
    world.harness.ignore_announced().await;
}

#[tokio::test]
async fn an_erased_name_is_gone_from_the_page() {
    let world = World::sqlite().await;
    let erased = roster::PersonCard {
        person_id: person(PUPIL).to_string(),
        sort_key: "я".into(),
        ..Default::default()
    };
    world
        .hear_roster(roster::roster_event::Change::PeopleChanged(
            roster::PeopleChanged {
                people: vec![erased],
            },
        ))
        .await;
    let page = world.page(&mut world.teacher()).await.unwrap();
    let row = page
        .rows
        .iter()
        .find(|row| row.pupil_id == person(PUPIL).to_string())
        .unwrap();
    assert_eq!(row.name.clone().unwrap_or_default().surname, "");
}

/// The journals, asked by somebody who has seen so much of other feeds.
async fn journals_after(world: &World, seen: &str) -> Result<usize, Status> {
    let mut request = tonic::Request::new(pb::ListJournalsRequest {
        school_id: school().to_string(),
        ..Default::default()
    });
    let seen = seen.parse().unwrap();
    request.metadata_mut().insert("zhurnal-min-versions", seen);
    let answer = world.deputy().list_journals(request).await?;
    Ok(answer.into_inner().journals.len())
}

#[tokio::test]
async fn a_copy_behind_what_the_caller_has_seen_is_not_shown() {
    let world = World::sqlite().await;
    let behind = journals_after(&world, "schedule=e1.5").await.unwrap_err();
    assert_eq!(behind.code(), Code::Unavailable);
    assert_eq!(chassis::status::reason(&behind), "COPY_BEHIND");
    assert!(chassis::status::retry_delay(&behind).is_some());

    let heard = "INSERT INTO feed_cursor (producer, epoch, position, owner, lease_until)
        VALUES ('schedule', 1, 5, 'test', 0)";
    let db = &world.harness.cx().db;
    let uow = db.begin().await.unwrap();
    uow.conn().execute_unprepared(heard).await.unwrap();
    uow.commit().await.unwrap();
    let all = journals_after(&world, "").await.unwrap();
    assert!(all > 0);
    // Own cursors and those of services that are not followed need no copy here.
    for seen in [
        "schedule=e1.5",
        "schedule=e1.4",
        "reporting=e9.9,grading=e9.9",
    ] {
        assert_eq!(journals_after(&world, seen).await.unwrap(), all, "{seen}");
    }
    let behind = journals_after(&world, "schedule=e1.6").await.unwrap_err();
    assert_eq!(chassis::status::reason(&behind), "COPY_BEHIND");
    let malformed = journals_after(&world, "schedule=5").await.unwrap_err();
    assert_eq!(malformed.code(), Code::InvalidArgument);
}

#[tokio::test]
async fn a_lesson_that_the_timetable_takes_out_goes_unless_something_is_recorded_in_it() {
    let world = World::sqlite().await;
    world
        .hear_lessons(vec![a_lesson(8_001), a_lesson(8_002)])
        .await;
    world.record(vec![at_lesson(8_001, mark(PUPIL, "5"))]).await;
    let taken_out = |id| schedule::Lesson {
        state: schedule::LessonState::Removed.into(),
        ..a_lesson(id)
    };
    world
        .hear_lessons(vec![taken_out(8_001), taken_out(8_002)])
        .await;
    let shown = |page: &pb::JournalPage, id| {
        let id = lesson(id).to_string();
        let column = page.columns.iter().find(|column| column.lesson_id == id);
        column.map(|column| column.cancelled)
    };
    let page = world.page(&mut world.teacher()).await.unwrap();
    assert_eq!(
        (shown(&page, 8_001), shown(&page, 8_002)),
        (Some(true), None)
    );
    let five = page.rows.iter().flat_map(|row| &row.cells);
    let of_lesson = five.filter(|cell| cell.lesson_id == lesson(8_001).to_string());
    assert_eq!(of_lesson.count(), 1);
    let results = world
        .record_as(
            &mut world.teacher(),
            vec![at_lesson(8_001, mark(PUPIL + 1, "4"))],
        )
        .await
        .unwrap();
    assert_eq!(reasons(&results), ["LESSON_CANCELLED"]);

    // A later version brings both back, with the same ids.
    world
        .hear_lessons(vec![a_lesson(8_001), a_lesson(8_002)])
        .await;
    let page = world.page(&mut world.teacher()).await.unwrap();
    assert_eq!(
        (shown(&page, 8_001), shown(&page, 8_002)),
        (Some(false), Some(false))
    );
    world.harness.ignore_announced().await;
}
