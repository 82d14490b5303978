//! What roster tells becomes schedule's copy.

use std::convert::Infallible;
use std::sync::Arc;
use std::task::{Context, Poll};

use chassis::testing::eventually;
use futures::future::BoxFuture;
use futures::stream::{BoxStream, StreamExt};
use tonic::body::Body;
use tonic::server::{NamedService, ServerStreamingService};
use tonic::service::Routes;
use tonic::{Request, Response, Status};
use tower::Service;
use zhurnal_proto::id::{ClassId, GroupId, GuardianLinkId, PersonId, SchoolId};
use zhurnal_proto::roster::v1 as pb;
use zhurnal_proto::roster::v1::roster_event::Change;

use crate::store::{School, event_people, roster_copy};
use crate::testing::{World, id, staff_member, text};

fn school() -> School {
    School::told_by_roster(id("school"))
}

fn group(title: &str) -> pb::Group {
    pb::Group {
        group_id: text::<GroupId>("5-А"),
        school_id: text::<SchoolId>("school"),
        academic_year: "2026/2027".into(),
        title: title.into(),
        kind: pb::GroupKind::Class.into(),
        class_id: text::<ClassId>("5-А"),
        ..Default::default()
    }
}

#[tokio::test]
async fn the_last_state_of_a_person_counts() {
    let world = World::empty().await;
    let staff = vec![
        staff_member("Ким", &[pb::Duty::Teacher]),
        pb::StaffMember {
            ends_on: "2026-12-30".into(),
            ..staff_member("Ким", &[pb::Duty::Secretary])
        },
    ];
    world
        .hear(
            id("school"),
            Change::StaffChanged(pb::StaffChanged { staff }),
        )
        .await
        .unwrap();
    let known = roster_copy::staff_member(world.harness.db().read(), school(), id("Ким"))
        .await
        .unwrap()
        .unwrap();
    assert!(!known.teaches);
    assert_eq!(known.ends_on, Some(jiff::civil::date(2026, 12, 30)));
    world.employ(&["Ким"]).await;
    let known = roster_copy::staff_member(world.harness.db().read(), school(), id("Ким"))
        .await
        .unwrap()
        .unwrap();
    assert!(known.teaches && known.ends_on.is_none());
}

#[tokio::test]
async fn a_renamed_group_keeps_its_grade_and_shift_whichever_comes_first() {
    let after = World::with_a_plan().await;
    let renamed = |title: &str| {
        Change::GroupsChanged(pb::GroupsChanged {
            groups: vec![group(title)],
            removed_ids: Vec::new(),
        })
    };
    after
        .hear(id("school"), renamed("5-А (лицейский)"))
        .await
        .unwrap();
    assert_eq!(
        after.lesson("2026-09-07", 1, "5-А (лицейский)").await.grade,
        5
    );

    let before = World::empty().await;
    before
        .hear(id("school"), renamed("старое название"))
        .await
        .unwrap();
    let before = before.planned().await;
    assert_eq!(before.lesson("2026-09-07", 1, "5-А").await.grade, 5);
}

#[tokio::test]
async fn guardians_are_those_in_force_and_a_link_without_a_first_day_is_since_ever() {
    let world = World::empty().await;
    world.represent("Мать", "Аня", "").await;
    let since_ever = pb::GuardianLink {
        guardian_link_id: text::<GuardianLinkId>("Отец"),
        guardian_id: text::<PersonId>("Отец"),
        pupil_id: text::<PersonId>("Аня"),
        is_representative: true,
        ..Default::default()
    };
    let aunt = pb::GuardianLink {
        guardian_link_id: text::<GuardianLinkId>("Тётя"),
        guardian_id: text::<PersonId>("Тётя"),
        is_representative: false,
        ..since_ever.clone()
    };
    let changed = pb::GuardianLinksChanged {
        guardian_links: vec![since_ever, aunt],
    };
    world
        .hear(id("school"), Change::GuardianLinksChanged(changed))
        .await
        .unwrap();
    let on = async |day| {
        let conn = world.harness.db().read();
        let mut found = event_people::guardians(conn, school(), (id("Аня"), day))
            .await
            .unwrap();
        found.sort_unstable();
        found
    };
    let mut both: Vec<PersonId> = vec![id("Мать"), id("Отец")];
    both.sort_unstable();
    assert_eq!(on(jiff::civil::date(2026, 9, 1)).await, both);
    assert_eq!(on(jiff::civil::date(2019, 9, 1)).await, [id("Отец")]);
}

