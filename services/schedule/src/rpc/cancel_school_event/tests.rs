//! Published events are cancelled and stay to be seen.

use chassis::service::Service;
use tonic::Code;
use zhurnal_proto::schedule::v1 as pb;

use crate::Schedule;
use crate::testing::events::{cancel_request, cards, excursion, groups};
use crate::testing::{World, refused};

chassis::on_both_databases! {
    Schedule::migrations();

    async fn a_cancelled_event_stays_with_its_reason_and_its_audience_is_told(db) {
        let world = World::on(db).planned().await.class_teachers().await;
        let seen = world.published(excursion(), 1).await;
        let request = cancel_request(&seen, 2);
        let answer = world.deputy().cancel_school_event(request.clone()).await.unwrap();
        let event = answer.into_inner().school_event.unwrap();
        assert_eq!((event.state(), event.cancel_reason.as_str()), (pb::SchoolEventState::Cancelled, "дождь"));
        assert_eq!(event.published_at, seen.published_at);
        let again = world.deputy().cancel_school_event(request).await.unwrap().into_inner();
        assert_eq!(again.school_event, Some(event.clone()));
        let [told] = &world.announced_events().await[..] else { panic!("not one event") };
        assert!(told.again);
        assert_eq!(told.school_event.as_ref().unwrap().cancel_reason, "дождь");
        assert_eq!(told.group_ids, groups(&["5-А", "5-А Английский гр.1"]));
        assert_eq!(told.staff_ids, cards(&["Иванова"]));
        assert_eq!(world.seen_by(&mut world.teacher("Ким"), "").await, ["Экскурсия"]);
        let twice = world.deputy().cancel_school_event(cancel_request(&event, 3)).await;
        assert_eq!(refused(twice), (Code::FailedPrecondition, "EVENT_CANCELLED".into()));
    }
}

#[tokio::test]
async fn drafts_stale_versions_and_other_classes_are_refused() {
    let world = World::with_a_plan().await.class_teachers().await;
    let draft = world.drafted(excursion(), 1).await;
    let answer = world
        .deputy()
        .cancel_school_event(cancel_request(&draft, 2))
        .await;
    let expected = (Code::FailedPrecondition, "EVENT_NOT_PUBLISHED".to_owned());
    assert_eq!(refused(answer), expected);

    let seen = world.published(excursion(), 3).await;
    let mut stale = cancel_request(&seen, 4);
    stale.etag = "v1".into();
    let answer = world.deputy().cancel_school_event(stale).await;
    assert_eq!(refused(answer), (Code::Aborted, "ETAG_STALE".into()));
    let mut petrov = world.teacher("Петров");
    let answer = petrov.cancel_school_event(cancel_request(&seen, 5)).await;
    assert_eq!(answer.unwrap_err().code(), Code::PermissionDenied);
    let mut unknown = cancel_request(&seen, 6);
    unknown.school_event_id = format!("evt_{:032x}", 7);
    let answer = world.deputy().cancel_school_event(unknown).await;
    assert_eq!(answer.unwrap_err().code(), Code::NotFound);
}

#[tokio::test]
async fn an_event_that_is_over_is_not_cancelled() {
    let world = World::with_a_plan().await.class_teachers().await;
    let seen = world.published(excursion(), 1).await;
    world
        .harness
        .clock()
        .advance(jiff::SignedDuration::from_hours(240));
    let answer = world
        .deputy()
        .cancel_school_event(cancel_request(&seen, 2))
        .await;
    let over = (Code::FailedPrecondition, "EVENT_IS_OVER".to_owned());
    assert_eq!(refused(answer), over);
}
