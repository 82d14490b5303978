//! Calls between services, in process and over TCP.

use std::net::SocketAddr;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use tokio_util::sync::CancellationToken;
use tonic::Code;
use zhurnal_proto::notification::v1::notification_service_client::NotificationServiceClient;
use zhurnal_proto::notification::v1::{ListNoticesRequest, WatchNotificationEventsRequest};

use super::*;
use crate::context::{CallContext, scope};
use crate::server::testing::Bench;
use crate::server::{Multiplex, StackConfig, ops_routes};
use crate::status::reason;
use crate::telemetry::TraceParent;

const PEER: &str = "notification";

fn bench() -> Bench {
    Bench::new(&StackConfig::default())
}

fn hosted(bench: &Bench) -> Peers {
    let peers = Peers::local("grading", bench.guards.tokens.clone());
    peers.host([bench.stack.clone()]);
    peers
}

fn list(order: &str) -> ListNoticesRequest {
    ListNoticesRequest {
        page_token: order.to_owned(),
        ..Default::default()
    }
}

/// A client in the user's name.
fn as_user(peers: &Peers, bench: &Bench) -> NotificationServiceClient<PeerChannel> {
    let channel = peers
        .channel(PEER)
        .with_bearer(&bench.user_token())
        .unwrap();
    NotificationServiceClient::new(channel)
}

/// The bench behind a TCP port; dropped with the token.
async fn over_tcp(bench: &Bench, stop: &CancellationToken) -> Peers {
    let address = listen(bench, stop).await;
    remote(bench, &format!("http://{address}"))
}

async fn listen(bench: &Bench, stop: &CancellationToken) -> SocketAddr {
    let (ops, _) = ops_routes(&[PEER]).await.unwrap();
    let services = Multiplex::new([bench.stack.clone()], ops);
    let (address, _) = crate::lifecycle::serve_grpc("127.0.0.1:0", None, services, stop.clone())
        .await
        .unwrap();
    address
}

fn remote(bench: &Bench, url: &str) -> Peers {
    let config = PeersConfig {
        urls: [(PEER.to_owned(), url.to_owned())].into(),
        ..PeersConfig::default()
    };
    Peers::new("grading", &config, bench.guards.tokens.clone()).unwrap()
}

#[tokio::test]
async fn a_service_calls_in_its_own_name_unless_it_forwards_a_user() {
    let bench = bench();
    let stop = CancellationToken::new();
    for peers in [hosted(&bench), over_tcp(&bench, &stop).await] {
        let mut own = NotificationServiceClient::new(peers.channel(PEER));
        let request = WatchNotificationEventsRequest::default();
        let mut events = own
            .watch_notification_events(request)
            .await
            .unwrap()
            .into_inner();
        let first = events.message().await.unwrap().unwrap();
        assert_eq!(first.cursor, "0 service:grading notification");

        let answer = as_user(&peers, &bench)
            .list_notices(list(""))
            .await
            .unwrap()
            .into_inner();
        assert_eq!(answer.notices[0].notice_id, bench.actor());

        let seen = peers.seen_by("roster");
        let mut other = NotificationServiceClient::new(seen.channel(PEER));
        let request = WatchNotificationEventsRequest::default();
        let mut events = other
            .watch_notification_events(request)
            .await
            .unwrap()
            .into_inner();
        assert!(
            events
                .message()
                .await
                .unwrap()
                .unwrap()
                .cursor
                .contains("service:roster")
        );
    }
    stop.cancel();
}

#[tokio::test]
async fn an_authorization_in_the_request_is_kept() {
    let bench = bench();
    let mut client = NotificationServiceClient::new(hosted(&bench).channel(PEER));
    let answer = client
        .list_notices(bench.list(""))
        .await
        .unwrap()
        .into_inner();
    assert_eq!(answer.notices[0].notice_id, bench.actor());
}

#[tokio::test]
async fn an_anonymous_channel_sends_no_token() {
    let bench = bench();
    let mut client = NotificationServiceClient::new(hosted(&bench).channel(PEER).anonymous());
    let status = client.list_notices(list("")).await.unwrap_err();
    assert_eq!(reason(&status), "TOKEN_MISSING");
}

#[tokio::test]
async fn refusals_keep_their_details_on_both_ways() {
    let bench = bench();
    let stop = CancellationToken::new();
    for peers in [hosted(&bench), over_tcp(&bench, &stop).await] {
        let status = as_user(&peers, &bench)
            .list_notices(list("panic"))
            .await
            .unwrap_err();
        assert_eq!(
            (status.code(), reason(&status).as_str()),
            (Code::Internal, "INTERNAL")
        );
    }
    stop.cancel();
}

#[tokio::test]
async fn the_rest_of_the_callers_deadline_is_handed_on() {
    let bench = bench();
    let peers = hosted(&bench);
    let mut client = as_user(&peers, &bench);
    let context = CallContext {
        service: "grading",
        deadline: Some(Instant::now() + Duration::from_millis(3_000)),
        trace: TraceParent::random(),
        keeps_tokens: false,
    };
    let trace = context.trace.trace_id();
    let answer = scope(context, client.list_notices(list("")))
        .await
        .unwrap()
        .into_inner();
    let left: u64 = answer.notices[0].link.parse().unwrap();
    assert!((100..=2_995).contains(&left), "{left}");
    assert_eq!(answer.notices[0].text, trace);

    let answer = client.list_notices(list("")).await.unwrap().into_inner();
    let left: u64 = answer.notices[0].link.parse().unwrap();
    assert!((2_000..=10_000).contains(&left), "{left}");
}

