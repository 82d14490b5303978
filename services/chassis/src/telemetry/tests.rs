//! What leaves the process, seen by a collector.

use std::sync::{Arc, Mutex};

use opentelemetry_proto::tonic::collector::metrics::v1::metrics_service_server::{
    MetricsService, MetricsServiceServer,
};
use opentelemetry_proto::tonic::collector::metrics::v1::{
    ExportMetricsServiceRequest, ExportMetricsServiceResponse,
};
use opentelemetry_proto::tonic::collector::trace::v1::trace_service_server::{
    TraceService, TraceServiceServer,
};
use opentelemetry_proto::tonic::collector::trace::v1::{
    ExportTraceServiceRequest, ExportTraceServiceResponse,
};
use opentelemetry_proto::tonic::trace::v1::Span;
use tonic::transport::server::TcpIncoming;
use tonic::{Request, Response, Status};

use super::*;
use crate::server::StackConfig;
use crate::server::testing::Bench;

#[derive(Clone, Default)]
struct Collector {
    spans: Arc<Mutex<Vec<Span>>>,
    metrics: Arc<Mutex<Vec<String>>>,
}

#[tonic::async_trait]
impl TraceService for Collector {
    async fn export(
        &self,
        request: Request<ExportTraceServiceRequest>,
    ) -> Result<Response<ExportTraceServiceResponse>, Status> {
        let resources = request.into_inner().resource_spans.into_iter();
        let spans = resources.flat_map(|r| r.scope_spans).flat_map(|s| s.spans);
        self.spans.lock().unwrap().extend(spans);
        Ok(Response::new(Default::default()))
    }
}

#[tonic::async_trait]
impl MetricsService for Collector {
    async fn export(
        &self,
        request: Request<ExportMetricsServiceRequest>,
    ) -> Result<Response<ExportMetricsServiceResponse>, Status> {
        let resources = request.into_inner().resource_metrics.into_iter();
        let metrics = resources
            .flat_map(|r| r.scope_metrics)
            .flat_map(|s| s.metrics);
        self.metrics.lock().unwrap().extend(metrics.map(|m| m.name));
        Ok(Response::new(Default::default()))
    }
}

/// A collector on a free port.
fn collector() -> (Collector, String) {
    let collector = Collector::default();
    let incoming = TcpIncoming::bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let endpoint = format!("http://{}", incoming.local_addr().unwrap());
    let served = tonic::transport::Server::builder()
        .add_service(TraceServiceServer::new(collector.clone()))
        .add_service(MetricsServiceServer::new(collector.clone()))
        .serve_with_incoming(incoming);
    tokio::spawn(served);
    (collector, endpoint)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn spans_and_metrics_reach_the_collector_within_the_callers_trace() {
    let (collector, otlp_endpoint) = collector();
    let config = TelemetryConfig {
        otlp_endpoint,
        filter: "info".into(),
        ..Default::default()
    };
    let (guard, subscriber) = assemble(&config, "test").unwrap();
    let bench = Bench::with_metrics(&StackConfig::default(), guard.metrics());
    let mut request = bench.list("");
    let parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    request
        .metadata_mut()
        .insert("traceparent", parent.parse().unwrap());
    let installed = tracing::subscriber::set_default(subscriber);
    bench.client().list_notices(request).await.unwrap();
    drop(installed);
    tokio::task::spawn_blocking(move || guard.shutdown())
        .await
        .unwrap();

    let spans = collector.spans.lock().unwrap();
    let span = spans
        .iter()
        .find(|s| s.name == "/zhurnal.notification.v1.NotificationService/ListNotices")
        .unwrap_or_else(|| panic!("no span of the call in {spans:?}"));
    assert_eq!(
        hex::encode(&span.trace_id),
        "4bf92f3577b34da6a3ce929d0e0e4736"
    );
    assert_eq!(hex::encode(&span.parent_span_id), "00f067aa0ba902b7");
    let exported = format!("{spans:?}");
    assert!(!exported.contains("Петрова") && !exported.contains("Bearer"));
    let metrics = collector.metrics.lock().unwrap();
    assert!(
        metrics.contains(&"rpc.server.requests".to_owned()),
        "{metrics:?}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_call_inside_an_exported_span_hands_on_that_span() {
    let (_, otlp_endpoint) = collector();
    let config = TelemetryConfig {
        otlp_endpoint,
        sample_ratio: 1.0,
        ..Default::default()
    };
    let (guard, subscriber) = assemble(&config, "test").unwrap();
    let installed = tracing::subscriber::set_default(subscriber);
    let span = tracing::info_span!("outer");
    let (first, second) = span.in_scope(|| (TraceParent::outgoing(), TraceParent::outgoing()));
    drop((span, installed));
    assert_eq!(first, second);
    assert!(first.header().ends_with("-01"), "{}", first.header());
    tokio::task::spawn_blocking(move || guard.shutdown())
        .await
        .unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_collector_that_is_down_neither_stops_the_start_nor_hangs_the_end() {
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let otlp_endpoint = format!("http://{}", free.local_addr().unwrap());
    drop(free);
    let config = TelemetryConfig {
        otlp_endpoint,
        ..Default::default()
    };
    let (guard, _) = assemble(&config, "test").unwrap();
    guard
        .metrics()
        .call("grading", "RecordMarks")
        .finish(tonic::Code::Ok);
    let stopped = tokio::task::spawn_blocking(move || guard.shutdown());
    tokio::time::timeout(std::time::Duration::from_secs(20), stopped)
        .await
        .unwrap()
        .unwrap();
}

#[tokio::test]
async fn a_bad_filter_is_an_error_that_names_its_key() {
    let config = TelemetryConfig {
        filter: "info,=,".into(),
        ..Default::default()
    };
    let error = init(&config, "test").unwrap_err().to_string();
    assert!(error.contains("telemetry.filter"), "{error}");
}

#[tokio::test]
async fn telemetry_starts_without_a_collector_and_shuts_down() {
    let (guard, _) = assemble(&TelemetryConfig::default(), "test").unwrap();
    let call = guard.metrics().call("grading", "RecordMarks");
    call.finish(tonic::Code::Ok);
    let text = guard.metrics().prometheus_text().unwrap();
    assert!(text.contains("rpc_server_requests_total"));
    guard.shutdown();
}
