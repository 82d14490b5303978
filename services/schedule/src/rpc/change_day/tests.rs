//! A day cancelled or held remotely in one step.

use chassis::service::Service;
use tonic::Code;
use zhurnal_proto::id::{ClassId, GroupId, PersonId};
use zhurnal_proto::schedule::v1 as pb;

use crate::Schedule;
use crate::testing::days::{MONDAY, change_request};
use crate::testing::{World, refused, text, violations};

chassis::on_both_databases! {
    Schedule::migrations();

    async fn a_whole_day_is_cancelled_with_one_reason_and_one_event(db) {
        let world = World::on(db).planned().await;
        let request = change_request(pb::DayChangeKind::Cancelled, 1);
        let change = world.change_day(request.clone()).await.unwrap().into_inner().day_change.unwrap();
        assert_eq!((change.lesson_count, change.reason.as_str(), change.etag.as_str()), (3, "карантин", "v1"));
        assert!(!change.made_by.is_empty() && change.undone_at.is_none());
        let (lessons, days) = world.announced_days().await;
        assert_eq!(lessons.len(), 3);
        assert!(lessons.iter().all(|one| one.state() == pb::LessonState::Cancelled && one.state_reason == "карантин"));
        let [day] = &days[..] else { panic!("{days:?}") };
        assert_eq!(day.day_change.as_ref(), Some(&change));
        let mut groups = vec![text::<GroupId>("5-А"), text::<GroupId>("10-А")];
        groups.sort();
        assert_eq!(day.group_ids, groups);
        let mut teachers = vec![text::<PersonId>("Иванова"), text::<PersonId>("Петров")];
        teachers.sort();
        assert_eq!(day.teacher_ids, teachers);
        // The same key again: the same answer, nothing else.
        assert_eq!(world.change_day(request).await.unwrap().into_inner().day_change, Some(change));
        // Nothing is left to cancel.
        let again = world.change_day(change_request(pb::DayChangeKind::Cancelled, 2)).await;
        assert_eq!(refused(again), (Code::FailedPrecondition, "NO_LESSONS".into()));
    }

    async fn some_lessons_of_a_class_are_held_remotely_and_stay_planned(db) {
        let world = World::on(db).planned().await;
        let request = pb::ChangeDayRequest {
            class_ids: vec![text::<ClassId>("5-А")],
            lesson_numbers: vec![2],
            ..change_request(pb::DayChangeKind::Remote, 1)
        };
        let change = world.change_day(request).await.unwrap().into_inner().day_change.unwrap();
        assert_eq!((change.kind(), change.lesson_count), (pb::DayChangeKind::Remote, 1));
        world.harness.ignore_announced().await;
        let of = |number, group| world.lesson(MONDAY, number, group);
        let remote = of(2, "5-А").await;
        assert!(remote.remote && remote.state() == pb::LessonState::Planned, "{remote:?}");
        assert!(!of(1, "5-А").await.remote && !of(2, "10-А").await.remote);
    }
}

#[tokio::test]
async fn a_day_that_is_over_and_unknown_classes_are_refused() {
    let world = World::with_a_plan().await;
    let past = pb::ChangeDayRequest {
        date: "2026-08-31".into(),
        ..change_request(pb::DayChangeKind::Cancelled, 1)
    };
    let expected = (Code::FailedPrecondition, "DAY_IS_OVER".to_owned());
    assert_eq!(refused(world.change_day(past).await), expected);
    let unknown = pb::ChangeDayRequest {
        class_ids: vec![text::<ClassId>("5-А"), text::<ClassId>("7-Я")],
        ..change_request(pb::DayChangeKind::Cancelled, 2)
    };
    let expected = ("classIds[1]".to_owned(), "UNKNOWN_CLASS".to_owned());
    assert_eq!(violations(world.change_day(unknown).await), [expected]);
    let empty = World::empty().await;
    let answer = empty
        .change_day(change_request(pb::DayChangeKind::Cancelled, 3))
        .await;
    let expected = (Code::FailedPrecondition, "SCHOOL_YEAR_MISSING".to_owned());
    assert_eq!(refused(answer), expected);
}

#[tokio::test]
async fn only_the_office_of_the_school_changes_a_day() {
    let world = World::with_a_plan().await;
    for (school, role) in [
        ("school", "TEACHER"),
        ("school", "DIRECTOR"),
        ("other", "DEPUTY"),
    ] {
        let mut calls = world.staff(school, &[role]);
        let answer = calls
            .change_day(change_request(pb::DayChangeKind::Cancelled, 1))
            .await;
        assert_eq!(
            answer.unwrap_err().code(),
            Code::PermissionDenied,
            "{school} {role}"
        );
    }
}