#[tokio::test]
async fn a_spent_deadline_makes_no_call() {
    let bench = bench();
    let mut client = as_user(&hosted(&bench), &bench);
    let context = CallContext {
        service: "grading",
        deadline: Some(Instant::now() + Duration::from_millis(2)),
        trace: TraceParent::random(),
        keeps_tokens: false,
    };
    let status = scope(context, client.list_notices(list("")))
        .await
        .unwrap_err();
    assert_eq!(status.code(), Code::DeadlineExceeded);
    assert_eq!(bench.seen.calls.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn a_slow_peer_is_given_up_at_the_deadline() {
    let bench = bench();
    let stop = CancellationToken::new();
    for peers in [hosted(&bench), over_tcp(&bench, &stop).await] {
        let context = CallContext {
            service: "grading",
            deadline: Some(Instant::now() + Duration::from_millis(150)),
            trace: TraceParent::random(),
            keeps_tokens: false,
        };
        let mut client = as_user(&peers, &bench);
        let start = Instant::now();
        let status = scope(context, client.list_notices(list("sleep:5000")))
            .await
            .unwrap_err();
        assert_eq!(status.code(), Code::DeadlineExceeded);
        assert_eq!(reason(&status), "DEADLINE_EXCEEDED");
        assert!(start.elapsed() < Duration::from_secs(2));
    }
    stop.cancel();
}

#[tokio::test]
async fn unavailable_is_repeated_twice_and_no_more() {
    let bench = bench();
    let peers = hosted(&bench);
    let answer = as_user(&peers, &bench)
        .list_notices(list("unavailable:2"))
        .await;
    assert!(answer.is_ok());
    assert_eq!(bench.seen.calls.load(Ordering::SeqCst), 3);

    let status = as_user(&peers, &bench)
        .list_notices(list("unavailable:99"))
        .await
        .unwrap_err();
    assert_eq!(reason(&status), "ORDERED");
    assert_eq!(bench.seen.calls.load(Ordering::SeqCst), 6);
}

#[tokio::test]
async fn an_outage_is_not_multiplied_by_retries() {
    let bench = bench();
    let peers = hosted(&bench);
    for _ in 0..100 {
        as_user(&peers, &bench)
            .list_notices(list("unavailable:100000"))
            .await
            .unwrap_err();
    }
    let attempts = bench.seen.calls.load(Ordering::SeqCst);
    assert!(attempts <= 121, "{attempts} attempts for 100 calls");
}

#[tokio::test]
async fn other_refusals_are_not_repeated() {
    let bench = bench();
    let peers = hosted(&bench);
    as_user(&peers, &bench)
        .list_notices(list("panic"))
        .await
        .unwrap_err();
    assert_eq!(bench.seen.calls.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_peer_that_is_not_there_is_unavailable() {
    let bench = bench();
    let nobody = Peers::local("grading", bench.guards.tokens.clone());
    let status = as_user(&nobody, &bench)
        .list_notices(list(""))
        .await
        .unwrap_err();
    assert_eq!(
        (status.code(), reason(&status).as_str()),
        (Code::Unavailable, "PEER_UNAVAILABLE")
    );

    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = free.local_addr().unwrap();
    drop(free);
    let down = remote(&bench, &format!("http://{address}"));
    let status = as_user(&down, &bench)
        .list_notices(list(""))
        .await
        .unwrap_err();
    assert_eq!(
        (status.code(), reason(&status).as_str()),
        (Code::Unavailable, "PEER_UNAVAILABLE")
    );
}

#[tokio::test]
async fn a_peer_that_comes_up_later_is_reached_without_a_restart() {
    let bench = bench();
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = free.local_addr().unwrap();
    drop(free);
    let peers = remote(&bench, &format!("http://{address}"));
    as_user(&peers, &bench)
        .list_notices(list(""))
        .await
        .unwrap_err();
    let (ops, _) = ops_routes(&[PEER]).await.unwrap();
    let services = Multiplex::new([bench.stack.clone()], ops);
    let stop = CancellationToken::new();
    crate::lifecycle::serve_grpc(&address.to_string(), None, services, stop.clone())
        .await
        .unwrap();
    let end = Instant::now() + Duration::from_secs(5);
    while as_user(&peers, &bench)
        .list_notices(list(""))
        .await
        .is_err()
    {
        assert!(Instant::now() < end, "the peer was never reached");
    }
    stop.cancel();
}

#[tokio::test]
async fn a_wrong_url_is_named_at_start() {
    let bench = bench();
    let config = PeersConfig {
        urls: [("roster".to_owned(), "not a url".to_owned())].into(),
        ..PeersConfig::default()
    };
    let error = Peers::new("grading", &config, bench.guards.tokens.clone()).unwrap_err();
    assert!(format!("{error:#}").contains("peers.urls.roster"));
    let config = PeersConfig {
        urls: [("roster".to_owned(), "https://roster:1".to_owned())].into(),
        ..PeersConfig::default()
    };
    let error = Peers::new("grading", &config, bench.guards.tokens.clone()).unwrap_err();
    assert!(format!("{error:#}").contains("[peers.tls]"));
}

mod tls;
