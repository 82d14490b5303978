//! WatchRosterEvents.

use chassis::caller::Caller;
use chassis::outbox::{Round, head, sequence};
use chassis::service::Service as _;
use chassis::testing::eventually;
use futures::StreamExt;
use tonic::Code;
use zhurnal_proto::id::SchoolId;
use zhurnal_proto::roster::v1 as pb;
use zhurnal_proto::roster::v1::roster_event::Change;

use crate::RosterService;
use crate::domain::school_import::SheetKind;
use crate::testing::SmallSchool;
use crate::world::{World, machine, region};

/// Events up to the present end of the feed, and where it ends.
async fn events(
    world: &World,
    caller: &Caller,
    school: Option<SchoolId>,
    cursor: &str,
) -> (Vec<pb::RosterEvent>, String) {
    let db = world.harness.db();
    eventually("every committed event is numbered", || async {
        sequence(db).await.unwrap() == Round::Numbered(0)
    })
    .await;
    let head = head(db).await.unwrap().to_string();
    let request = pb::WatchRosterEventsRequest {
        cursor: cursor.into(),
        school_id: school.map(|school| school.to_string()).unwrap_or_default(),
        changes: Vec::new(),
    };
    let mut stream = world
        .client(caller)
        .watch_roster_events(request)
        .await
        .unwrap()
        .into_inner();
    let mut seen = Vec::new();
    let mut at = cursor.to_owned();
    while at != head {
        let next = stream.next().await.unwrap().unwrap();
        at = next.cursor;
        seen.extend(next.event);
    }
    (seen, at)
}

fn has_people(events: &[pb::RosterEvent]) -> bool {
    events
        .iter()
        .any(|event| matches!(event.change, Some(Change::PeopleChanged(_))))
}

async fn two_schools(world: &World) -> (SchoolId, SchoolId) {
    let first = world.with_school(&SmallSchool::new()).await;
    let mut other = SmallSchool::new();
    other.set(SheetKind::School, "B", 2, "МБОУ «Школа № 2»");
    (first, world.with_school(&other).await)
}

chassis::on_both_databases! { RosterService::migrations();
    async fn services_follow_everything_and_go_on_from_their_cursor(db) {
        let world = World::on(db);
        let tasks = world.harness.start_tasks();
        let (first, _) = two_schools(&world).await;
        let (all, end) = events(&world, &Caller::service("grading"), None, "").await;
        assert!(has_people(&all));
        // The municipality; nine kinds without supervision make eight events, then ACTIVE; twice.
        assert_eq!(all.len(), 19);
        let Some(Change::SchoolChanged(last)) = &all[18].change else { panic!("{:?}", all[18]) };
        assert_eq!(last.school.as_ref().unwrap().state(), pb::SchoolState::Active);

        let mut third = SmallSchool::new();
        third.set(SheetKind::School, "B", 2, "МБОУ «Школа № 3»");
        let third = world.with_school(&third).await;
        let (new, _) = events(&world, &Caller::service("grading"), None, &end).await;
        assert_eq!(new.len(), 9);
        assert!(new.iter().all(|event| event.school_id == third.to_string()));
        let (of_first, _) = events(&world, &Caller::service("grading"), Some(first), "").await;
        assert!(of_first.len() == 9 && of_first.iter().all(|event| event.school_id == first.to_string()));
        tasks.stop().await;
    }
}

#[tokio::test]
async fn another_system_gets_names_only_with_the_scope_for_people() {
    let world = World::sqlite().await;
    two_schools(&world).await;
    let (without, _) = events(&world, &machine(&["roster.events"], &[]), None, "").await;
    assert_eq!((without.len(), has_people(&without)), (17, false));
    let (with, _) = events(
        &world,
        &machine(&["roster.events", "roster.people"], &[]),
        None,
        "",
    )
    .await;
    assert_eq!((with.len(), has_people(&with)), (19, true));
    let people = pb::WatchRosterEventsRequest {
        changes: vec!["people_changed".into()],
        ..Default::default()
    };
    let mut asked = world
        .client(&machine(&["roster.events"], &[]))
        .watch_roster_events(people)
        .await
        .unwrap()
        .into_inner();
    let told = asked.message().await.unwrap().unwrap();
    assert_eq!(told.event, None, "asking by name opens nothing");
}

#[tokio::test]
async fn another_system_follows_its_own_schools_only() {
    let world = World::sqlite().await;
    let (first, second) = two_schools(&world).await;
    let bound = machine(&["roster.events"], &[second]);
    let (own, _) = events(&world, &bound, None, "").await;
    assert!(
        own.len() == 8
            && own
                .iter()
                .all(|event| event.school_id == second.to_string())
    );
    let foreign = pb::WatchRosterEventsRequest {
        school_id: first.to_string(),
        ..Default::default()
    };
    let refused = world
        .client(&bound)
        .watch_roster_events(foreign)
        .await
        .unwrap_err();
    assert_eq!(refused.code(), Code::PermissionDenied);
}

#[tokio::test]
async fn people_and_systems_without_the_scope_do_not_follow() {
    let world = World::sqlite().await;
    for caller in [region("ADMINISTRATOR"), machine(&["roster.read"], &[])] {
        let refused = world
            .client(&caller)
            .watch_roster_events(pb::WatchRosterEventsRequest::default())
            .await
            .unwrap_err();
        assert_eq!(refused.code(), Code::PermissionDenied, "{caller:?}");
    }
    let wrong = pb::WatchRosterEventsRequest {
        cursor: "yesterday".into(),
        ..Default::default()
    };
    let refused = world
        .client(&Caller::service("grading"))
        .watch_roster_events(wrong)
        .await
        .unwrap_err();
    assert_eq!(refused.code(), Code::InvalidArgument);
}