#[tokio::test]
async fn an_event_that_cannot_be_read_is_an_error_and_leaves_nothing() {
    let world = World::empty().await;
    let broken = vec![
        staff_member("Ким", &[]),
        pb::StaffMember {
            person_id: "x".into(),
            ..Default::default()
        },
    ];
    let answer = world
        .hear(
            id("school"),
            Change::StaffChanged(pb::StaffChanged { staff: broken }),
        )
        .await;
    assert!(answer.is_err());
    let known = roster_copy::staff_member(world.harness.db().read(), school(), id("Ким"))
        .await
        .unwrap();
    assert_eq!(known, None);
}

#[tokio::test]
async fn the_feed_is_followed_and_every_event_taken_once() {
    let staff = |name: &str| pb::RosterEvent {
        school_id: text::<SchoolId>("school"),
        change: Some(Change::StaffChanged(pb::StaffChanged {
            staff: vec![staff_member(name, &[])],
        })),
        ..Default::default()
    };
    let people = Change::PeopleChanged(pb::PeopleChanged::default());
    let passed_over = pb::RosterEvent {
        school_id: text::<SchoolId>("school"),
        change: Some(people),
        ..Default::default()
    };
    let world = World::empty().await;
    world.harness.host(
        "roster",
        Routes::new(FakeRoster(Arc::new(vec![
            staff("Ким"),
            passed_over,
            staff("Петров"),
        ]))),
    );
    let tasks = world.harness.start_tasks();
    let db = world.harness.db();
    eventually("both people are known", || async {
        let ids: [PersonId; 2] = [id("Ким"), id("Петров")];
        let known = ids.map(|person| async move {
            roster_copy::staff_member(db.read(), school(), person)
                .await
                .unwrap()
        });
        futures::future::join_all(known)
            .await
            .iter()
            .all(Option::is_some)
    })
    .await;
    assert_eq!(
        chassis::feed::position(db, "roster")
            .await
            .unwrap()
            .map(|at| at.to_string()),
        Some("e1.3".to_owned())
    );
    tasks.stop().await;
}

/// A roster whose feed holds these events and then says no more.
#[derive(Clone)]
struct FakeRoster(Arc<Vec<pb::RosterEvent>>);

impl NamedService for FakeRoster {
    const NAME: &'static str = "zhurnal.roster.v1.RosterService";
}

impl Service<http::Request<Body>> for FakeRoster {
    type Response = http::Response<Body>;
    type Error = Infallible;
    type Future = BoxFuture<'static, Result<Self::Response, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: http::Request<Body>) -> Self::Future {
        let feed = self.clone();
        Box::pin(async move {
            let mut grpc = tonic::server::Grpc::new(tonic_prost::ProstCodec::default());
            Ok(grpc.server_streaming(feed, request).await)
        })
    }
}

impl ServerStreamingService<pb::WatchRosterEventsRequest> for FakeRoster {
    type Response = pb::WatchRosterEventsResponse;
    type ResponseStream = BoxStream<'static, Result<Self::Response, Status>>;
    type Future = BoxFuture<'static, Result<Response<Self::ResponseStream>, Status>>;

    fn call(&mut self, request: Request<pb::WatchRosterEventsRequest>) -> Self::Future {
        let seen = request
            .get_ref()
            .cursor
            .strip_prefix("e1.")
            .map_or(0, |at| at.parse().unwrap());
        let events: Vec<_> = self.0.iter().cloned().zip(1..).skip(seen).collect();
        let told = events.into_iter().map(|(event, at)| {
            Ok(pb::WatchRosterEventsResponse {
                event: Some(event),
                cursor: format!("e1.{at}"),
            })
        });
        let live = futures::stream::iter(told).chain(futures::stream::pending());
        Box::pin(async move { Ok(Response::new(live.boxed())) })
    }
}
