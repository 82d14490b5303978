//! Logs, traces and metrics of a process.
//!
//! Logs go to standard error, for people or as JSON lines. Traces and metrics
//! leave by OTLP only when an endpoint is configured; metrics can always be read
//! as Prometheus text. Nothing here carries names, tokens or bodies.

mod metrics;
mod otlp;
mod trace;

pub use metrics::{CallMetrics, Metrics};
pub use trace::TraceParent;

use opentelemetry::trace::TracerProvider as _;
use opentelemetry_sdk::trace::SdkTracerProvider;
use serde::{Deserialize, Serialize};
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{EnvFilter, Layer as _};

/// How the process reports about itself: table `[telemetry]`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct TelemetryConfig {
    /// `human` or `json`.
    pub format: LogFormat,
    /// Filter of log events in the form of `RUST_LOG`.
    pub filter: String,
    /// OTLP gRPC endpoint, e.g. `http://collector:4317`; empty = no export.
    pub otlp_endpoint: String,
    /// Share of traces begun here that are kept, 0 to 1.
    pub sample_ratio: f64,
}

/// Form of log lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// Lines for people.
    Human,
    /// One JSON object a line.
    Json,
}

impl Default for TelemetryConfig {
    fn default() -> Self {
        Self {
            format: LogFormat::Human,
            filter: "info".to_owned(),
            otlp_endpoint: String::new(),
            sample_ratio: 0.1,
        }
    }
}

/// Keeps telemetry alive; [`Guard::shutdown`] sends what is still buffered.
#[derive(Debug)]
pub struct Guard {
    metrics: Metrics,
    tracer: Option<SdkTracerProvider>,
}

impl Guard {
    /// The process's metrics.
    pub fn metrics(&self) -> Metrics {
        self.metrics.clone()
    }

    /// Flushes traces and metrics; blocks for at most a few seconds.
    pub fn shutdown(&self) {
        if let Some(provider) = &self.tracer
            && let Err(e) = provider.shutdown()
        {
            tracing::warn!(error = %e, "traces were not flushed");
        }
        self.metrics.shutdown();
    }
}

/// Installs the process-wide subscriber. `role` names the process, e.g.
/// `zhurnal` or `grading`. Call once, inside the runtime; a second call keeps the
/// first subscriber (tests).
pub fn init(config: &TelemetryConfig, role: &str) -> anyhow::Result<Guard> {
    let (guard, subscriber) = assemble(config, role)?;
    if subscriber.try_init().is_err() {
        tracing::debug!("a subscriber is already installed");
    }
    Ok(guard)
}

fn assemble(
    config: &TelemetryConfig,
    role: &str,
) -> anyhow::Result<(Guard, impl tracing::Subscriber + Send + Sync + use<>)> {
    let filter =
        EnvFilter::try_new(&config.filter).map_err(|e| anyhow::anyhow!("telemetry.filter: {e}"))?;
    let resource = otlp::resource(role);
    let endpoint = Some(config.otlp_endpoint.as_str()).filter(|e| !e.is_empty());
    let metrics = Metrics::new(resource.clone(), endpoint)?;
    let tracer = endpoint
        .map(|e| otlp::tracer_provider(e, config.sample_ratio, resource))
        .transpose()?;
    let exported = tracer.as_ref().map(|provider| {
        tracing_opentelemetry::layer()
            .with_tracer(provider.tracer("zhurnal"))
            .with_location(false)
            .with_threads(false)
    });
    let printed = match config.format {
        LogFormat::Human => tracing_subscriber::fmt::layer()
            .with_writer(std::io::stderr)
            .with_ansi(std::io::IsTerminal::is_terminal(&std::io::stderr()))
            .boxed(),
        LogFormat::Json => tracing_subscriber::fmt::layer()
            .json()
            .flatten_event(true)
            .with_current_span(true)
            .with_span_list(false)
            .with_writer(std::io::stderr)
            .boxed(),
    };
    let subscriber = tracing_subscriber::registry()
        .with(filter)
        .with(exported)
        .with(printed);
    Ok((Guard { metrics, tracer }, subscriber))
}

#[cfg(test)]
mod tests;
