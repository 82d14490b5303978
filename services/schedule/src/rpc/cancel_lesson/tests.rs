//! Cancelling a lesson.

use chassis::testing::eventually;
use tonic::Code;
use zhurnal_proto::id::{LessonId, SchoolId};
use zhurnal_proto::schedule::v1 as pb;

use crate::testing::{World, refused, text, violations};

const FIRST: &str = "0192f0c1-0000-7000-8000-000000000001";
const SECOND: &str = "0192f0c1-0000-7000-8000-000000000002";

async fn request(world: &World, request_id: &str) -> pb::CancelLessonRequest {
    let lesson = world.lesson("2026-09-07", 1, "5-А").await;
    pb::CancelLessonRequest {
        school_id: lesson.school_id,
        lesson_id: lesson.lesson_id,
        reason: "карантин".into(),
        etag: lesson.etag,
        request_id: request_id.into(),
    }
}

#[tokio::test]
async fn a_deputy_cancels_a_lesson_and_everybody_hears_of_it() {
    let world = World::with_a_plan().await;
    let before = world.lesson("2026-09-07", 1, "5-А").await;
    let answer = world
        .deputy()
        .cancel_lesson(request(&world, FIRST).await)
        .await
        .unwrap()
        .into_inner();
    let expected = pb::Lesson {
        state: pb::LessonState::Cancelled.into(),
        state_reason: "карантин".into(),
        etag: "v2".into(),
        ..before
    };
    assert_eq!(answer.lesson, Some(expected.clone()));
    assert_eq!(
        world.announced_lessons().await,
        std::slice::from_ref(&expected)
    );
    assert_eq!(world.lesson("2026-09-07", 1, "5-А").await, expected);
    assert_eq!(answer.causal_token, None, "nobody has asked");
}

#[tokio::test]
async fn a_caller_that_keeps_tokens_hears_how_far_the_feed_must_be_read() {
    let world = World::with_a_plan().await;
    let _numbering = world.harness.start_tasks();
    let message = request(&world, FIRST).await;
    // A repeat has the same effect; a token that takes too long is left out.
    let token = eventually("a token", || async {
        let mut asked = tonic::Request::new(message.clone());
        let nothing_seen = "".parse().unwrap();
        asked
            .metadata_mut()
            .insert("zhurnal-min-versions", nothing_seen);
        let answer = world.deputy().cancel_lesson(asked).await.unwrap();
        answer.into_inner().causal_token
    })
    .await;
    let head = chassis::outbox::head(world.harness.db()).await.unwrap();
    assert_eq!(token.cursors["schedule"], head.to_string());
    assert_eq!(world.announced_lessons().await.len(), 1);
}

#[tokio::test]
async fn the_same_request_twice_has_one_effect_and_one_answer() {
    let world = World::with_a_plan().await;
    let request = request(&world, FIRST).await;
    let first = world
        .deputy()
        .cancel_lesson(request.clone())
        .await
        .unwrap()
        .into_inner();
    let again = world
        .deputy()
        .cancel_lesson(request.clone())
        .await
        .unwrap()
        .into_inner();
    assert_eq!(first.lesson, again.lesson);
    assert_eq!(world.announced_lessons().await.len(), 1);
    let other = pb::CancelLessonRequest {
        reason: "другая".into(),
        ..request
    };
    let reused = refused(world.deputy().cancel_lesson(other).await);
    assert_eq!(
        reused,
        (
            Code::FailedPrecondition,
            "IDEMPOTENCY_KEY_REUSED".to_owned()
        )
    );
}

#[tokio::test]
async fn a_cancelled_lesson_is_not_cancelled_again() {
    let world = World::with_a_plan().await;
    world
        .deputy()
        .cancel_lesson(request(&world, FIRST).await)
        .await
        .unwrap();
    world.harness.ignore_announced().await;
    let again = refused(
        world
            .deputy()
            .cancel_lesson(request(&world, SECOND).await)
            .await,
    );
    assert_eq!(
        again,
        (Code::FailedPrecondition, "LESSON_NOT_PLANNED".to_owned())
    );
}

#[tokio::test]
async fn a_stale_etag_changes_nothing() {
    let world = World::with_a_plan().await;
    let request = pb::CancelLessonRequest {
        etag: "v7".into(),
        ..request(&world, FIRST).await
    };
    let status = world.deputy().cancel_lesson(request).await.unwrap_err();
    assert_eq!(
        (status.code(), chassis::status::reason(&status)),
        (Code::Aborted, "ETAG_STALE".to_owned())
    );
    assert_eq!(
        chassis::status::error_info(&status).unwrap().metadata["current"],
        "v1"
    );
    assert_eq!(world.lesson("2026-09-07", 1, "5-А").await.etag, "v1");
}

#[tokio::test]
async fn without_an_etag_the_present_lesson_is_cancelled() {
    let world = World::with_a_plan().await;
    let request = pb::CancelLessonRequest {
        etag: String::new(),
        ..request(&world, FIRST).await
    };
    assert!(world.deputy().cancel_lesson(request).await.is_ok());
    world.harness.ignore_announced().await;
}

#[tokio::test]
async fn a_lesson_of_another_school_is_as_unknown_as_one_that_does_not_exist() {
    let world = World::with_a_plan().await;
    let own = request(&world, FIRST).await;
    let abroad = pb::CancelLessonRequest {
        school_id: text::<SchoolId>("other school"),
        ..own.clone()
    };
    let missing = pb::CancelLessonRequest {
        lesson_id: text::<LessonId>("нет такого"),
        ..own.clone()
    };
    let foreign = world
        .staff("other school", &["DEPUTY"])
        .cancel_lesson(own)
        .await
        .unwrap_err();
    let elsewhere = world
        .staff("other school", &["DEPUTY"])
        .cancel_lesson(abroad)
        .await
        .unwrap_err();
    let missing = world.deputy().cancel_lesson(missing).await.unwrap_err();
    for status in [&foreign, &elsewhere] {
        assert_eq!(status.code(), Code::NotFound);
        assert_eq!(
            (status.message(), status.details()),
            (missing.message(), missing.details())
        );
    }
}

#[tokio::test]
async fn a_teacher_may_not_cancel() {
    let world = World::with_a_plan().await;
    let request = request(&world, FIRST).await;
    let answer = world
        .staff("school", &["TEACHER"])
        .cancel_lesson(request.clone())
        .await;
    assert_eq!(refused(answer).0, Code::PermissionDenied);
    let answer = world
        .client(&["schedule.read"], &[])
        .cancel_lesson(request)
        .await;
    assert_eq!(refused(answer).0, Code::PermissionDenied);
}

#[tokio::test]
async fn a_reason_and_a_request_id_are_needed() {
    let world = World::with_a_plan().await;
    let request = pb::CancelLessonRequest {
        reason: String::new(),
        request_id: "1".into(),
        ..request(&world, FIRST).await
    };
    let at = |field: &str, rule: &str| (field.to_owned(), rule.to_owned());
    assert_eq!(
        violations(world.deputy().cancel_lesson(request).await),
        [at("reason", "REQUIRED"), at("requestId", "INVALID_UUID")]
    );
}
