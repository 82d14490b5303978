//! Dated lessons by day, class and teacher, page by page.

use tonic::Code;
use zhurnal_proto::id::{ClassId, PersonId, SchoolId};
use zhurnal_proto::schedule::v1 as pb;

use crate::testing::{World, id, refused, school_12, text, violations};

fn days(from: &str, to: &str) -> pb::ListLessonsRequest {
    pb::ListLessonsRequest {
        school_id: text::<SchoolId>("school"),
        from: from.into(),
        to: to.into(),
        ..Default::default()
    }
}

async fn shown(world: &World, request: pb::ListLessonsRequest) -> Vec<(String, u32, String)> {
    let answer = world
        .staff("school", &["TEACHER"])
        .list_lessons(request)
        .await
        .unwrap()
        .into_inner();
    answer
        .lessons
        .into_iter()
        .map(|one| (one.date, one.lesson_number, one.group_title))
        .collect()
}

fn at(date: &str, number: u32, group: &str) -> (String, u32, String) {
    (date.into(), number, group.into())
}

#[tokio::test]
async fn lessons_come_by_date_and_number() {
    let world = World::with_a_plan().await;
    let week = shown(&world, days("2026-09-07", "2026-09-13")).await;
    let numbers: Vec<_> = week
        .iter()
        .map(|(date, number, _)| (date.as_str(), *number))
        .collect();
    let (monday, tuesday) = ("2026-09-07", "2026-09-08");
    assert_eq!(
        numbers,
        [
            (monday, 1),
            (monday, 2),
            (monday, 2),
            (tuesday, 1),
            (tuesday, 2)
        ]
    );
}

#[tokio::test]
async fn a_class_gets_its_own_lessons_and_a_day_off_none() {
    let world = World::with_a_plan().await;
    let of = |class: &str, from: &str, to: &str| pb::ListLessonsRequest {
        class_id: text::<ClassId>(class),
        ..days(from, to)
    };
    assert_eq!(
        shown(&world, of("5-А", "2026-09-08", "2026-09-08")).await,
        [
            at("2026-09-08", 1, "5-А Английский гр.1"),
            at("2026-09-08", 2, "5-А")
        ]
    );
    assert_eq!(
        shown(&world, of("10-А", "2026-10-26", "2026-10-26")).await,
        []
    );
    assert_eq!(
        shown(&world, of("10-А", "2026-11-02", "2026-11-02")).await,
        [at("2026-11-02", 2, "10-А")]
    );
    assert_eq!(
        shown(&world, of("10-А", "2027-03-08", "2027-03-08")).await,
        []
    );
    assert_eq!(
        shown(&world, of("нет такого", "2026-09-07", "2026-09-08")).await,
        []
    );
}

#[tokio::test]
async fn a_teacher_gets_substitutions_and_what_was_given_away() {
    let world = World::with_a_plan().await;
    let lesson = world.lesson("2026-09-07", 2, "5-А").await;
    let request = pb::SubstituteTeacherRequest {
        school_id: lesson.school_id,
        lesson_id: lesson.lesson_id,
        teacher_id: text::<PersonId>("Сидорова"),
        reason: "болезнь".into(),
        request_id: "0192f0c1-0000-7000-8000-000000000001".into(),
        ..Default::default()
    };
    world.deputy().substitute_teacher(request).await.unwrap();
    world.harness.ignore_announced().await;
    for teacher in ["Петров", "Сидорова"] {
        let of = pb::ListLessonsRequest {
            teacher_id: text::<PersonId>(teacher),
            ..days("2026-09-07", "2026-09-07")
        };
        let found = world
            .deputy()
            .list_lessons(of)
            .await
            .unwrap()
            .into_inner()
            .lessons;
        assert_eq!(found.len(), 1, "{teacher}");
        assert_eq!(found[0].substitute_id, text::<PersonId>("Сидорова"));
    }
}

