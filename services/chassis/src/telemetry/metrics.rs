//! Counters of the process and their Prometheus text.

use std::time::Instant;

use opentelemetry::KeyValue;
use opentelemetry::metrics::{Counter, Histogram, Meter, MeterProvider as _, UpDownCounter};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::metrics::SdkMeterProvider;
use prometheus::{Encoder as _, TextEncoder};
use tonic::Code;

use super::otlp;

/// Upper bounds of the duration histogram, in seconds.
const BOUNDS: [f64; 14] = [
    0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0, 60.0,
];

/// The process's metrics: own registry, own provider. Cheap to clone.
#[derive(Clone)]
pub struct Metrics {
    provider: SdkMeterProvider,
    registry: prometheus::Registry,
    requests: Counter<u64>,
    duration: Histogram<f64>,
    in_flight: UpDownCounter<i64>,
    shed: Counter<u64>,
}

impl std::fmt::Debug for Metrics {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Metrics")
    }
}

impl Metrics {
    /// Metrics that can be read but leave the process nowhere: tests, tools.
    pub fn detached() -> Self {
        match Self::new(otlp::resource("detached"), None) {
            Ok(metrics) => metrics,
            Err(_) => Self::build(
                SdkMeterProvider::builder().build(),
                prometheus::Registry::new(),
            ),
        }
    }

    pub(super) fn new(resource: Resource, endpoint: Option<&str>) -> anyhow::Result<Self> {
        let registry = prometheus::Registry::new();
        let reader = opentelemetry_prometheus::exporter()
            .with_registry(registry.clone())
            .scope_info_enabled(false)
            .build()?;
        let mut provider = SdkMeterProvider::builder()
            .with_resource(resource)
            .with_reader(reader);
        if let Some(endpoint) = endpoint {
            provider = provider.with_periodic_exporter(otlp::metric_exporter(endpoint)?);
        }
        Ok(Self::build(provider.build(), registry))
    }

    fn build(provider: SdkMeterProvider, registry: prometheus::Registry) -> Self {
        let meter = provider.meter("zhurnal");
        Self {
            requests: meter
                .u64_counter("rpc.server.requests")
                .with_description("Calls answered, by service, method and code")
                .build(),
            duration: meter
                .f64_histogram("rpc.server.duration")
                .with_unit("s")
                .with_description("Time from the first byte of a call to the end of its answer")
                .with_boundaries(BOUNDS.to_vec())
                .build(),
            in_flight: meter
                .i64_up_down_counter("rpc.server.in_flight")
                .with_description("Calls being handled")
                .build(),
            shed: meter
                .u64_counter("rpc.server.shed")
                .with_description("Calls refused under overload, before any work")
                .build(),
            provider,
            registry,
        }
    }

    /// A meter for a service's own instruments.
    pub fn meter(&self, name: &'static str) -> Meter {
        self.provider.meter(name)
    }

    /// All metrics in the Prometheus text format.
    pub fn prometheus_text(&self) -> anyhow::Result<String> {
        let mut text = Vec::new();
        TextEncoder::new().encode(&self.registry.gather(), &mut text)?;
        Ok(String::from_utf8(text)?)
    }

    /// Begins to measure one call.
    pub fn call(&self, service: &'static str, method: &'static str) -> CallMetrics {
        let labels = [
            KeyValue::new("service", service),
            KeyValue::new("method", method),
        ];
        self.in_flight.add(1, &labels);
        CallMetrics {
            metrics: self.clone(),
            labels,
            start: Instant::now(),
            done: false,
        }
    }

    /// Counts one call that was shed.
    pub fn shed(&self, service: &'static str, method: &'static str) {
        self.shed.add(
            1,
            &[
                KeyValue::new("service", service),
                KeyValue::new("method", method),
            ],
        );
    }

    pub(super) fn shutdown(&self) {
        if let Err(e) = self.provider.shutdown() {
            tracing::debug!(error = %e, "metrics were not flushed");
        }
    }
}

