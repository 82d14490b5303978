//! A running process and its orderly end.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::Context;
use futures::future::join_all;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::admin::Readiness;
use super::signals::Signals;
use crate::client::Peers;
use crate::config::{self, ConfigError, ServerConfig, Sources};
use crate::db::Db;
use crate::server::{Guards, Health, Multiplex};
use crate::service::{Cx, Service};
use crate::{feed, outbox};

/// After the hard stop, calls have this long to notice.
const HARD: Duration = Duration::from_secs(1);
/// Tasks and pools have this long to end.
const TASKS: Duration = Duration::from_secs(5);

/// A started process.
pub struct Running {
    pub(super) grpc_address: Option<SocketAddr>,
    pub(super) admin_address: Option<SocketAddr>,
    pub(super) admin: Option<JoinHandle<()>>,
    pub(super) databases: Vec<(&'static str, Db)>,
    pub(super) contexts: Vec<Cx>,
    pub(super) sources: Sources,
    pub(super) peers: Peers,
    pub(super) guards: Guards,
    pub(super) server: ServerConfig,
    pub(super) services: Multiplex,
    pub(super) readiness: Readiness,
    pub(super) health: Health,
    pub(super) serving: Vec<JoinHandle<()>>,
    pub(super) tasks: Vec<JoinHandle<()>>,
    pub(super) soft: CancellationToken,
    pub(super) tasks_stop: CancellationToken,
}

impl std::fmt::Debug for Running {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Running")
            .field("grpc", &self.grpc_address)
            .field("admin", &self.admin_address)
            .finish_non_exhaustive()
    }
}

impl Running {
    /// Where gRPC listens, if it does.
    pub fn grpc_address(&self) -> Option<SocketAddr> {
        self.grpc_address
    }

    /// Where the admin port listens, if it does.
    pub fn admin_address(&self) -> Option<SocketAddr> {
        self.admin_address
    }

    /// The services, as `from` sees them.
    pub fn peers(&self, from: &'static str) -> Peers {
        self.peers.seen_by(from)
    }

    /// All hosted services behind their layers, as one tower service.
    pub fn services(&self) -> Multiplex {
        self.services.clone()
    }

    /// The database of a hosted service.
    pub fn database(&self, service: &str) -> Option<&Db> {
        self.databases
            .iter()
            .find(|(name, _)| *name == service)
            .map(|(_, db)| db)
    }

    /// What a hosted service was given: for the operator's own commands.
    pub fn context(&self, service: &str) -> Option<Cx> {
        self.contexts.iter().find(|cx| cx.name == service).cloned()
    }

    /// The configuration of a service.
    pub fn config<S: Service>(&self) -> Result<S::Config, ConfigError> {
        config::load::<S>(&self.sources)
    }

    /// The guards of the process: tokens, access, metrics.
    pub fn guards(&self) -> &Guards {
        &self.guards
    }

    /// Why the process is not ready; empty = ready.
    pub async fn not_ready(&self) -> Vec<String> {
        self.readiness.reasons().await
    }

    /// Waits until the copies of a hosted service hold all that the hosted services it
    /// follows had committed before the call.
    ///
    /// # Errors
    ///
    /// When that takes longer than `patience`, or the database fails.
    pub async fn caught_up(&self, service: &str, patience: Duration) -> anyhow::Result<()> {
        let follower = self.database(service).context("the service runs here")?;
        for lag in feed::lag(follower) {
            let Some(producer) = self.database(lag.producer) else {
                continue;
            };
            let behind = || format!("{service} does not catch up with {}", lag.producer);
            let covered = outbox::covered(producer, patience).await;
            let cursor = covered.with_context(behind)?;
            let reached = feed::reached(follower, lag.producer, cursor, patience).await?;
            anyhow::ensure!(reached, behind());
        }
        Ok(())
    }

    /// Waits for SIGTERM or SIGINT, then drains. A second signal ends the patience.
    pub async fn run_until_signal(self) -> anyhow::Result<()> {
        let mut signals = Signals::new()?;
        signals.next().await;
        let hurry = CancellationToken::new();
        let cancel = hurry.clone();
        let second = tokio::spawn(async move {
            signals.next().await;
            cancel.cancel();
        });
        self.drain(hurry).await;
        second.abort();
        Ok(())
    }

    /// Drains and stops.
    pub async fn stop(self) {
        self.drain(CancellationToken::new()).await;
    }

    async fn drain(mut self, hurry: CancellationToken) {
        tracing::info!("draining");
        self.readiness.set(false);
        self.health.set(false).await;
        patient(
            Duration::from_millis(self.server.drain_delay_ms),
            &hurry,
            never(),
        )
        .await;

        // Soft: nothing new is accepted, streams end, calls in flight finish.
        self.soft.cancel();
        self.guards.calls.close();
        let grace = Duration::from_millis(self.server.grace_ms);
        let mut serving = std::mem::take(&mut self.serving);
        let finished = async {
            self.guards.calls.wait().await;
            join_all(serving.iter_mut()).await;
        };
        if !patient(grace, &hurry, finished).await {
            tracing::warn!("calls still in flight are cancelled");
        }

        // Hard.
        self.guards.abort.cancel();
        let calls = self.guards.calls.clone();
        patient(HARD, &CancellationToken::new(), async {
            calls.wait().await
        })
        .await;
        serving.iter().for_each(JoinHandle::abort);

        self.tasks_stop.cancel();
        let mut tasks = std::mem::take(&mut self.tasks);
        let ended = async {
            join_all(tasks.iter_mut()).await;
        };
        if !patient(TASKS, &CancellationToken::new(), ended).await {
            tracing::warn!("tasks did not end in time");
            tasks.iter().for_each(JoinHandle::abort);
        }
        self.contexts.clear();
        self.peers.forget_hosted();
        for (name, db) in &self.databases {
            match tokio::time::timeout(TASKS, db.close()).await {
                Ok(Ok(())) => {}
                Ok(Err(error)) => tracing::warn!(service = name, error = %error, "database"),
                Err(_) => tracing::warn!(service = name, "database did not close in time"),
            }
        }
        if let Some(admin) = self.admin.take() {
            admin.abort();
        }
        tracing::info!("stopped");
    }
}

/// Waits for `work` at most `limit` or until hurried; true when the work is done.
async fn patient(
    limit: Duration,
    hurry: &CancellationToken,
    work: impl Future<Output = ()>,
) -> bool {
    tokio::select! {
        () = work => true,
        () = hurry.cancelled() => false,
        () = tokio::time::sleep(limit) => false,
    }
}

async fn never() {
    std::future::pending::<()>().await;
}
