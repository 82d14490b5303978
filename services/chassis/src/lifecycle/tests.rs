//! A process from start to stop.

use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio_util::sync::CancellationToken;
use tonic::service::Routes;
use zhurnal_proto::notification::v1::notification_service_client::NotificationServiceClient;
use zhurnal_proto::notification::v1::notification_service_server::NotificationServiceServer;
use zhurnal_proto::notification::v1::{ListNoticesRequest, WatchNotificationEventsRequest};

use super::*;
use crate::client::PeerChannel;
use crate::config::{Common, Sources};
use crate::db::{Migrations, chassis_migrations};
use crate::server::testing::{Obedient, Seen, until};
use crate::service::{Assembly, Cx, Probe, Service};
use crate::task::Task;
use crate::telemetry::Metrics;

/// The obedient notification service as a whole service.
struct Notification;

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct NotificationConfig {
    ready: bool,
}

/// What the service's task saw, shared with the test.
static LIVES: Mutex<Vec<&'static str>> = Mutex::new(Vec::new());
static SEEN: Mutex<Option<Arc<Seen>>> = Mutex::new(None);

impl Service for Notification {
    const NAME: &'static str = "notification";
    type Config = NotificationConfig;

    fn migrations() -> Migrations {
        chassis_migrations()
    }

    fn defaults() -> &'static str {
        "ready = true\n"
    }

    fn build(cx: Cx, config: NotificationConfig) -> anyhow::Result<Assembly> {
        let seen = Arc::new(Seen::default());
        *SEEN.lock().unwrap() = Some(seen.clone());
        assert_eq!(cx.name, "notification");
        let ready = Probe::new("notification.ordered", move || async move {
            if config.ready {
                Ok(())
            } else {
                Err("told not to be".to_owned())
            }
        });
        let task = Task::new("watcher", |stop: CancellationToken| async move {
            LIVES.lock().unwrap().push("started");
            stop.cancelled().await;
            LIVES.lock().unwrap().push("stopped");
            Ok(())
        });
        Ok(
            Assembly::new(Routes::new(NotificationServiceServer::new(Obedient(seen))))
                .task(task)
                .probe(ready),
        )
    }
}

/// One at a time: the statics above are shared.
static ONE: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());

fn suite(folder: &std::path::Path, more: &[(&str, &str)]) -> Suite {
    let mut sources = Sources::new()
        .set("data.dir", folder.to_str().unwrap(), "--data")
        .set("server.grpc", "127.0.0.1:0", "--grpc")
        .set("server.admin", "127.0.0.1:0", "--admin")
        .set("server.grace_ms", "300", "--grace");
    for (key, value) in more {
        sources = sources.set(key, *value, "--test");
    }
    let common = Common::load(&sources).unwrap();
    Suite::new(common, sources, Metrics::detached()).host::<Notification>()
}

