//! Sessions on a list, ended one by one and all but one.

use chassis::caller::User;
use jiff::SignedDuration;
use zhurnal_proto::identity::v1::{
    DeviceSession, EndOtherSessionsRequest, EndSessionRequest, ListSessionsRequest, Role,
    SecurityKind, SwitchRoleRequest,
};

use super::world::*;

async fn list(world: &World, user: &User) -> Vec<DeviceSession> {
    world
        .by(user.clone())
        .list_sessions(ListSessionsRequest {})
        .await
        .unwrap()
        .into_inner()
        .sessions
}

/// Another session of the same account.
async fn again(world: &World, login: &str) -> (User, String) {
    let session = world.log_in(login, PASSWORD, "").await.unwrap().session;
    let secret = session.unwrap().secret;
    (world.user_of(&secret).await.unwrap(), secret)
}

fn end(session_id: &str) -> EndSessionRequest {
    EndSessionRequest {
        session_id: session_id.into(),
    }
}

#[tokio::test]
async fn the_list_shows_own_open_sessions_with_the_present_one_first() {
    let world = World::sqlite().await;
    let first = world.employee(CLASS_TEACHER, "teacher").await;
    world.employee(OTHER_TEACHER, "other").await;
    world.harness.clock().advance(SignedDuration::from_hours(2));
    let (second, _) = again(&world, "teacher").await;
    world.harness.ignore_announced().await;
    let all = list(&world, &first).await;
    let ids: Vec<&str> = all.iter().map(|s| s.session_id.as_str()).collect();
    assert_eq!(
        ids,
        [first.session.to_string(), second.session.to_string()],
        "nobody else's"
    );
    assert_eq!((all[0].current, all[1].current), (true, false));
    assert_eq!(all[0].device, "тест");
    assert_eq!(
        (all[0].role(), all[0].school_title.as_str()),
        (Role::Teacher, "Школа № 1")
    );
    let seconds = |s: &DeviceSession| s.first_seen_at.unwrap().seconds;
    assert_eq!(seconds(&all[1]) - seconds(&all[0]), 7_200);
    let last = |s: &DeviceSession| s.last_seen_at.unwrap().seconds;
    assert!(all.iter().all(|s| last(s) >= seconds(s)));
}

#[tokio::test]
async fn an_ended_session_is_refused_and_leaves_the_list() {
    let world = World::sqlite().await;
    let user = world.employee(CLASS_TEACHER, "teacher").await;
    let (stolen, secret) = again(&world, "teacher").await;
    world.harness.ignore_announced().await;
    let id = stolen.session.to_string();
    for _ in 0..2 {
        // A repeat has the same effect.
        world.by(user.clone()).end_session(end(&id)).await.unwrap();
    }
    assert_eq!(refused(world.user_of(&secret).await), "SESSION_ENDED");
    assert_eq!(list(&world, &user).await.len(), 1);
    assert_eq!(
        world.security_announced().await,
        [SecurityKind::SessionEnded]
    );
}

#[tokio::test]
async fn a_session_of_somebody_else_looks_like_none() {
    let world = World::sqlite().await;
    let user = world.employee(CLASS_TEACHER, "teacher").await;
    let victim = world.employee(OTHER_TEACHER, "other").await;
    world.harness.ignore_announced().await;
    let foreign = end(&victim.session.to_string());
    let missing = end("ses_00000000000000000000000000000001");
    let foreign = world.by(user.clone()).end_session(foreign).await;
    let missing = world.by(user).end_session(missing).await;
    let (foreign, missing) = (foreign.unwrap_err(), missing.unwrap_err());
    assert_eq!(foreign.code(), tonic::Code::NotFound);
    assert_eq!(
        (foreign.code(), foreign.message()),
        (missing.code(), missing.message())
    );
    assert_eq!(list(&world, &victim).await.len(), 1);
}

#[tokio::test]
async fn all_sessions_but_the_present_one_end_at_once() {
    let world = World::sqlite().await;
    let user = world.employee(CLASS_TEACHER, "teacher").await;
    let (_, one) = again(&world, "teacher").await;
    let (_, two) = again(&world, "teacher").await;
    world.harness.ignore_announced().await;
    let others = || world.by(user.clone());
    let request = EndOtherSessionsRequest {};
    let done = others().end_other_sessions(request).await.unwrap();
    assert_eq!(done.into_inner().ended_sessions, 2);
    for secret in [one, two] {
        assert_eq!(refused(world.user_of(&secret).await), "SESSION_ENDED");
    }
    let done = others().end_other_sessions(request).await.unwrap();
    assert_eq!(done.into_inner().ended_sessions, 0);
    assert_eq!(
        world.security_announced().await,
        [SecurityKind::SessionEnded],
        "nothing happened the second time"
    );
    let left = list(&world, &user).await;
    assert_eq!(left.len(), 1);
    assert!(left[0].current);
}

#[tokio::test]
async fn a_session_that_nobody_used_for_a_month_is_not_listed() {
    let world = World::sqlite().await;
    world.employee(CLASS_TEACHER, "teacher").await;
    world
        .harness
        .clock()
        .advance(SignedDuration::from_hours(24 * 31));
    let (user, _) = again(&world, "teacher").await;
    world.harness.ignore_announced().await;
    assert_eq!(list(&world, &user).await.len(), 1);
}

#[tokio::test]
async fn another_role_is_the_same_device() {
    let world = World::sqlite().await;
    let user = world.employee(ADMINISTRATOR, "admin").await;
    let before = list(&world, &user).await.remove(0);
    world.harness.clock().advance(SignedDuration::from_hours(1));
    let switch = SwitchRoleRequest {
        role: Role::Teacher.into(),
        school_id: school().to_string(),
        municipality_id: String::new(),
    };
    let switched = world.by(user).switch_role(switch).await.unwrap();
    let secret = switched.into_inner().session.unwrap().secret;
    world.harness.ignore_announced().await;
    let user = world.user_of(&secret).await.unwrap();
    let after = list(&world, &user).await;
    assert_eq!(after.len(), 1);
    assert_ne!(after[0].session_id, before.session_id);
    assert_eq!(
        (after[0].device.as_str(), after[0].first_seen_at),
        (before.device.as_str(), before.first_seen_at)
    );
}

chassis::on_both_databases! { <crate::IdentityService as chassis::service::Service>::migrations();
    async fn of_several_who_end_a_session_at_once_one_tells_the_owner(db) {
        let world = World::on(db).await;
        let user = world.employee(CLASS_TEACHER, "teacher").await;
        let (stolen, _) = again(&world, "teacher").await;
        world.harness.ignore_announced().await;
        let id = stolen.session.to_string();
        let tries = (0..6).map(|_| {
            let mut client = world.by(user.clone());
            let request = end(&id);
            async move { client.end_session(request).await }
        });
        let results = futures::future::join_all(tries).await;
        assert!(results.iter().all(Result::is_ok), "{results:?}");
        assert_eq!(world.security_announced().await, [SecurityKind::SessionEnded]);
    }
}
