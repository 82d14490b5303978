//! RecordMarks: verdicts, access, idempotency.

use tonic::Code;
use zhurnal_proto::{
    grading::v1::{self as pb, Attendance, MarkVerdict, grading_event::Change as Event},
    schedule::v1 as schedule,
};

use crate::testing::*;

#[tokio::test]
async fn the_teacher_sets_marks_and_attendance_of_a_class_at_once() {
    let world = World::sqlite().await;
    let mut batch: Vec<_> = (0..28).map(|n| mark(PUPIL + n, "5")).collect();
    batch.push(attend(PUPIL + 28, Attendance::Absent, ""));
    batch.push(mark(PUPIL + 29, "4/5"));
    let results = world.record(batch).await;
    assert!(
        results
            .iter()
            .all(|result| result.verdict() == MarkVerdict::Applied && !result.late)
    );
    let split = results[29].cell.as_ref().unwrap().marks[0].clone();
    assert_eq!((split.value.as_str(), split.revision), ("4/5", 1));
    let exact = split.exact.unwrap();
    assert_eq!((exact.numerator, exact.denominator), (9, 2));
    assert_eq!(
        results[28].cell.as_ref().unwrap().attendance(),
        Attendance::Absent
    );

    let announced = world.announced().await;
    let [Event::CellsChanged(changed)] = announced.as_slice() else {
        panic!("{announced:?}")
    };
    assert_eq!(
        (changed.cells.len(), changed.journal_id.clone()),
        (30, world.maths.to_string())
    );
    assert_eq!(changed.subject_id, subject_id(MATHS));
}

#[tokio::test]
async fn one_refused_operation_takes_no_other_with_it() {
    let world = World::sqlite().await;
    let results = world
        .record(vec![
            mark(PUPIL, "5"),
            mark(STRANGER, "5"),
            mark(PUPIL + 1, "6"),
            at_lesson(CANCELLED, mark(PUPIL + 2, "5")),
            at_lesson(TOMORROW, mark(PUPIL + 2, "5")),
            at_lesson(SUBSTITUTED, mark(PUPIL + 2, "5")),
            at_lesson(OF_OTHER_CLASS, mark(STRANGER, "5")),
            at_lesson(9_999, mark(PUPIL, "5")),
            attend(PUPIL + 3, Attendance::Ill, ""),
            mark(PUPIL + 3, "4"),
            commented(PUPIL + 3, "4", "написал дома"),
        ])
        .await;
    assert_eq!(
        reasons(&results),
        [
            "",
            "PUPIL_NOT_IN_GROUP",
            "MARK_VALUE_INVALID",
            "LESSON_CANCELLED",
            "LESSON_IN_FUTURE",
            "LESSON_NOT_OWN",
            "LESSON_NOT_OWN",
            "LESSON_NOT_OWN",
            "",
            "ABSENT_MARK_NEEDS_COMMENT",
            "",
        ]
    );
    assert!(
        results
            .iter()
            .filter(|r| !r.reason.is_empty())
            .all(|r| !r.message.is_empty())
    );
    let announced = world.announced().await;
    let [Event::CellsChanged(changed)] = announced.as_slice() else {
        panic!("{announced:?}")
    };
    let both = changed.cells.iter().find(|c| c.absent_with_mark).unwrap();
    let cell = both.cell.as_ref().unwrap();
    assert_eq!(cell.pupil_id, person(PUPIL + 3).to_string());
    assert!(cell.marks[0].comment.is_empty(), "no comments in events");
}

#[tokio::test]
async fn the_same_again_is_a_duplicate_and_an_old_sight_a_conflict() {
    let world = World::sqlite().await;
    world.record(vec![mark(PUPIL, "4")]).await;
    world.harness.ignore_announced().await;
    let results = world
        .record(vec![
            mark(PUPIL, "4"),
            mark(PUPIL, "5"),
            seen(7, mark(PUPIL, "5")),
        ])
        .await;
    assert_eq!(
        verdicts(&results),
        [
            MarkVerdict::Duplicate,
            MarkVerdict::Conflict,
            MarkVerdict::Conflict
        ]
    );
    let present = results[1].cell.as_ref().unwrap();
    assert_eq!(
        (present.marks[0].value.as_str(), present.marks[0].revision),
        ("4", 1)
    );
    assert_eq!(world.announced().await, []);
}

