//! Approving a plan.

use tonic::Code;
use zhurnal_proto::id::PersonId;
use zhurnal_proto::schedule::v1 as pb;

use crate::testing::lesson_plans::{approve_request, theme};
use crate::testing::{World, id, refused};

const MATHS: (&str, &str) = ("5-А", "Математика");

chassis::on_both_databases! { crate::store::migrations();
    async fn a_plan_with_the_required_hours_is_approved_and_announced(db) {
        let world = World::on(db).planned().await;
        let saved = world.put_plan(MATHS, vec![theme("Дроби", 68)], 1).await;
        let answer = world.approve(&saved, 2).await.unwrap().into_inner();
        let plan = answer.lesson_plan.unwrap();
        assert_eq!((plan.state(), plan.etag.as_str()), (pb::LessonPlanState::Approved, "v2"));
        assert_eq!(plan.decided_by, PersonId::from_uuid(uuid::Uuid::from_u128(3)).to_string());
        assert!(plan.decided_at.is_some() && plan.themes == saved.themes);
        assert_eq!(world.announced_plans().await, std::slice::from_ref(&plan));
        assert_eq!(world.lesson_plan(MATHS.0, MATHS.1).await, plan);
    }
}

#[tokio::test]
async fn other_hours_are_refused_and_both_numbers_are_told() {
    let world = World::with_a_plan().await;
    let saved = world.put_plan(MATHS, vec![theme("Дроби", 67)], 1).await;
    let status = world.approve(&saved, 2).await.unwrap_err();
    assert_eq!(status.code(), Code::FailedPrecondition);
    let info = chassis::status::error_info(&status).unwrap();
    assert_eq!(info.reason, "LESSON_PLAN_HOURS_DIFFER");
    assert_eq!(
        (
            info.metadata["planned"].as_str(),
            info.metadata["required"].as_str()
        ),
        ("67", "68")
    );
    assert_eq!(world.lesson_plan(MATHS.0, MATHS.1).await, saved);
}

#[tokio::test]
async fn a_plan_that_is_missing_or_approved_is_refused() {
    let world = World::with_a_plan().await;
    let missing = world.lesson_plan(MATHS.0, MATHS.1).await;
    let answer = refused(world.approve(&missing, 1).await);
    assert_eq!(
        answer,
        (Code::FailedPrecondition, "LESSON_PLAN_MISSING".to_owned())
    );
    let saved = world.put_plan(MATHS, vec![theme("Дроби", 68)], 2).await;
    let approved = world.approve(&saved, 3).await.unwrap().into_inner();
    world.harness.ignore_announced().await;
    let again = refused(world.approve(&approved.lesson_plan.unwrap(), 4).await);
    assert_eq!(
        again,
        (Code::FailedPrecondition, "LESSON_PLAN_APPROVED".to_owned())
    );
}

#[tokio::test]
async fn a_deputy_who_teaches_does_not_approve_the_own_plan() {
    let world = World::with_a_plan().await;
    let saved = world.put_plan(MATHS, vec![theme("Дроби", 68)], 1).await;
    let mut own = world.staff_with_card("school", &["DEPUTY", "TEACHER"], id("Иванова"));
    let answer = refused(own.approve_lesson_plan(approve_request(&saved, 2)).await);
    assert_eq!(
        answer,
        (Code::FailedPrecondition, "LESSON_PLAN_OWN".to_owned())
    );
}

#[tokio::test]
async fn a_stale_etag_and_a_repeated_request_approve_nothing_twice() {
    let world = World::with_a_plan().await;
    let old = world.put_plan(MATHS, vec![theme("Дроби", 68)], 1).await;
    let new = world.put_plan(MATHS, vec![theme("Степени", 68)], 2).await;
    let stale = refused(world.approve(&old, 3).await);
    assert_eq!(stale, (Code::Aborted, "ETAG_STALE".to_owned()));
    let first = world.approve(&new, 4).await.unwrap().into_inner();
    let again = world.approve(&new, 4).await.unwrap().into_inner();
    assert_eq!(first.lesson_plan, again.lesson_plan);
    assert_eq!(world.announced_plans().await.len(), 1);
}

#[tokio::test]
async fn teachers_directors_and_other_schools_do_not_approve() {
    let world = World::with_a_plan().await;
    let saved = world.put_plan(MATHS, vec![theme("Дроби", 68)], 1).await;
    for (mut calls, code) in [
        (world.teacher("Иванова"), Code::PermissionDenied),
        (world.staff("school", &["DIRECTOR"]), Code::PermissionDenied),
        (world.staff("other school", &["DEPUTY"]), Code::NotFound),
    ] {
        let answer = refused(calls.approve_lesson_plan(approve_request(&saved, 2)).await);
        assert_eq!(answer.0, code);
    }
}
