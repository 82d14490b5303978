//! What a family sees.

use chassis::service::Service;
use tonic::Code;
use zhurnal_proto::id::{ClassId, GroupId, SchoolId};
use zhurnal_proto::schedule::v1 as pb;

use crate::Schedule;
use crate::testing::events::{cancel_request, excursion, of_audience, of_pupil};
use crate::testing::{World, text, violations};

async fn families(world: World) -> World {
    let world = world.planned().await.class_teachers().await;
    world.enrol("5-А", &["Аня"], "").await;
    world.enrol("10-А", &["Боря"], "").await;
    world.represent("Мать", "Аня", "").await;
    world.represent("Отец", "Боря", "").await;
    world
}

chassis::on_both_databases! {
    Schedule::migrations();

    async fn a_family_sees_what_is_published_for_the_own_child_and_nothing_else(db) {
        let world = families(World::on(db)).await;
        world.drafted(excursion(), 1).await;
        assert!(world.family_sees("Мать", "Аня").await.is_empty(), "a draft");
        let titled = |title: &str, content| pb::SchoolEventContent { title: title.into(), ..content };
        let ten = pb::SchoolEventContent { class_ids: vec![text::<ClassId>("10-А")], ..excursion() };
        let group = pb::SchoolEventContent {
            group_id: text::<GroupId>("5-А Английский гр.1"),
            ..of_audience(pb::SchoolEventAudience::Group)
        };
        world.published(titled("Класс", excursion()), 2).await;
        world.published(titled("Десятый", ten), 3).await;
        world.published(titled("Не её группа", group), 4).await;
        world.published(titled("Педсовет", of_audience(pb::SchoolEventAudience::Staff)), 5).await;
        let late = pb::SchoolEventContent { starts_on: "2026-09-20".into(), ..of_audience(pb::SchoolEventAudience::School) };
        world.published(titled("Школа", late), 6).await;
        for card in ["Мать", "Аня"] {
            assert_eq!(world.family_sees(card, "Аня").await, ["Класс", "Школа"]);
        }
        assert_eq!(world.family_sees("Отец", "Боря").await, ["Десятый", "Школа"]);
        let foreign = world.family("Отец").list_pupil_events(of_pupil("Аня")).await;
        assert_eq!(foreign.unwrap_err().code(), Code::NotFound);
    }

    async fn a_cancelled_event_stays_to_be_seen_and_hides_who_made_it(db) {
        let world = families(World::on(db)).await;
        let both = pb::SchoolEventContent {
            class_ids: vec![text::<ClassId>("5-А"), text::<ClassId>("10-А")],
            ..excursion()
        };
        let seen = world.published(both, 1).await;
        world.deputy().cancel_school_event(cancel_request(&seen, 2)).await.unwrap();
        world.harness.ignore_announced().await;
        let answer = world.family("Мать").list_pupil_events(of_pupil("Аня")).await.unwrap();
        let [event] = &answer.into_inner().school_events[..] else { panic!("not one event") };
        assert_eq!((event.state(), event.cancel_reason.as_str()), (pb::SchoolEventState::Cancelled, "дождь"));
        assert!(event.made_by.is_empty() && !event.can_change && event.room_conflicts.is_empty());
        // Which other classes go is not told.
        assert_eq!(event.content.as_ref().unwrap().class_ids, [text::<ClassId>("5-А")]);
    }
}

#[tokio::test]
async fn a_guardian_whose_link_has_ended_sees_nothing() {
    let world = families(World::empty().await).await;
    world.published(excursion(), 1).await;
    assert_eq!(world.family_sees("Мать", "Аня").await, ["Экскурсия"]);
    world.represent("Мать", "Аня", "2026-08-31").await;
    let answer = world
        .family("Мать")
        .list_pupil_events(of_pupil("Аня"))
        .await;
    assert_eq!(answer.unwrap_err().code(), Code::NotFound);
}

#[tokio::test]
async fn who_left_the_class_sees_only_what_was_before() {
    let world = families(World::empty().await).await;
    world.published(excursion(), 1).await;
    let later = pb::SchoolEventContent {
        title: "Поход".into(),
        starts_on: "2026-09-21".into(),
        ..excursion()
    };
    world.published(later, 2).await;
    world.enrol("5-А", &["Аня"], "2026-09-10").await;
    assert_eq!(world.family_sees("Мать", "Аня").await, ["Экскурсия"]);
}

#[tokio::test]
async fn staff_other_schools_and_long_ranges_are_refused() {
    let world = families(World::empty().await).await;
    let answer = world.deputy().list_pupil_events(of_pupil("Аня")).await;
    assert_eq!(answer.unwrap_err().code(), Code::PermissionDenied);
    let mut elsewhere = of_pupil("Аня");
    elsewhere.school_id = text::<SchoolId>("other");
    let answer = world.family("Мать").list_pupil_events(elsewhere).await;
    assert_eq!(answer.unwrap_err().code(), Code::NotFound);
    let mut long = of_pupil("Аня");
    long.to = "2026-11-02".into();
    let answer = world.family("Мать").list_pupil_events(long).await;
    let expected = ("to".to_owned(), "RANGE_TOO_LONG".to_owned());
    assert_eq!(violations(answer), [expected]);
}