#[tokio::test]
async fn a_second_mark_and_an_undo_go_through_the_block() {
    let world = World::sqlite().await;
    world.record(vec![mark(PUPIL, "4")]).await;
    let second = pb::MarkOperation {
        slot: 2,
        ..mark(PUPIL, "5")
    };
    let results = world
        .record(vec![
            seen(1, mark(PUPIL, "3")),
            second,
            seen(1, clear(PUPIL)),
        ])
        .await;
    assert_eq!(reasons(&results), ["MARK_BLOCKED", "", ""]);
    let cell = results[2].cell.as_ref().unwrap();
    assert_eq!(
        cell.marks.iter().map(|mark| mark.slot).collect::<Vec<_>>(),
        [2]
    );
    world.harness.ignore_announced().await;
}

#[tokio::test]
async fn after_the_entry_was_due_marks_are_late_and_after_midnight_need_a_request() {
    let world = World::sqlite().await;
    world.harness.clock().set(at("2026-09-01T12:10:00Z"));
    let results = world.record(vec![mark(PUPIL, "4")]).await;
    assert!(results[0].late);
    world.harness.clock().set(at("2026-09-01T21:00:00Z"));
    let results = world
        .record(vec![seen(1, mark(PUPIL, "5")), mark(PUPIL + 1, "5")])
        .await;
    assert_eq!(reasons(&results), ["CORRECTION_REQUIRED", ""]);
    assert!(results[1].late);
    let announced = world.announced().await;
    assert!(announced.iter().all(|event| matches!(event, Event::CellsChanged(changed) if changed.cells.iter().all(|c| c.late))));
}

#[tokio::test]
async fn no_marks_in_grade_one() {
    let world = World::sqlite().await;
    world
        .hear_lessons(vec![schedule::Lesson {
            grade: 1,
            ..a_lesson(LESSON)
        }])
        .await;
    let results = world
        .record(vec![
            mark(PUPIL, "5"),
            attend(PUPIL, Attendance::Absent, ""),
        ])
        .await;
    assert_eq!(reasons(&results), ["GRADE_HAS_NO_MARKS", ""]);
    world.harness.ignore_announced().await;
}

#[tokio::test]
async fn only_who_holds_the_lesson_writes() {
    let world = World::sqlite().await;
    let at_substituted = || vec![at_lesson(SUBSTITUTED, mark(PUPIL, "5")), mark(PUPIL, "5")];
    let mut substitute = world.staff(SUBSTITUTE, &["TEACHER"]);
    let results = world
        .record_as(&mut substitute, at_substituted())
        .await
        .unwrap();
    assert_eq!(reasons(&results), ["", "LESSON_NOT_OWN"]);
    for mut stranger in [
        world.staff(OTHER_TEACHER, &["TEACHER"]),
        world.staff(CLASS_TEACHER, &["TEACHER"]),
        world.deputy(),
        world.director(),
        world.staff(ADMINISTRATOR, &["ADMINISTRATOR"]),
    ] {
        let refused = world
            .record_as(&mut stranger, vec![mark(PUPIL + 1, "5")])
            .await
            .unwrap_err();
        assert_eq!(refused.code(), Code::NotFound);
    }
    let refused = world
        .record_as(&mut world.family(&[MOTHER]), vec![mark(PUPIL, "5")])
        .await
        .unwrap_err();
    assert_eq!(refused.code(), Code::PermissionDenied);
    world.harness.ignore_announced().await;
}

