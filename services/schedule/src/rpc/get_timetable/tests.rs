//! The weekly timetable of a class and of a teacher.

use tonic::Code;
use zhurnal_proto::id::{ClassId, PersonId, SchoolId};
use zhurnal_proto::roster::v1 as roster;
use zhurnal_proto::roster::v1::roster_event::Change;
use zhurnal_proto::schedule::v1 as pb;

use crate::testing::timetables::{moved, terms};
use crate::testing::{World, id, refused, text, violations};

fn of_class(class: &str) -> pb::GetTimetableRequest {
    pb::GetTimetableRequest {
        school_id: text::<SchoolId>("school"),
        class_id: text::<ClassId>(class),
        ..Default::default()
    }
}

fn of_teacher(teacher: &str) -> pb::GetTimetableRequest {
    pb::GetTimetableRequest {
        school_id: text::<SchoolId>("school"),
        teacher_id: text::<PersonId>(teacher),
        ..Default::default()
    }
}

type Row = (u32, u32, String, String, String);

async fn shown(world: &World, request: pb::GetTimetableRequest) -> Vec<Row> {
    let answer = world
        .staff("school", &["TEACHER"])
        .get_timetable(request)
        .await
        .unwrap()
        .into_inner();
    let row = |entry: pb::TimetableEntry| {
        (
            entry.weekday,
            entry.lesson_number,
            entry.group_title,
            entry.subject_title,
            entry.room,
        )
    };
    answer.entries.into_iter().map(row).collect()
}

fn row(weekday: u32, number: u32, group: &str, subject: &str, room: &str) -> Row {
    (weekday, number, group.into(), subject.into(), room.into())
}

#[tokio::test]
async fn a_class_sees_its_lessons_and_those_of_its_subgroups() {
    let world = World::with_a_plan().await;
    assert_eq!(
        shown(&world, of_class("5-А")).await,
        [
            row(1, 1, "5-А", "Математика", "каб. 1"),
            row(1, 2, "5-А", "Русский язык", "каб. 1"),
            row(2, 1, "5-А Английский гр.1", "Английский язык", ""),
            row(2, 2, "5-А", "Математика", "каб. 1"),
        ]
    );
}

#[tokio::test]
async fn a_teacher_sees_lessons_in_all_classes() {
    let world = World::with_a_plan().await;
    assert_eq!(
        shown(&world, of_teacher("Иванова")).await,
        [
            row(1, 1, "5-А", "Математика", "каб. 1"),
            row(1, 2, "10-А", "Алгебра", "каб. 2"),
            row(2, 2, "5-А", "Математика", "каб. 1"),
        ]
    );
}

#[tokio::test]
async fn a_teacher_without_lessons_has_an_empty_timetable_and_a_stranger_none() {
    let world = World::with_a_plan().await;
    assert_eq!(shown(&world, of_teacher("Ким")).await, []);
    let stranger = world.deputy().get_timetable(of_teacher("Чужой")).await;
    assert_eq!(refused(stranger).0, Code::NotFound);
}

#[tokio::test]
async fn a_class_is_known_from_roster_before_its_plan_comes() {
    let world = World::empty().await;
    assert_eq!(
        refused(world.deputy().get_timetable(of_class("1-А")).await).0,
        Code::NotFound
    );
    let class = roster::SchoolClass {
        class_id: text::<ClassId>("1-А"),
        academic_year: "2026/2027".into(),
        title: "1-А".into(),
        grade: 1,
        ..Default::default()
    };
    let changed = roster::ClassesChanged {
        classes: vec![class],
        removed_ids: Vec::new(),
    };
    world
        .hear(id("school"), Change::ClassesChanged(changed))
        .await
        .unwrap();
    assert_eq!(shown(&world, of_class("1-А")).await, []);
}

#[tokio::test]
async fn a_class_of_another_school_is_as_unknown_as_one_that_does_not_exist() {
    let world = World::with_a_plan().await;
    let ask = |class: &str| {
        let request = pb::GetTimetableRequest {
            school_id: text::<SchoolId>("other school"),
            ..of_class(class)
        };
        let mut calls = world.staff("other school", &["DEPUTY"]);
        async move { calls.get_timetable(request).await.unwrap_err() }
    };
    let (foreign, missing) = (ask("5-А").await, ask("нет такого").await);
    assert_eq!(foreign.code(), Code::NotFound);
    assert_eq!(
        (foreign.message(), foreign.details()),
        (missing.message(), missing.details())
    );
    let abroad = world
        .staff("other school", &["DEPUTY"])
        .get_timetable(of_class("5-А"))
        .await;
    assert_eq!(refused(abroad).0, Code::PermissionDenied);
}

#[tokio::test]
async fn exactly_one_of_class_and_teacher_must_be_named() {
    let world = World::with_a_plan().await;
    let both = pb::GetTimetableRequest {
        teacher_id: text::<PersonId>("Иванова"),
        ..of_class("5-А")
    };
    let neither = pb::GetTimetableRequest {
        class_id: String::new(),
        ..of_class("5-А")
    };
    for request in [both, neither] {
        let found = violations(world.deputy().get_timetable(request).await);
        assert_eq!(found, [("classId".to_owned(), "EXACTLY_ONE".to_owned())]);
    }
}

#[tokio::test]
async fn a_room_sees_who_is_in_it_whatever_its_spelling() {
    let world = World::with_a_plan().await;
    let of_room = |room: &str| pb::GetTimetableRequest {
        school_id: text::<SchoolId>("school"),
        room: room.into(),
        ..Default::default()
    };
    let expected = [
        row(1, 1, "5-А", "Математика", "каб. 1"),
        row(1, 2, "5-А", "Русский язык", "каб. 1"),
        row(2, 2, "5-А", "Математика", "каб. 1"),
    ];
    assert_eq!(shown(&world, of_room("Каб.  1")).await, expected);
    let unknown = world.deputy().get_timetable(of_room("каб. 9")).await;
    assert_eq!(refused(unknown).0, Code::NotFound);
}

#[tokio::test]
async fn each_date_shows_the_version_in_force_and_its_week() {
    let world = World::with_a_plan().await;
    let draft = world.draft(1).await;
    let maths = world.entry(&draft, (1, 1), "5-А").await;
    let steps = vec![terms("Зима", 2, "2026-11-16"), moved(&maths, (3, 1), 1)];
    let draft = world
        .change(&draft, steps, 2)
        .await
        .unwrap()
        .into_inner()
        .timetable
        .unwrap();
    let approved = world
        .approve_timetable(&draft, "2026-11-16", 3)
        .await
        .unwrap();
    let approved = approved.into_inner().timetable.unwrap();
    world.harness.ignore_announced().await;
    let on = |date: &str| {
        let request = pb::GetTimetableRequest {
            date: date.into(),
            ..of_class("5-А")
        };
        let mut calls = world.staff("school", &["TEACHER"]);
        async move { calls.get_timetable(request).await.unwrap().into_inner() }
    };
    let before = on("2026-11-15").await;
    assert_eq!((before.timetable.unwrap().number, before.week), (1, 1));
    assert_eq!(before.entries[0].weekday, 1);
    let after = on("2026-11-16").await;
    assert_eq!(after.timetable, Some(approved));
    let moved = after.entries.iter().find(|one| one.weekday == 3).unwrap();
    assert_eq!((moved.week, after.week), (1, 1));
    assert_eq!(on("2026-11-23").await.week, 2);
}
