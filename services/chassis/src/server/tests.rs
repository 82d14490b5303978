//! Every layer of the stack, seen from outside.

use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use tonic::{Code, Request};
use zhurnal_proto::notification::v1::{
    ListNoticesRequest, MarkNoticesReadRequest, WatchNotificationEventsRequest,
};

use super::testing::{Bench, authorized, until};
use super::*;
use crate::status::{reason, retry_delay};

fn bench() -> Bench {
    Bench::new(&StackConfig::default())
}

fn tight(limit: usize, queue: usize, queue_wait_ms: u64) -> StackConfig {
    StackConfig {
        limit: LimitConfig {
            initial: limit,
            min: limit,
            max: limit,
            queue,
            queue_wait_ms,
            streams: 1,
        },
        ..StackConfig::default()
    }
}

#[tokio::test]
async fn a_good_call_reaches_the_handler_with_its_caller() {
    let bench = bench();
    let answer = bench
        .client()
        .list_notices(bench.list(""))
        .await
        .unwrap()
        .into_inner();
    assert_eq!(answer.notices[0].notice_id, bench.actor());
}

#[tokio::test]
async fn a_call_without_a_token_is_unauthenticated() {
    let bench = bench();
    let status = bench
        .client()
        .list_notices(ListNoticesRequest::default())
        .await
        .unwrap_err();
    assert_eq!(status.code(), Code::Unauthenticated);
    assert_eq!(reason(&status), "TOKEN_MISSING");
    assert_eq!(bench.seen.calls.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn a_bad_token_is_unauthenticated_and_not_anonymous() {
    let bench = bench();
    for token in ["", "x", "a.b.c", &format!("{}x", bench.user_token())] {
        let request = authorized(ListNoticesRequest::default(), token);
        let status = bench.client().list_notices(request).await.unwrap_err();
        assert_eq!(
            (status.code(), reason(&status).as_str()),
            (Code::Unauthenticated, "TOKEN_INVALID")
        );
    }
    let mut basic = Request::new(ListNoticesRequest::default());
    basic
        .metadata_mut()
        .insert("authorization", "Basic dTpw".parse().unwrap());
    let status = bench.client().list_notices(basic).await.unwrap_err();
    assert_eq!(reason(&status), "TOKEN_INVALID");
}

#[tokio::test]
async fn two_authorization_headers_are_refused() {
    let bench = bench();
    let mut request = bench.list("");
    let second = format!("Bearer {}", bench.user_token()).parse().unwrap();
    request.metadata_mut().append("authorization", second);
    let status = bench.client().list_notices(request).await.unwrap_err();
    assert_eq!(reason(&status), "TOKEN_INVALID");
}

#[tokio::test]
async fn a_caller_of_the_wrong_kind_is_denied() {
    let bench = bench();
    let service = bench
        .guards
        .tokens
        .mint_service("grading", "notification")
        .unwrap();
    let request = authorized(ListNoticesRequest::default(), &service);
    let status = bench.client().list_notices(request).await.unwrap_err();
    assert_eq!(status.code(), Code::PermissionDenied);

    let watch = authorized(
        WatchNotificationEventsRequest::default(),
        &bench.user_token(),
    );
    let status = bench
        .client()
        .watch_notification_events(watch)
        .await
        .unwrap_err();
    assert_eq!(status.code(), Code::PermissionDenied);
}

#[tokio::test]
async fn a_token_for_another_service_is_refused() {
    let bench = bench();
    let other = bench
        .guards
        .tokens
        .mint_service("grading", "roster")
        .unwrap();
    let watch = authorized(WatchNotificationEventsRequest::default(), &other);
    let status = bench
        .client()
        .watch_notification_events(watch)
        .await
        .unwrap_err();
    assert_eq!(status.code(), Code::Unauthenticated);
}

#[tokio::test]
async fn a_panicking_handler_answers_internal_and_the_next_call_works() {
    let bench = bench();
    let status = bench
        .client()
        .list_notices(bench.list("panic"))
        .await
        .unwrap_err();
    assert_eq!(
        (status.code(), reason(&status).as_str()),
        (Code::Internal, "INTERNAL")
    );
    assert!(!status.message().contains("ordered"));
    assert!(bench.client().list_notices(bench.list("")).await.is_ok());
}

#[tokio::test]
async fn a_panic_in_a_stream_ends_it_with_internal() {
    let bench = bench();
    let token = bench
        .guards
        .tokens
        .mint_service("grading", "notification")
        .unwrap();
    let message = WatchNotificationEventsRequest {
        cursor: "panic".into(),
        changes: Vec::new(),
    };
    let request = authorized(message, &token);
    let answer = bench
        .client()
        .watch_notification_events(request)
        .await
        .unwrap();
    let mut stream = answer.into_inner();
    let status = stream.message().await.unwrap_err();
    assert_eq!(status.code(), Code::Internal);
    let info = crate::status::error_info(&status).unwrap();
    assert_eq!(
        (info.reason.as_str(), info.domain.as_str()),
        ("INTERNAL", "zhurnal.notification")
    );
}

#[tokio::test]
async fn a_stream_knows_its_call_while_it_is_read() {
    let bench = bench();
    let token = bench
        .guards
        .tokens
        .mint_service("grading", "notification")
        .unwrap();
    let watch = authorized(WatchNotificationEventsRequest::default(), &token);
    let answer = bench
        .client()
        .watch_notification_events(watch)
        .await
        .unwrap();
    let first = answer.into_inner().message().await.unwrap().unwrap();
    assert_eq!(first.cursor, "0 service:grading notification");
}

#[tokio::test]
async fn a_slow_handler_is_cut_off_at_the_deadline() {
    let bench = bench();
    let mut request = bench.list("sleep:5000");
    request.set_timeout(Duration::from_millis(60));
    let start = Instant::now();
    let status = bench.client().list_notices(request).await.unwrap_err();
    assert_eq!(
        (status.code(), reason(&status).as_str()),
        (Code::DeadlineExceeded, "DEADLINE_EXCEEDED")
    );
    assert!(start.elapsed() < Duration::from_secs(2));
    assert_eq!(bench.seen.finished.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn the_handler_knows_how_long_it_has() {
    let bench = bench();
    let mut request = bench.list("");
    request.set_timeout(Duration::from_millis(5_000));
    let answer = bench
        .client()
        .list_notices(request)
        .await
        .unwrap()
        .into_inner();
    let left: u64 = answer.notices[0].link.parse().unwrap();
    assert!((1_000..=4_998).contains(&left), "{left}");
    let answer = bench
        .client()
        .list_notices(bench.list(""))
        .await
        .unwrap()
        .into_inner();
    let left: u64 = answer.notices[0].link.parse().unwrap();
    assert!((10_000..=30_000).contains(&left), "{left}");
}

#[tokio::test]
async fn a_deadline_over_a_minute_is_refused() {
    let bench = bench();
    let mut request = bench.list("");
    request.set_timeout(Duration::from_secs(61));
    let status = bench.client().list_notices(request).await.unwrap_err();
    assert_eq!(
        (status.code(), reason(&status).as_str()),
        (Code::InvalidArgument, "DEADLINE_TOO_LONG")
    );
}

#[tokio::test]
async fn the_trace_of_the_caller_is_kept() {
    let bench = bench();
    let mut request = bench.list("");
    let parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00";
    request
        .metadata_mut()
        .insert("traceparent", parent.parse().unwrap());
    let answer = bench
        .client()
        .list_notices(request)
        .await
        .unwrap()
        .into_inner();
    assert_eq!(answer.notices[0].text, "4bf92f3577b34da6a3ce929d0e0e4736");
}

#[tokio::test]
async fn overload_is_shed_at_once_and_says_when_to_come_back() {
    let bench = Bench::new(&tight(1, 0, 300));
    let (mut client, slow) = (bench.client(), bench.list("sleep:20000"));
    let running = tokio::spawn(async move { client.list_notices(slow).await.is_ok() });
    until(|| bench.seen.calls.load(Ordering::SeqCst) == 1).await;
    let start = Instant::now();
    let status = bench
        .client()
        .list_notices(bench.list(""))
        .await
        .unwrap_err();
    assert!(start.elapsed() < Duration::from_secs(5));
    assert_eq!(
        (status.code(), reason(&status).as_str()),
        (Code::ResourceExhausted, "OVERLOADED")
    );
    assert_eq!(retry_delay(&status), Some(Duration::from_millis(300)));
    assert_eq!(
        bench.seen.calls.load(Ordering::SeqCst),
        1,
        "no work for what is shed"
    );
    running.abort();
    let text = bench.guards.metrics.prometheus_text().unwrap();
    assert!(
        text.contains("rpc_server_shed_total{method=\"ListNotices\""),
        "{text}"
    );
}

#[tokio::test]
async fn waiting_calls_run_when_there_is_room() {
    let bench = Bench::new(&tight(1, 16, 5_000));
    let mut calls = Vec::new();
    for _ in 0..8 {
        let (mut client, request) = (bench.client(), bench.list("sleep:5"));
        calls.push(tokio::spawn(async move {
            client.list_notices(request).await.is_ok()
        }));
    }
    for call in calls {
        assert!(call.await.unwrap());
    }
}

#[tokio::test]
async fn open_streams_are_bounded_and_leave_when_dropped() {
    let bench = Bench::new(&tight(4, 4, 100));
    let token = bench
        .guards
        .tokens
        .mint_service("grading", "notification")
        .unwrap();
    let watch = || authorized(WatchNotificationEventsRequest::default(), &token);
    let first = bench
        .client()
        .watch_notification_events(watch())
        .await
        .unwrap();
    let status = bench
        .client()
        .watch_notification_events(watch())
        .await
        .unwrap_err();
    assert_eq!(reason(&status), "OVERLOADED");
    drop(first);
    assert!(
        bench
            .client()
            .watch_notification_events(watch())
            .await
            .is_ok()
    );
}

#[tokio::test]
async fn every_answer_is_counted_under_its_code() {
    let bench = bench();
    bench.client().list_notices(bench.list("")).await.unwrap();
    let message = MarkNoticesReadRequest::default();
    let status = bench
        .client()
        .mark_notices_read(authorized(message, &bench.user_token()))
        .await
        .unwrap_err();
    assert_eq!(
        crate::status::error_info(&status).unwrap().domain,
        "zhurnal.notification"
    );
    bench
        .client()
        .list_notices(ListNoticesRequest::default())
        .await
        .unwrap_err();
    let text = bench.guards.metrics.prometheus_text().unwrap();
    for (code, method) in [
        ("OK", "ListNotices"),
        ("UNAUTHENTICATED", "ListNotices"),
        ("FAILED_PRECONDITION", "MarkNoticesRead"),
    ] {
        let line = text
            .lines()
            .find(|l| {
                l.starts_with("rpc_server_requests_total") && l.contains(&format!("\"{code}\""))
            })
            .unwrap_or_else(|| panic!("no {code} in {text}"));
        assert!(line.contains(method) && line.ends_with(" 1"), "{line}");
    }
    assert!(!text.contains("Петрова"));
}

#[tokio::test]
async fn a_stream_is_counted_when_it_ends() {
    let bench = bench();
    let token = bench
        .guards
        .tokens
        .mint_service("grading", "notification")
        .unwrap();
    let watch = authorized(WatchNotificationEventsRequest::default(), &token);
    let mut stream = bench
        .client()
        .watch_notification_events(watch)
        .await
        .unwrap()
        .into_inner();
    let line = |bench: &Bench| {
        let text = bench.guards.metrics.prometheus_text().unwrap();
        text.lines().any(|l| {
            l.starts_with("rpc_server_requests_total") && l.contains("WatchNotificationEvents")
        })
    };
    stream.message().await.unwrap();
    assert!(!line(&bench));
    while stream.message().await.unwrap().is_some() {}
    assert!(line(&bench));
}

#[tokio::test]
async fn an_unknown_method_is_unimplemented_with_details() {
    let bench = bench();
    let request = http::Request::post("/zhurnal.notification.v1.NotificationService/Nope")
        .body(tonic::body::Body::empty())
        .unwrap();
    let mut stack = bench.stack.clone();
    let response = tower::Service::call(&mut stack, request).await.unwrap();
    let status = tonic::Status::from_header_map(response.headers()).unwrap();
    assert_eq!(
        (status.code(), reason(&status).as_str()),
        (Code::Unimplemented, "METHOD_UNKNOWN")
    );
}

#[tokio::test]
async fn a_hard_stop_cancels_what_is_in_flight() {
    let bench = bench();
    let (mut client, slow) = (bench.client(), bench.list("sleep:20000"));
    let running = tokio::spawn(async move { client.list_notices(slow).await });
    until(|| bench.seen.calls.load(Ordering::SeqCst) == 1).await;
    assert_eq!(bench.guards.calls.len(), 1);
    bench.guards.abort.cancel();
    let status = running.await.unwrap().unwrap_err();
    assert_eq!(reason(&status), "SHUTTING_DOWN");
    assert_eq!(bench.guards.calls.len(), 0);
}

#[tokio::test]
async fn a_service_name_without_rpcs_does_not_start() {
    let bench = bench();
    let routes = tonic::service::Routes::default();
    let error = stack(
        "nothing",
        routes,
        &bench.guards,
        &StackConfig::default(),
        None,
    )
    .unwrap_err();
    assert!(error.to_string().contains("zhurnal.nothing.v1"));
}

#[tokio::test]
async fn health_and_reflection_answer_without_a_token() {
    use tonic_health::pb::HealthCheckRequest;
    use tonic_health::pb::health_client::HealthClient;
    let bench = bench();
    let (ops, health) = ops_routes(&["notification"]).await.unwrap();
    let services = Multiplex::new([bench.stack.clone()], ops);
    let mut client = HealthClient::new(services.clone());
    let name = "zhurnal.notification.v1.NotificationService".to_owned();
    let ask = || HealthCheckRequest {
        service: name.clone(),
    };
    assert_eq!(client.check(ask()).await.unwrap().into_inner().status, 2);
    health.set(true).await;
    assert_eq!(client.check(ask()).await.unwrap().into_inner().status, 1);
    let unknown = HealthCheckRequest {
        service: "nope".into(),
    };
    assert_eq!(
        client.check(unknown).await.unwrap_err().code(),
        Code::NotFound
    );

    use tonic_reflection::pb::v1::ServerReflectionRequest;
    use tonic_reflection::pb::v1::server_reflection_client::ServerReflectionClient;
    use tonic_reflection::pb::v1::server_reflection_request::MessageRequest;
    let request = ServerReflectionRequest {
        host: String::new(),
        message_request: Some(MessageRequest::FileContainingSymbol(name.clone())),
    };
    let mut client = ServerReflectionClient::new(services.clone());
    let mut answers = client
        .server_reflection_info(futures::stream::iter([request]))
        .await
        .unwrap()
        .into_inner();
    let answer = answers.message().await.unwrap().unwrap();
    assert!(format!("{answer:?}").contains("FileDescriptorResponse"));

    let request = http::Request::post("/other.Service/Do")
        .body(tonic::body::Body::empty())
        .unwrap();
    let response = tower::Service::call(&mut services.clone(), request)
        .await
        .unwrap();
    let status = tonic::Status::from_header_map(response.headers()).unwrap();
    assert_eq!(reason(&status), "METHOD_UNKNOWN");
}

#[test]
fn a_proof_opens_for_five_minutes_what_demands_one() {
    use jiff::{SignedDuration, Timestamp};

    use crate::access::Rules;
    use crate::caller::Proof;

    let rules = Rules::all().unwrap();
    let rule = |method: &str| {
        let path = format!("/zhurnal.identity.v1.IdentityService/{method}");
        rules.get(&path).unwrap().clone()
    };
    let now: Timestamp = "2026-09-01T05:30:00Z".parse().unwrap();
    let given = |seconds| Proof {
        given_at: Some(now - SignedDuration::from_secs(seconds)),
        ..Proof::default()
    };
    let grant = rule("GrantRole");
    assert!(super::auth::proven(&grant, given(0), now).is_ok());
    assert!(super::auth::proven(&grant, given(299), now).is_ok());
    let refused = super::auth::proven(&grant, given(300), now).unwrap_err();
    assert_eq!(refused.code(), Code::PermissionDenied);
    let info = crate::status::error_info(&refused).unwrap();
    assert_eq!(info.reason, "STEP_UP_REQUIRED");
    assert_eq!(info.metadata["method"], "PASSWORD");
    assert_eq!(info.metadata["max_age_seconds"], "300");
    let factor = Proof {
        second_factor: true,
        ..Proof::default()
    };
    let refused = super::auth::proven(&grant, factor, now).unwrap_err();
    let info = crate::status::error_info(&refused).unwrap();
    assert_eq!(info.metadata["method"], "SECOND_FACTOR");
    assert!(super::auth::proven(&rule("ListRoleGrants"), Proof::default(), now).is_ok());

    let unfinished = Proof {
        unfinished: true,
        ..given(0)
    };
    for open in [
        "GetMe",
        "BeginSecondFactor",
        "ConfirmSecondFactor",
        "LogOut",
    ] {
        assert!(
            super::auth::proven(&rule(open), unfinished, now).is_ok(),
            "{open}"
        );
    }
    for closed in [
        "GrantRole",
        "ListRoleGrants",
        "StepUp",
        "RemoveSecondFactor",
    ] {
        let refused = super::auth::proven(&rule(closed), unfinished, now).unwrap_err();
        assert_eq!(reason(&refused), "SECOND_FACTOR_MISSING", "{closed}");
    }
}

#[tokio::test]
async fn a_client_beyond_its_rate_is_told_to_wait_and_others_are_not() {
    let rates = super::clients::ClientRates::new();
    let caller = |id: &str| {
        crate::caller::Caller::Client(crate::caller::Client {
            id: id.into(),
            scopes: vec![],
            schools: vec![],
        })
    };
    let standing = crate::caller::Standing {
        rate_per_minute: 2,
        ..Default::default()
    };
    let (one, other) = (caller("cli_1"), caller("cli_2"));
    assert!(rates.check(&one, standing).is_ok());
    assert!(rates.check(&one, standing).is_ok());
    let refused = rates.check(&one, standing).unwrap_err();
    assert_eq!(reason(&refused), "TOO_MANY_REQUESTS");
    assert!(crate::status::retry_delay(&refused).is_some());
    assert!(rates.check(&other, standing).is_ok(), "another client");
    let free = crate::caller::Standing::default();
    assert!((0..100).all(|_| rates.check(&one, free).is_ok()));
}
