//! A change of a day taken back.

use chassis::service::Service;
use tonic::Code;
use zhurnal_proto::id::{DayChangeId, PersonId};
use zhurnal_proto::schedule::v1 as pb;

use crate::Schedule;
use crate::testing::days::{MONDAY, change_request, undo_request};
use crate::testing::lesson_plans::request_id;
use crate::testing::school_years::{counts, off};
use crate::testing::{World, refused, text};

chassis::on_both_databases! {
    Schedule::migrations();

    async fn lessons_are_as_they_were_with_their_substitutes(db) {
        let world = World::on(db).planned().await;
        let lesson = world.lesson(MONDAY, 1, "5-А").await;
        let substitution = pb::SubstituteTeacherRequest {
            school_id: lesson.school_id.clone(),
            lesson_id: lesson.lesson_id.clone(),
            teacher_id: text::<PersonId>("Ким"),
            reason: "болезнь".into(),
            etag: String::new(),
            request_id: request_id(1),
        };
        world.deputy().substitute_teacher(substitution).await.unwrap();
        // One lesson was cancelled for itself: it stays so.
        let own = world.lesson(MONDAY, 2, "10-А").await;
        let cancel = pb::CancelLessonRequest {
            school_id: own.school_id.clone(),
            lesson_id: own.lesson_id.clone(),
            reason: "экскурсия".into(),
            etag: String::new(),
            request_id: request_id(2),
        };
        world.deputy().cancel_lesson(cancel).await.unwrap();
        let change = world.changed_day(change_request(pb::DayChangeKind::Cancelled, 3)).await;
        assert_eq!(change.lesson_count, 2);

        let request = undo_request(&change, 4);
        let answer = world.deputy().undo_day_change(request.clone()).await.unwrap().into_inner();
        assert_eq!(answer.restored_count, 2);
        let undone = answer.day_change.clone().unwrap();
        assert!(undone.undone_at.is_some() && !undone.undone_by.is_empty());
        let (lessons, days) = world.announced_days().await;
        assert_eq!((lessons.len(), days.len()), (2, 1));
        let back = world.lesson(MONDAY, 1, "5-А").await;
        assert_eq!((back.state(), back.substitute_id, back.state_reason.as_str()), (pb::LessonState::Planned, text::<PersonId>("Ким"), "болезнь"));
        let stays = world.lesson(MONDAY, 2, "10-А").await;
        assert_eq!((stays.state(), stays.state_reason.as_str()), (pb::LessonState::Cancelled, "экскурсия"));
        assert_eq!(world.deputy().undo_day_change(request).await.unwrap().into_inner(), answer);
        let again = world.deputy().undo_day_change(undo_request(&undone, 5)).await;
        assert_eq!(refused(again), (Code::FailedPrecondition, "DAY_CHANGE_UNDONE".into()));
    }

    async fn lessons_of_a_day_that_has_become_a_day_off_stay_cancelled(db) {
        let world = World::on(db).planned().await;
        let change = world.changed_day(change_request(pb::DayChangeKind::Cancelled, 1)).await;
        let effect = world.change_year(2, |year| year.days_off.push(off(MONDAY))).await.effect;
        assert_eq!(counts(effect), (0, 0, 0, 0));
        let answer = world.deputy().undo_day_change(undo_request(&change, 3)).await.unwrap();
        assert_eq!(answer.into_inner().restored_count, 0);
        assert_eq!(world.lesson(MONDAY, 1, "5-А").await.state(), pb::LessonState::Cancelled);
        world.harness.ignore_announced().await;
    }

    async fn remote_lessons_are_at_school_again(db) {
        let world = World::on(db).planned().await;
        let change = world.changed_day(change_request(pb::DayChangeKind::Remote, 1)).await;
        assert!(world.lesson(MONDAY, 1, "5-А").await.remote);
        world.deputy().undo_day_change(undo_request(&change, 2)).await.unwrap();
        world.harness.ignore_announced().await;
        assert!(!world.lesson(MONDAY, 1, "5-А").await.remote);
        let listed = world.days().await;
        assert!(listed.len() == 1 && listed[0].undone_at.is_some(), "{listed:?}");
    }
}

#[tokio::test]
async fn stale_late_and_foreign_undoing_is_refused() {
    let world = World::with_a_plan().await;
    let change = world
        .changed_day(change_request(pb::DayChangeKind::Cancelled, 1))
        .await;
    let stale = pb::DayChange {
        etag: "v9".into(),
        ..change.clone()
    };
    let answer = world
        .deputy()
        .undo_day_change(undo_request(&stale, 2))
        .await;
    assert_eq!(refused(answer), (Code::Aborted, "ETAG_STALE".into()));
    let unknown = pb::DayChange {
        day_change_id: text::<DayChangeId>("none"),
        ..change.clone()
    };
    let answer = world
        .deputy()
        .undo_day_change(undo_request(&unknown, 3))
        .await;
    assert_eq!(answer.unwrap_err().code(), Code::NotFound);
    for (school, role) in [("school", "TEACHER"), ("other", "DEPUTY")] {
        let mut calls = world.staff(school, &[role]);
        let answer = calls.undo_day_change(undo_request(&change, 4)).await;
        assert_eq!(
            answer.unwrap_err().code(),
            Code::PermissionDenied,
            "{school} {role}"
        );
    }
    let next_day = "2026-09-08T06:00:00Z".parse().unwrap();
    world.harness.clock().set(next_day);
    let answer = world
        .deputy()
        .undo_day_change(undo_request(&change, 5))
        .await;
    assert_eq!(
        refused(answer),
        (Code::FailedPrecondition, "DAY_IS_OVER".into())
    );
}

#[tokio::test]
async fn changes_are_read_by_the_staff_of_the_school() {
    let world = World::with_a_plan().await;
    let change = world
        .changed_day(change_request(pb::DayChangeKind::Cancelled, 1))
        .await;
    let request = pb::ListDayChangesRequest {
        school_id: change.school_id.clone(),
        from: MONDAY.into(),
        to: MONDAY.into(),
    };
    let mut teacher = world.staff("school", &["TEACHER"]);
    let found = teacher.list_day_changes(request.clone()).await.unwrap();
    assert_eq!(found.into_inner().day_changes, [change]);
    let other_day = pb::ListDayChangesRequest {
        from: "2026-09-08".into(),
        to: "2026-09-30".into(),
        ..request.clone()
    };
    let found = teacher.list_day_changes(other_day).await.unwrap();
    assert_eq!(found.into_inner().day_changes, []);
    let mut abroad = world.staff("other", &["TEACHER"]);
    let answer = abroad.list_day_changes(request).await;
    assert_eq!(answer.unwrap_err().code(), Code::PermissionDenied);
}