/// One call being measured. Dropped unfinished, it counts as CANCELLED: the
/// client went away.
#[derive(Debug)]
pub struct CallMetrics {
    metrics: Metrics,
    labels: [KeyValue; 2],
    start: Instant,
    done: bool,
}

impl CallMetrics {
    /// The call ended with the code.
    pub fn finish(mut self, code: Code) {
        self.record(code);
    }

    fn record(&mut self, code: Code) {
        if std::mem::replace(&mut self.done, true) {
            return;
        }
        self.metrics.in_flight.add(-1, &self.labels);
        let [service, method] = self.labels.clone();
        let labels = [service, method, KeyValue::new("code", code_name(code))];
        self.metrics.requests.add(1, &labels);
        self.metrics
            .duration
            .record(self.start.elapsed().as_secs_f64(), &labels);
    }
}

impl Drop for CallMetrics {
    fn drop(&mut self) {
        self.record(Code::Cancelled);
    }
}

/// Name of a code as gRPC writes it.
pub(crate) fn code_name(code: Code) -> &'static str {
    match code {
        Code::Ok => "OK",
        Code::Cancelled => "CANCELLED",
        Code::Unknown => "UNKNOWN",
        Code::InvalidArgument => "INVALID_ARGUMENT",
        Code::DeadlineExceeded => "DEADLINE_EXCEEDED",
        Code::NotFound => "NOT_FOUND",
        Code::AlreadyExists => "ALREADY_EXISTS",
        Code::PermissionDenied => "PERMISSION_DENIED",
        Code::ResourceExhausted => "RESOURCE_EXHAUSTED",
        Code::FailedPrecondition => "FAILED_PRECONDITION",
        Code::Aborted => "ABORTED",
        Code::OutOfRange => "OUT_OF_RANGE",
        Code::Unimplemented => "UNIMPLEMENTED",
        Code::Internal => "INTERNAL",
        Code::Unavailable => "UNAVAILABLE",
        Code::DataLoss => "DATA_LOSS",
        Code::Unauthenticated => "UNAUTHENTICATED",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn metrics() -> Metrics {
        Metrics::new(otlp::resource("test"), None).unwrap()
    }

    #[test]
    fn a_finished_call_is_counted_under_its_code() {
        let metrics = metrics();
        metrics
            .call("grading", "RecordMarks")
            .finish(Code::NotFound);
        let text = metrics.prometheus_text().unwrap();
        let line = text
            .lines()
            .find(|l| l.starts_with("rpc_server_requests_total"))
            .unwrap();
        assert!(line.contains("code=\"NOT_FOUND\""), "{line}");
        assert!(line.contains("method=\"RecordMarks\""), "{line}");
        assert!(line.contains("service=\"grading\""), "{line}");
        assert!(line.ends_with(" 1"), "{line}");
        assert!(
            text.contains("rpc_server_duration_seconds_bucket"),
            "{text}"
        );
    }

    #[test]
    fn a_call_in_flight_is_seen_and_then_gone() {
        let metrics = metrics();
        let call = metrics.call("grading", "GetPage");
        let line = |m: &Metrics| {
            let text = m.prometheus_text().unwrap();
            text.lines()
                .find(|l| l.starts_with("rpc_server_in_flight{"))
                .unwrap()
                .to_owned()
        };
        assert!(line(&metrics).ends_with(" 1"));
        drop(call);
        assert!(line(&metrics).ends_with(" 0"));
        assert!(
            metrics
                .prometheus_text()
                .unwrap()
                .contains("code=\"CANCELLED\"")
        );
    }

    #[test]
    fn shed_calls_have_their_own_counter() {
        let metrics = metrics();
        metrics.shed("reporting", "RunReport");
        let text = metrics.prometheus_text().unwrap();
        assert!(text.contains("rpc_server_shed_total{"), "{text}");
    }
}