#[tokio::test]
async fn another_schools_teacher_and_a_journal_that_does_not_exist_get_the_same_answer() {
    let world = World::sqlite().await;
    let mut foreign = staff(TEACHER, &["TEACHER"]);
    foreign.school = Some(zhurnal_proto::id::SchoolId::from_uuid(uuid(2)));
    let mut foreign = world.client(&chassis::caller::Caller::User(foreign));
    let elsewhere = world
        .record_as(&mut foreign, vec![mark(PUPIL, "5")])
        .await
        .unwrap_err();
    let mut unknown = world.batch(vec![at_lesson(9_999, mark(PUPIL, "5"))]);
    unknown.journal_id = zhurnal_proto::id::JournalId::from_uuid(uuid(9_999)).to_string();
    let missing = world.teacher().record_marks(unknown).await.unwrap_err();
    assert_eq!(
        (elsewhere.code(), elsewhere.message()),
        (missing.code(), missing.message())
    );
    assert_eq!(elsewhere.details(), missing.details());
    assert_eq!(missing.code(), Code::NotFound);
}

#[tokio::test]
async fn a_repeated_request_gets_the_first_answer_and_writes_nothing() {
    let world = World::sqlite().await;
    let batch = world.batch(vec![mark(PUPIL, "4"), mark(STRANGER, "5")]);
    let first = world
        .teacher()
        .record_marks(batch.clone())
        .await
        .unwrap()
        .into_inner();
    world.harness.ignore_announced().await;
    let again = world
        .teacher()
        .record_marks(batch.clone())
        .await
        .unwrap()
        .into_inner();
    assert_eq!(again, first);
    assert_eq!(world.announced().await, []);
    let other = pb::RecordMarksRequest {
        operations: vec![mark(PUPIL, "5")],
        ..batch
    };
    let reused = world.teacher().record_marks(other).await.unwrap_err();
    assert_eq!(chassis::status::reason(&reused), "IDEMPOTENCY_KEY_REUSED");
}

#[tokio::test]
async fn a_malformed_batch_is_refused_whole_with_its_fields() {
    let world = World::sqlite().await;
    let nothing = pb::MarkOperation {
        action: None,
        ..mark(PUPIL, "5")
    };
    let refused = world
        .record_as(&mut world.teacher(), vec![mark(PUPIL, "5"), nothing])
        .await
        .unwrap_err();
    assert_eq!(refused.code(), Code::InvalidArgument);
    assert_eq!(
        chassis::status::violations(&refused)[0].field,
        "operations[1].action"
    );
    let empty = world
        .record_as(&mut world.teacher(), vec![])
        .await
        .unwrap_err();
    assert_eq!(empty.code(), Code::InvalidArgument);
}

#[tokio::test]
async fn a_pupil_who_left_the_group_before_the_lesson_is_refused() {
    let world = World::sqlite().await;
    world.record(vec![mark(PUPIL, "4")]).await;
    world
        .hear_roster(
            zhurnal_proto::roster::v1::roster_event::Change::MembershipsChanged(
                zhurnal_proto::roster::v1::MembershipsChanged {
                    memberships: vec![membership(GROUP_5A, PUPIL + 1, "2026-08-30", "2026-08-31")],
                },
            ),
        )
        .await;
    let results = world
        .record(vec![mark(PUPIL + 1, "5"), mark(PUPIL + 2, "5")])
        .await;
    assert_eq!(
        reasons(&results),
        ["PUPIL_NOT_IN_GROUP", ""],
        "the kept column is not used after a change"
    );
    world.harness.ignore_announced().await;
}

#[tokio::test]
async fn a_change_that_another_process_heard_is_seen_here() {
    let world = World::sqlite().await;
    world.record(vec![mark(PUPIL, "4")]).await;
    // Another process has applied a substitution: the rows change, this cache is not told.
    world
        .sql(
            "UPDATE lesson SET substitute_id = ? WHERE lesson_id = ?",
            [uuid(SUBSTITUTE).into(), uuid(LESSON).into()],
        )
        .await;
    world
        .sql("UPDATE school SET facts_version = facts_version + 1", [])
        .await;
    let results = world.record(vec![mark(PUPIL + 1, "5")]).await;
    assert_eq!(reasons(&results), ["LESSON_NOT_OWN"]);
    world.harness.ignore_announced().await;
}
