//! The admin port: `/livez`, `/readyz`, `/metrics`.
//!
//! `/livez` never asks a dependency: a restart heals no database.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use futures::future::join_all;

use crate::service::Probe;
use crate::telemetry::Metrics;

const PROBE_TIMEOUT: Duration = Duration::from_secs(2);

/// Whether the process takes traffic, and why not.
#[derive(Clone, Debug)]
pub(super) struct Readiness {
    on: Arc<AtomicBool>,
    probes: Arc<Vec<Probe>>,
}

impl Readiness {
    pub(super) fn new(probes: Vec<Probe>) -> Self {
        Self {
            on: Arc::default(),
            probes: Arc::new(probes),
        }
    }

    pub(super) fn set(&self, on: bool) {
        self.on.store(on, Ordering::SeqCst);
    }

    /// All reasons why the process is not ready; empty = ready.
    pub(super) async fn reasons(&self) -> Vec<String> {
        if !self.on.load(Ordering::SeqCst) {
            return vec!["process: starting or draining".to_owned()];
        }
        let checks = self.probes.iter().map(|probe| async move {
            let outcome = tokio::time::timeout(PROBE_TIMEOUT, probe.check()).await;
            match outcome {
                Ok(Ok(())) => None,
                Ok(Err(reason)) => Some(format!("{}: {reason}", probe.name())),
                Err(_) => Some(format!("{}: no answer", probe.name())),
            }
        });
        join_all(checks).await.into_iter().flatten().collect()
    }
}

#[derive(Clone)]
struct Admin {
    readiness: Readiness,
    metrics: Metrics,
}

/// The admin routes.
pub(super) fn router(readiness: Readiness, metrics: Metrics) -> Router {
    Router::new()
        .route("/livez", get(|| async { "ok\n" }))
        .route("/readyz", get(readyz))
        .route("/metrics", get(prometheus))
        .with_state(Admin { readiness, metrics })
}

async fn readyz(State(admin): State<Admin>) -> Response {
    let reasons = admin.readiness.reasons().await;
    if reasons.is_empty() {
        return "ok\n".into_response();
    }
    (StatusCode::SERVICE_UNAVAILABLE, reasons.join("\n") + "\n").into_response()
}

async fn prometheus(State(admin): State<Admin>) -> Response {
    match admin.metrics.prometheus_text() {
        Ok(text) => ([(CONTENT_TYPE, "text/plain; version=0.0.4")], text).into_response(),
        Err(error) => {
            tracing::warn!(error = %error, "metrics could not be written");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}
