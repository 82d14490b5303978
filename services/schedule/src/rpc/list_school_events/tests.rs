//! What the staff sees.

use chassis::service::Service;
use tonic::Code;
use zhurnal_proto::id::{ClassId, GroupId};
use zhurnal_proto::schedule::v1 as pb;

use crate::Schedule;
use crate::testing::events::{excursion, of_audience, september};
use crate::testing::{World, text, violations};

chassis::on_both_databases! {
    Schedule::migrations();

    async fn drafts_are_for_those_who_may_change_them_and_the_rest_for_all(db) {
        let world = World::on(db).planned().await.class_teachers().await;
        world.drafted(excursion(), 1).await;
        let concert = pb::SchoolEventContent {
            title: "Концерт".into(),
            starts_on: "2026-08-31".into(),
            ends_on: "2026-09-02".into(),
            starts_at: String::new(),
            ends_at: String::new(),
            ..of_audience(pb::SchoolEventAudience::School)
        };
        world.published(concert, 2).await;
        // By first day; what began before the range is in it while it lasts.
        assert_eq!(world.seen_by(&mut world.deputy(), "").await, ["Концерт", "Экскурсия"]);
        assert_eq!(world.seen_by(&mut world.teacher("Иванова"), "").await, ["Концерт", "Экскурсия"]);
        assert_eq!(world.seen_by(&mut world.teacher("Петров"), "").await, ["Концерт"]);
    }

    async fn of_a_class_are_its_events_those_of_its_groups_and_of_the_school(db) {
        let world = World::on(db).planned().await.class_teachers().await;
        let titled = |title: &str, content| pb::SchoolEventContent { title: title.into(), ..content };
        let group = pb::SchoolEventContent {
            group_id: text::<GroupId>("5-А Английский гр.1"),
            ..of_audience(pb::SchoolEventAudience::Group)
        };
        let ten = pb::SchoolEventContent { class_ids: vec![text::<ClassId>("10-А")], ..excursion() };
        world.drafted(titled("Класс", excursion()), 1).await;
        world.drafted(titled("Группа", group), 2).await;
        world.drafted(titled("Десятый", ten), 3).await;
        world.drafted(titled("Школа", of_audience(pb::SchoolEventAudience::School)), 4).await;
        world.drafted(titled("Педсовет", of_audience(pb::SchoolEventAudience::Staff)), 5).await;
        let mut seen = world.seen_by(&mut world.deputy(), "5-А").await;
        seen.sort();
        assert_eq!(seen, ["Группа", "Класс", "Школа"]);
    }
}

#[tokio::test]
async fn the_answer_says_what_the_caller_may_change() {
    let world = World::with_a_plan().await.class_teachers().await;
    world.published(excursion(), 1).await;
    let ask = async |mut calls: crate::testing::Calls| {
        let answer = calls.list_school_events(september("")).await.unwrap();
        let answer = answer.into_inner();
        let can = answer.school_events[0].can_change;
        (can, answer.own_class_ids, answer.can_change_all)
    };
    let own = vec![text::<ClassId>("5-А")];
    assert_eq!(ask(world.teacher("Иванова")).await, (true, own, false));
    let other = vec![text::<ClassId>("10-А")];
    assert_eq!(ask(world.teacher("Петров")).await, (false, other, false));
    assert_eq!(ask(world.deputy()).await, (true, Vec::new(), true));
    let rooms = world
        .deputy()
        .list_school_events(september(""))
        .await
        .unwrap();
    assert_eq!(rooms.into_inner().rooms, ["каб. 1", "каб. 2"]);
}

#[tokio::test]
async fn other_schools_families_and_long_ranges_are_refused() {
    let world = World::with_a_plan().await;
    let mut other = world.staff("other", &["DEPUTY"]);
    let code = other
        .list_school_events(september(""))
        .await
        .unwrap_err()
        .code();
    assert_eq!(code, Code::PermissionDenied);
    let answer = world.family("Мать").list_school_events(september("")).await;
    assert_eq!(answer.unwrap_err().code(), Code::PermissionDenied);
    for (to, rule) in [("2026-08-31", "REVERSED"), ("2026-11-02", "RANGE_TOO_LONG")] {
        let mut request = september("");
        request.to = to.into();
        let answer = world.deputy().list_school_events(request).await;
        assert_eq!(violations(answer), [("to".to_owned(), rule.to_owned())]);
    }
}
