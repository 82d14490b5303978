//! Drafts are removed.

use chassis::service::Service;
use tonic::Code;

use crate::Schedule;
use crate::testing::events::{discard_request, excursion};
use crate::testing::{World, refused};

chassis::on_both_databases! {
    Schedule::migrations();

    async fn a_draft_is_removed_and_the_same_key_again_is_no_refusal(db) {
        let world = World::on(db).planned().await.class_teachers().await;
        let draft = world.drafted(excursion(), 1).await;
        let mut petrov = world.teacher("Петров");
        let denied = petrov.discard_school_event(discard_request(&draft, 2)).await;
        assert_eq!(denied.unwrap_err().code(), Code::PermissionDenied);
        let mut teacher = world.teacher("Иванова");
        for _ in 0..2 {
            teacher.discard_school_event(discard_request(&draft, 3)).await.unwrap();
        }
        assert!(world.seen_by(&mut world.deputy(), "").await.is_empty());
        let gone = teacher.discard_school_event(discard_request(&draft, 4)).await;
        assert_eq!(gone.unwrap_err().code(), Code::NotFound);
    }
}

#[tokio::test]
async fn what_was_published_is_not_removed() {
    let world = World::with_a_plan().await.class_teachers().await;
    let seen = world.published(excursion(), 1).await;
    let answer = world
        .deputy()
        .discard_school_event(discard_request(&seen, 2))
        .await;
    let expected = (Code::FailedPrecondition, "EVENT_NOT_DRAFT".to_owned());
    assert_eq!(refused(answer), expected);
    let draft = world.drafted(excursion(), 3).await;
    let mut stale = discard_request(&draft, 4);
    stale.etag = "v9".into();
    let answer = world.deputy().discard_school_event(stale).await;
    assert_eq!(refused(answer), (Code::Aborted, "ETAG_STALE".into()));
}