async fn get(running: &Running, path: &str) -> (u16, String) {
    let address = running.admin_address().unwrap();
    let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
    let request = format!("GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut text = String::new();
    stream.read_to_string(&mut text).await.unwrap();
    let code = text.split(' ').nth(1).unwrap().parse().unwrap();
    (code, text.split_once("\r\n\r\n").unwrap().1.to_owned())
}

fn user_client(running: &Running) -> NotificationServiceClient<PeerChannel> {
    let school = zhurnal_proto::id::SchoolId::from_uuid(uuid::Uuid::from_u128(7));
    let user = crate::caller::tests::staff(school, &["TEACHER"]);
    let token = running
        .guards()
        .tokens
        .mint_user(
            &user,
            crate::caller::Proof::default(),
            Duration::from_secs(60),
        )
        .unwrap();
    let channel = running.peers("gateway").channel("notification");
    NotificationServiceClient::new(channel.with_bearer(&token).unwrap())
}

fn list(order: &str) -> ListNoticesRequest {
    ListNoticesRequest {
        page_token: order.to_owned(),
        ..Default::default()
    }
}

#[tokio::test]
async fn a_suite_starts_answers_and_stops() {
    let _one = ONE.lock().await;
    LIVES.lock().unwrap().clear();
    let folder = tempfile::tempdir().unwrap();
    let running = suite(folder.path(), &[]).start().await.unwrap();

    assert_eq!(running.not_ready().await, Vec::<String>::new());
    assert_eq!(get(&running, "/livez").await, (200, "ok\n".into()));
    assert_eq!(get(&running, "/readyz").await, (200, "ok\n".into()));
    user_client(&running).list_notices(list("")).await.unwrap();
    let (code, text) = get(&running, "/metrics").await;
    assert_eq!(code, 200);
    assert!(text.contains("rpc_server_requests_total{"), "{text}");

    let address = running.grpc_address().unwrap();
    let channel = tonic::transport::Endpoint::from_shared(format!("http://{address}"))
        .unwrap()
        .connect()
        .await
        .unwrap();
    let mut over_tcp = tonic_health::pb::health_client::HealthClient::new(channel);
    let ask = tonic_health::pb::HealthCheckRequest {
        service: String::new(),
    };
    assert_eq!(over_tcp.check(ask).await.unwrap().into_inner().status, 1);
    drop(over_tcp);

    until(|| *LIVES.lock().unwrap() == ["started"]).await;
    assert!(folder.path().join("notification.db").exists());
    running.stop().await;
    assert_eq!(*LIVES.lock().unwrap(), ["started", "stopped"]);
    assert!(tokio::net::TcpStream::connect(address).await.is_err());
}

#[tokio::test]
async fn a_probe_that_fails_makes_the_process_unready_but_alive() {
    let _one = ONE.lock().await;
    let folder = tempfile::tempdir().unwrap();
    let running = suite(folder.path(), &[("notification.ready", "false")])
        .start()
        .await
        .unwrap();
    let (code, text) = get(&running, "/readyz").await;
    assert_eq!(
        (code, text.as_str()),
        (503, "notification.ordered: told not to be\n")
    );
    assert_eq!(get(&running, "/livez").await.0, 200);
    running.stop().await;
}

#[tokio::test]
async fn a_schema_that_is_not_migrated_is_not_ready() {
    let _one = ONE.lock().await;
    let folder = tempfile::tempdir().unwrap();
    let off = [("database.migrate", "false")];
    let running = suite(folder.path(), &off).start().await.unwrap();
    let (code, text) = get(&running, "/readyz").await;
    assert_eq!(code, 503);
    assert!(text.contains("notification.schema"), "{text}");
    running.stop().await;

    let applied = suite(folder.path(), &off).migrate().await.unwrap();
    assert!(!applied["notification"].is_empty());
    let running = suite(folder.path(), &off).start().await.unwrap();
    assert_eq!(get(&running, "/readyz").await.0, 200);
    running.stop().await;
}

#[tokio::test]
async fn a_call_in_flight_finishes_while_the_process_drains() {
    let _one = ONE.lock().await;
    let folder = tempfile::tempdir().unwrap();
    let running = suite(folder.path(), &[("server.grace_ms", "20000")])
        .start()
        .await
        .unwrap();
    let mut client = user_client(&running);
    let call = tokio::spawn(async move { client.list_notices(list("sleep:120")).await.is_ok() });
    let seen = SEEN.lock().unwrap().clone().unwrap();
    until(|| seen.calls.load(Ordering::SeqCst) == 1).await;
    running.stop().await;
    assert!(call.await.unwrap(), "the call was cut off");
}

#[tokio::test]
async fn a_call_that_outlives_the_grace_is_cancelled() {
    let _one = ONE.lock().await;
    let folder = tempfile::tempdir().unwrap();
    let running = suite(folder.path(), &[]).start().await.unwrap();
    let mut client = user_client(&running);
    let call = tokio::spawn(async move { client.list_notices(list("sleep:9000")).await });
    let seen = SEEN.lock().unwrap().clone().unwrap();
    until(|| seen.calls.load(Ordering::SeqCst) == 1).await;
    let start = Instant::now();
    running.stop().await;
    assert!(
        start.elapsed() < Duration::from_secs(8),
        "{:?}",
        start.elapsed()
    );
    assert!(call.await.unwrap().is_err());
}

#[tokio::test]
async fn an_edge_is_stopped_softly_and_reaches_the_services() {
    let _one = ONE.lock().await;
    let folder = tempfile::tempdir().unwrap();
    let ended = Arc::new(AtomicBool::new(false));
    let flag = ended.clone();
    let edge = Edge::new("gateway", move |cx: EdgeCx| async move {
        assert_eq!(cx.peers.names(), ["notification"]);
        let mut client = NotificationServiceClient::new(cx.peers.channel("notification"));
        client
            .watch_notification_events(WatchNotificationEventsRequest::default())
            .await?;
        let serving: Serving = Box::pin(async move {
            cx.stop.cancelled().await;
            flag.store(true, Ordering::SeqCst);
            Ok(())
        });
        Ok(serving)
    });
    let running = suite(folder.path(), &[]).edge(edge).start().await.unwrap();
    running.stop().await;
    assert!(ended.load(Ordering::SeqCst));
}

#[tokio::test]
async fn an_edge_that_cannot_bind_stops_the_start() {
    let _one = ONE.lock().await;
    let folder = tempfile::tempdir().unwrap();
    let edge = Edge::new("gateway", |_| async { anyhow::bail!("port taken") });
    let error = suite(folder.path(), &[])
        .edge(edge)
        .start()
        .await
        .unwrap_err();
    assert!(format!("{error:#}").contains("starting gateway: port taken"));
}

#[tokio::test]
async fn configuration_is_printed_with_the_services_own_keys() {
    let folder = tempfile::tempdir().unwrap();
    let text = suite(folder.path(), &[("notification.ready", "false")])
        .print_config()
        .unwrap();
    assert!(text.contains("[notification]\nready = false"), "{text}");
    assert!(text.contains("[server.stack.limit]"), "{text}");
}

#[tokio::test]
async fn an_unknown_key_of_a_service_stops_the_start_and_is_named() {
    let _one = ONE.lock().await;
    let folder = tempfile::tempdir().unwrap();
    let error = suite(folder.path(), &[("notification.redy", "x")])
        .start()
        .await
        .unwrap_err();
    let config = error.downcast_ref::<crate::config::ConfigError>();
    assert!(
        config.is_some_and(|e| e.to_string().contains("notification.redy")),
        "{error:#}"
    );
}

#[tokio::test]
async fn two_processes_meet_over_tcp() {
    let _one = ONE.lock().await;
    let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let notification = suite(one.path(), &[]).start().await.unwrap();
    let url = format!("http://{}", notification.grpc_address().unwrap());
    let key = one.path().join("token.pem");
    let sources = Sources::new()
        .set("data.dir", two.path().to_str().unwrap(), "--data")
        .set("server.grpc", "", "--grpc")
        .set("server.admin", "", "--admin")
        .set("tokens.key_file", key.to_str().unwrap(), "--key")
        .set("peers.urls.notification", url, "--peer");
    let gateway = Suite::new(
        Common::load(&sources).unwrap(),
        sources,
        Metrics::detached(),
    )
    .start()
    .await
    .unwrap();
    assert_eq!(gateway.grpc_address(), None);
    let mut client = user_client(&gateway);
    let mut watch =
        NotificationServiceClient::new(gateway.peers("grading").channel("notification"));
    client.list_notices(list("")).await.unwrap();
    let request = WatchNotificationEventsRequest::default();
    let mut events = watch
        .watch_notification_events(request)
        .await
        .unwrap()
        .into_inner();
    let first = events.message().await.unwrap().unwrap();
    assert_eq!(first.cursor, "0 service:grading notification");
    drop((client, watch, events));
    gateway.stop().await;
    notification.stop().await;
}
