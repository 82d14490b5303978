//! RecordLesson and GetTeacherDay.

use tonic::Code;
use zhurnal_proto::grading::v1::{self as pb, EntryWindow, grading_event::Change as Event};

use crate::testing::*;

fn entry(world: &World, of: u128, topic: &str) -> pb::RecordLessonRequest {
    pb::RecordLessonRequest {
        school_id: school().to_string(),
        lesson_id: lesson(of).to_string(),
        topic: topic.into(),
        homework: "№ 5, 6".into(),
        homework_minutes: 20,
        control_kind: pb::ControlKind::Unspecified.into(),
        etag: String::new(),
        request_id: world.request_id(),
    }
}

#[tokio::test]
async fn the_teacher_records_topic_and_homework() {
    let world = World::sqlite().await;
    let recorded = world
        .teacher()
        .record_lesson(entry(&world, LESSON, "Дроби"))
        .await
        .unwrap()
        .into_inner();
    let column = recorded.lesson.unwrap();
    assert!(column.conducted && !column.recorded_late && column.own);
    assert_eq!(
        (column.topic.as_str(), column.etag.as_str()),
        ("Дроби", "v1")
    );
    let announced = world.announced().await;
    let [Event::LessonRecorded(event)] = announced.as_slice() else {
        panic!("{announced:?}")
    };
    assert!(event.has_topic && event.has_homework && !event.late);
    assert_eq!(
        (event.homework_minutes, event.journal_id.clone()),
        (20, world.maths.to_string())
    );
}

#[tokio::test]
async fn a_change_needs_the_version_that_is_there() {
    let world = World::sqlite().await;
    world
        .teacher()
        .record_lesson(entry(&world, LESSON, "Дроби"))
        .await
        .unwrap();
    let stale = world
        .teacher()
        .record_lesson(entry(&world, LESSON, "Проценты"))
        .await
        .unwrap_err();
    assert_eq!(
        (stale.code(), chassis::status::reason(&stale)),
        (Code::Aborted, "ETAG_STALE".into())
    );
    let seen = pb::RecordLessonRequest {
        etag: "v1".into(),
        ..entry(&world, LESSON, "Проценты")
    };
    let changed = world
        .teacher()
        .record_lesson(seen)
        .await
        .unwrap()
        .into_inner()
        .lesson
        .unwrap();
    assert_eq!(
        (changed.topic.as_str(), changed.etag.as_str()),
        ("Проценты", "v2")
    );
    let same = world
        .teacher()
        .record_lesson(entry(&world, LESSON, "Проценты"))
        .await
        .unwrap()
        .into_inner();
    assert_eq!(
        same.lesson.unwrap().etag,
        "v2",
        "recording the same again changes nothing"
    );
    world.harness.ignore_announced().await;
}

#[tokio::test]
async fn each_rule_has_its_reason() {
    let world = World::sqlite().await;
    for (of, topic, reason) in [
        (LESSON, "Past Simple", "TOPIC_NOT_RUSSIAN"),
        (CANCELLED, "Дроби", "LESSON_CANCELLED"),
        (TOMORROW, "Дроби", "LESSON_IN_FUTURE"),
        (SUBSTITUTED, "Дроби", "LESSON_NOT_OWN"),
    ] {
        let refused = world
            .teacher()
            .record_lesson(entry(&world, of, topic))
            .await
            .unwrap_err();
        assert_eq!(
            (refused.code(), chassis::status::reason(&refused)),
            (Code::FailedPrecondition, reason.into())
        );
    }
    for mut stranger in [
        world.staff(OTHER_TEACHER, &["TEACHER"]),
        world.deputy(),
        world.staff(SUBSTITUTE, &["TEACHER"]),
    ] {
        let refused = stranger
            .record_lesson(entry(&world, LESSON, "Дроби"))
            .await
            .unwrap_err();
        assert_eq!(refused.code(), Code::NotFound);
    }
    let missing = world
        .teacher()
        .record_lesson(entry(&world, 9_999, "Дроби"))
        .await
        .unwrap_err();
    assert_eq!(missing.code(), Code::NotFound);
    let silent = pb::RecordLessonRequest {
        topic: String::new(),
        ..entry(&world, LESSON, "")
    };
    assert_eq!(
        world
            .teacher()
            .record_lesson(silent)
            .await
            .unwrap_err()
            .code(),
        Code::InvalidArgument
    );
}