#[tokio::test]
async fn a_lesson_is_told_whole() {
    let world = World::with_a_plan().await;
    let lesson = world.lesson("2026-09-07", 1, "5-А").await;
    assert!(lesson.lesson_id.starts_with("les_") && lesson.subject_id.starts_with("sub_"));
    let expected = pb::Lesson {
        lesson_id: lesson.lesson_id.clone(),
        school_id: text::<SchoolId>("school"),
        academic_year: "2026/2027".into(),
        date: "2026-09-07".into(),
        lesson_number: 1,
        starts_at: "08:00".into(),
        ends_at: "08:40".into(),
        group_id: text::<zhurnal_proto::id::GroupId>("5-А"),
        group_title: "5-А".into(),
        class_id: text::<ClassId>("5-А"),
        grade: 5,
        subject_id: lesson.subject_id.clone(),
        subject_title: "Математика".into(),
        teacher_id: text::<PersonId>("Иванова"),
        substitute_id: String::new(),
        room: "каб. 1".into(),
        state: pb::LessonState::Planned.into(),
        state_reason: String::new(),
        remote: false,
        etag: "v1".into(),
    };
    assert_eq!(lesson, expected);
}

#[tokio::test]
async fn pages_of_a_whole_school_hold_every_lesson_once() {
    let world = World::empty().await;
    world.put(school_12()).await;
    world.harness.ignore_announced().await;
    let mut seen: Vec<pb::Lesson> = Vec::new();
    let mut page_token = String::new();
    let mut pages = 0;
    loop {
        let request = pb::ListLessonsRequest {
            page_size: 100,
            page_token,
            ..days("2026-09-07", "2026-09-09")
        };
        let (answer, sent) = world
            .harness
            .counted(world.deputy().list_lessons(request))
            .await;
        assert_eq!(sent.statements, 1, "one statement a page");
        let answer = answer.unwrap().into_inner();
        seen.extend(answer.lessons);
        pages += 1;
        page_token = answer.next_page_token;
        if page_token.is_empty() {
            break;
        }
    }
    // The weekly timetable of school 12 has 262, 255 and 257 lessons on these days.
    assert_eq!((seen.len(), pages), (262 + 255 + 257, 8));
    let key = |lesson: &pb::Lesson| {
        (
            lesson.date.clone(),
            lesson.lesson_number,
            lesson.lesson_id.clone(),
        )
    };
    assert!(seen.windows(2).all(|pair| key(&pair[0]) < key(&pair[1])));
}

#[tokio::test]
async fn a_range_is_at_most_31_days_and_runs_forward() {
    let world = World::with_a_plan().await;
    let rule = |from: &str, to: &str| {
        let request = days(from, to);
        let mut calls = world.deputy();
        async move { violations(calls.list_lessons(request).await) }
    };
    assert_eq!(
        rule("2026-09-01", "2026-10-02").await,
        [("to".to_owned(), "RANGE_TOO_LONG".to_owned())]
    );
    assert_eq!(
        rule("2026-09-02", "2026-09-01").await,
        [("to".to_owned(), "REVERSED".to_owned())]
    );
    assert_eq!(
        rule("2026-09-31", "2026-10-01").await,
        [("from".to_owned(), "INVALID_DATE".to_owned())]
    );
    assert!(
        world
            .deputy()
            .list_lessons(days("2026-09-01", "2026-10-01"))
            .await
            .is_ok()
    );
}

#[tokio::test]
async fn another_schools_lessons_are_refused() {
    let world = World::with_a_plan().await;
    let abroad = world
        .staff("other school", &["DIRECTOR"])
        .list_lessons(days("2026-09-07", "2026-09-08"))
        .await;
    assert_eq!(refused(abroad).0, Code::PermissionDenied);
    let unbound = world
        .client(&["schedule.read"], &[])
        .list_lessons(days("2026-09-07", "2026-09-08"))
        .await;
    assert_eq!(unbound.unwrap().into_inner().lessons.len(), 5);
    let bound = world.client(&["schedule.read"], &[id("other school")]);
    assert_eq!(
        refused(
            { bound }
                .list_lessons(days("2026-09-07", "2026-09-08"))
                .await
        )
        .0,
        Code::PermissionDenied
    );
}
