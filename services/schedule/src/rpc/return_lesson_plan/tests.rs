//! Sending a plan back.

use tonic::Code;
use zhurnal_proto::schedule::v1 as pb;

use crate::testing::lesson_plans::{return_request, theme};
use crate::testing::{World, refused, violations};

const MATHS: (&str, &str) = ("5-А", "Математика");

chassis::on_both_databases! { crate::store::migrations();
    async fn an_approved_plan_is_returned_with_a_remark_once(db) {
        let world = World::on(db).planned().await;
        let saved = world.put_plan(MATHS, vec![theme("Дроби", 68)], 1).await;
        let approved = world.approve(&saved, 2).await.unwrap().into_inner().lesson_plan.unwrap();
        world.harness.ignore_announced().await;
        let request = return_request(&approved, 3);
        let answer = world.deputy().return_lesson_plan(request.clone()).await.unwrap().into_inner();
        let again = world.deputy().return_lesson_plan(request).await.unwrap().into_inner();
        assert_eq!(answer.lesson_plan, again.lesson_plan);
        let plan = answer.lesson_plan.unwrap();
        assert_eq!((plan.state(), plan.remark.as_str()), (pb::LessonPlanState::Returned, "Добавьте повторение"));
        assert_eq!((plan.etag.as_str(), &plan.themes), ("v3", &saved.themes));
        assert_eq!(world.announced_plans().await, std::slice::from_ref(&plan));
        assert_eq!(world.lesson_plan(MATHS.0, MATHS.1).await, plan);
    }
}

#[tokio::test]
async fn a_missing_plan_a_stale_etag_and_an_empty_remark_are_refused() {
    let world = World::with_a_plan().await;
    let missing = world.lesson_plan(MATHS.0, MATHS.1).await;
    let answer = refused(
        world
            .deputy()
            .return_lesson_plan(return_request(&missing, 1))
            .await,
    );
    assert_eq!(
        answer,
        (Code::FailedPrecondition, "LESSON_PLAN_MISSING".to_owned())
    );
    let old = world.put_plan(MATHS, vec![theme("Дроби", 1)], 2).await;
    world.put_plan(MATHS, vec![theme("Дроби", 2)], 3).await;
    let stale = refused(
        world
            .deputy()
            .return_lesson_plan(return_request(&old, 4))
            .await,
    );
    assert_eq!(stale, (Code::Aborted, "ETAG_STALE".to_owned()));
    let empty = pb::ReturnLessonPlanRequest {
        remark: String::new(),
        ..return_request(&old, 5)
    };
    let empty = violations(world.deputy().return_lesson_plan(empty).await);
    assert_eq!(empty[0].0, "remark");
}

#[tokio::test]
async fn teachers_directors_and_other_schools_do_not_return() {
    let world = World::with_a_plan().await;
    let saved = world.put_plan(MATHS, vec![theme("Дроби", 68)], 1).await;
    for (mut calls, code) in [
        (world.teacher("Иванова"), Code::PermissionDenied),
        (world.staff("school", &["DIRECTOR"]), Code::PermissionDenied),
        (world.staff("other school", &["DEPUTY"]), Code::NotFound),
    ] {
        let answer = refused(calls.return_lesson_plan(return_request(&saved, 2)).await);
        assert_eq!(answer.0, code);
    }
}