#[tokio::test]
async fn the_next_day_a_first_entry_is_late_and_a_change_is_refused_after_five_minutes() {
    let world = World::sqlite().await;
    world.harness.clock().set(at("2026-09-02T06:00:00Z"));
    let late = world
        .teacher()
        .record_lesson(entry(&world, LESSON, "Дроби"))
        .await
        .unwrap()
        .into_inner()
        .lesson
        .unwrap();
    assert!(late.recorded_late);
    assert_eq!(late.window(), EntryWindow::Correction);
    world.harness.clock().set(at("2026-09-02T06:06:00Z"));
    let seen = pb::RecordLessonRequest {
        etag: "v1".into(),
        ..entry(&world, LESSON, "Проценты")
    };
    let refused = world.teacher().record_lesson(seen).await.unwrap_err();
    assert_eq!(chassis::status::reason(&refused), "CORRECTION_REQUIRED");
    world.harness.ignore_announced().await;
}

#[tokio::test]
async fn a_repeated_request_records_once() {
    let world = World::sqlite().await;
    let request = entry(&world, LESSON, "Дроби");
    let first = world
        .teacher()
        .record_lesson(request.clone())
        .await
        .unwrap()
        .into_inner();
    let again = world
        .teacher()
        .record_lesson(request)
        .await
        .unwrap()
        .into_inner();
    assert_eq!(first, again);
    assert_eq!(world.announced().await.len(), 1);
}

#[tokio::test]
async fn a_teachers_day_says_which_lessons_are_held_remotely() {
    let world = World::sqlite().await;
    let remote = zhurnal_proto::schedule::v1::Lesson {
        remote: true,
        ..a_lesson(LESSON)
    };
    world.hear_lessons(vec![remote]).await;
    let request = pb::GetTeacherDayRequest {
        school_id: school().to_string(),
        date: String::new(),
    };
    let day = world.teacher().get_teacher_day(request).await.unwrap();
    let lessons = day.into_inner().lessons.into_iter();
    let lessons = lessons.map(|one| one.lesson.unwrap());
    let remote: Vec<String> = lessons
        .filter(|one| one.remote)
        .map(|one| one.lesson_id)
        .collect();
    assert_eq!(remote, [lesson(LESSON).to_string()]);
}

#[tokio::test]
async fn a_teachers_day_shows_what_is_filled_in() {
    let world = World::sqlite().await;
    world
        .record(vec![
            mark(PUPIL, "5"),
            mark(PUPIL + 1, "4"),
            attend(PUPIL + 2, pb::Attendance::Absent, ""),
        ])
        .await;
    world
        .teacher()
        .record_lesson(entry(&world, LESSON, "Дроби"))
        .await
        .unwrap();
    world.harness.ignore_announced().await;
    let request = pb::GetTeacherDayRequest {
        school_id: school().to_string(),
        date: String::new(),
    };
    let day = world
        .teacher()
        .get_teacher_day(request.clone())
        .await
        .unwrap()
        .into_inner();
    assert_eq!(day.date, "2026-09-01");
    let ids: Vec<String> = day
        .lessons
        .iter()
        .map(|l| l.lesson.as_ref().unwrap().lesson_id.clone())
        .collect();
    assert_eq!(
        ids,
        [lesson(LESSON).to_string(), lesson(CANCELLED).to_string()],
        "the substituted lesson is not the teacher's"
    );
    let first = &day.lessons[0];
    assert_eq!(
        (
            first.pupil_count,
            first.mark_count,
            first.absent_count,
            first.room.as_str()
        ),
        (30, 2, 1, "12")
    );
    let column = first.lesson.as_ref().unwrap();
    assert_eq!(
        column.entry_due_at.unwrap().seconds,
        at("2026-09-01T12:10:00Z").as_second()
    );
    assert_eq!(
        column.free_correction_until.unwrap().seconds,
        at("2026-09-01T21:00:00Z").as_second()
    );
    assert_eq!(first.journal.as_ref().unwrap().subject_title, "Математика");
    assert_eq!(
        day.lessons[1].lesson.as_ref().unwrap().window(),
        EntryWindow::Cancelled
    );

    let of_substitute = world
        .staff(SUBSTITUTE, &["TEACHER"])
        .get_teacher_day(request.clone())
        .await
        .unwrap()
        .into_inner();
    assert_eq!(of_substitute.lessons.len(), 1);
    assert_eq!(
        of_substitute.lessons[0].lesson.as_ref().unwrap().lesson_id,
        lesson(SUBSTITUTED).to_string()
    );
    let elsewhere = pb::GetTeacherDayRequest {
        school_id: zhurnal_proto::id::SchoolId::from_uuid(uuid(2)).to_string(),
        ..request
    };
    assert_eq!(
        world
            .teacher()
            .get_teacher_day(elsewhere)
            .await
            .unwrap_err()
            .code(),
        Code::NotFound
    );
}
