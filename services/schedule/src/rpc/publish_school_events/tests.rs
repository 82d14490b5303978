//! Drafts are published, one or the plan of a month.

use chassis::service::Service;
use tonic::Code;
use zhurnal_proto::id::{ClassId, SchoolId};
use zhurnal_proto::schedule::v1 as pb;

use crate::Schedule;
use crate::testing::events::{cards, excursion, groups, of_audience, publish_request};
use crate::testing::{World, refused, text, violations};

chassis::on_both_databases! {
    Schedule::migrations();

    async fn the_plan_of_a_month_is_published_in_one_step(db) {
        let world = World::on(db).planned().await.class_teachers().await;
        let one = world.drafted(excursion(), 1).await;
        let meeting = pb::SchoolEventContent {
            kind: pb::SchoolEventKind::ParentsMeeting.into(),
            title: "Собрание".into(),
            ..excursion()
        };
        let other = world.drafted(meeting, 2).await;
        let request = publish_request(&[&one, &other], 3);
        let mut teacher = world.teacher("Иванова");
        let events = teacher.publish_school_events(request.clone()).await.unwrap().into_inner().school_events;
        assert!(events.iter().all(|one| one.state() == pb::SchoolEventState::Published && one.published_at.is_some()));
        let told = world.announced_events().await;
        assert_eq!(told.len(), 2);
        for one in &told {
            assert!(!one.again);
            assert_eq!(one.group_ids, groups(&["5-А", "5-А Английский гр.1"]));
        }
        // The same key again tells nobody again.
        let again = teacher.publish_school_events(request).await.unwrap().into_inner().school_events;
        assert_eq!(again, events);
        // They are no drafts any more.
        let twice = teacher.publish_school_events(publish_request(&[&one], 4)).await;
        assert_eq!(refused(twice), (Code::FailedPrecondition, "EVENT_NOT_DRAFT".into()));
    }

    async fn all_are_published_or_none(db) {
        let world = World::on(db).planned().await.class_teachers().await;
        let good = world.drafted(excursion(), 1).await;
        let stale = pb::SchoolEvent { etag: "v7".into(), ..world.drafted(excursion(), 2).await };
        let answer = world.deputy().publish_school_events(publish_request(&[&good, &stale], 3)).await;
        assert_eq!(refused(answer), (Code::Aborted, "ETAG_STALE".into()));
        let list = world.deputy().list_school_events(crate::testing::events::september("")).await;
        let events = list.unwrap().into_inner().school_events;
        assert!(events.iter().all(|one| one.state() == pb::SchoolEventState::Draft), "{events:?}");
        assert_eq!(events.len(), 2);
    }

    async fn an_event_of_the_school_is_told_to_all_and_one_of_the_staff_to_the_staff(db) {
        let world = World::on(db).planned().await.class_teachers().await;
        let staff = cards(&["Иванова", "Петров", "Сидорова", "Ким"]);
        let school = world.drafted(of_audience(pb::SchoolEventAudience::School), 1).await;
        world.deputy().publish_school_events(publish_request(&[&school], 2)).await.unwrap();
        let [told] = &world.announced_events().await[..] else { panic!("not one event") };
        assert_eq!(told.group_ids.len(), 3);
        assert_eq!(told.staff_ids, staff);
        let council = world.drafted(of_audience(pb::SchoolEventAudience::Staff), 3).await;
        world.deputy().publish_school_events(publish_request(&[&council], 4)).await.unwrap();
        let [told] = &world.announced_events().await[..] else { panic!("not one event") };
        assert!(told.group_ids.is_empty());
        assert_eq!(told.staff_ids, staff);
    }
}

#[tokio::test]
async fn another_class_teacher_publishes_nothing_and_nothing_is_named_twice() {
    let world = World::with_a_plan().await.class_teachers().await;
    let seen = world.drafted(excursion(), 1).await;
    let mut petrov = world.teacher("Петров");
    let answer = petrov
        .publish_school_events(publish_request(&[&seen], 2))
        .await;
    assert_eq!(answer.unwrap_err().code(), Code::PermissionDenied);
    let answer = world
        .deputy()
        .publish_school_events(publish_request(&[&seen, &seen], 3))
        .await;
    let expected = (
        "schoolEvents[1].schoolEventId".to_owned(),
        "TWICE".to_owned(),
    );
    assert_eq!(violations(answer), [expected]);
    let mut elsewhere = publish_request(&[&seen], 4);
    elsewhere.school_id = text::<SchoolId>("other");
    let answer = world.deputy().publish_school_events(elsewhere).await;
    assert_eq!(answer.unwrap_err().code(), Code::PermissionDenied);
}

#[tokio::test]
async fn a_draft_whose_day_has_gone_is_not_published() {
    let world = World::with_a_plan().await.class_teachers().await;
    let seen = world.drafted(excursion(), 1).await;
    world
        .harness
        .clock()
        .advance(jiff::SignedDuration::from_hours(240));
    let answer = world
        .deputy()
        .publish_school_events(publish_request(&[&seen], 2))
        .await;
    let over = (Code::FailedPrecondition, "EVENT_IS_OVER".to_owned());
    assert_eq!(refused(answer), over);
    assert_eq!(seen.content.unwrap().class_ids, [text::<ClassId>("5-А")]);
}
