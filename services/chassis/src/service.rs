//! What a service is to the chassis: a name, a configuration, migrations and a
//! function that builds its routes. Nothing starts inside `build`.

use std::sync::Arc;

use futures::future::BoxFuture;
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio_util::sync::CancellationToken;
use tonic::service::Routes;

use crate::access::Access;
use crate::cache::Cache;
use crate::client::Peers;
use crate::clock::Clock;
use crate::db::{Db, Migrations};
use crate::files::FileStore;
use crate::ids::Ids;
use crate::looks::Looks;
use crate::task::Task;
use crate::telemetry::Metrics;
use crate::token::Tokens;

/// One service of the suite.
pub trait Service: Send + Sync + 'static {
    /// Short name = proto package, database, configuration section.
    const NAME: &'static str;
    /// Its own section of the configuration, with `deny_unknown_fields`.
    type Config: DeserializeOwned + Serialize + Clone + Send + Sync + 'static;

    /// Migrations in order; [`crate::db::chassis_migrations`] first.
    fn migrations() -> Migrations;

    /// Every key with its default: `include_str!("../config.default.toml")`.
    fn defaults() -> &'static str;

    /// Puts the service together. Starts nothing.
    fn build(cx: Cx, config: Self::Config) -> anyhow::Result<Assembly>;
}

/// What a service is given. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Cx {
    /// The service's name.
    pub name: &'static str,
    /// What time it is.
    pub clock: Clock,
    /// New ids and secrets.
    pub ids: Ids,
    /// The service's own database.
    pub db: Db,
    /// Cache, namespaced by the service.
    pub cache: Cache,
    /// Access policies.
    pub access: Access,
    /// Tokens.
    pub tokens: Tokens,
    /// The other services.
    pub peers: Peers,
    /// The service's own folder.
    pub files: FileStore,
    /// What the staff looked at, on its way to the access log.
    pub looks: Looks,
    /// Instruments.
    pub metrics: Metrics,
    /// Cancelled when the process drains: streams and long waits end.
    pub stop: CancellationToken,
}

/// A service put together, not yet running.
#[derive(Debug)]
pub struct Assembly {
    /// Its gRPC services, without layers.
    pub routes: Routes,
    /// Background tasks. The outbox's sequencer is added by the chassis.
    pub tasks: Vec<Task>,
    /// Readiness checks besides database, schema and feed lag.
    pub probes: Vec<Probe>,
}

impl Assembly {
    /// A service with routes only.
    pub fn new(routes: Routes) -> Self {
        Self {
            routes,
            tasks: Vec::new(),
            probes: Vec::new(),
        }
    }

    /// Adds a background task.
    #[must_use]
    pub fn task(mut self, task: Task) -> Self {
        self.tasks.push(task);
        self
    }

    /// Adds a readiness check.
    #[must_use]
    pub fn probe(mut self, probe: Probe) -> Self {
        self.probes.push(probe);
        self
    }
}

type Check = Arc<dyn Fn() -> BoxFuture<'static, Result<(), String>> + Send + Sync>;

/// A named readiness check.
#[derive(Clone)]
pub struct Probe {
    name: String,
    check: Check,
}

impl std::fmt::Debug for Probe {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Probe")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

impl Probe {
    /// A check that says why the service is not ready.
    pub fn new<F, Fut>(name: impl Into<String>, check: F) -> Self
    where
        F: Fn() -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<(), String>> + Send + 'static,
    {
        Self {
            name: name.into(),
            check: Arc::new(move || Box::pin(check())),
        }
    }

    /// Its name: `grading.database`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Runs the check.
    pub async fn check(&self) -> Result<(), String> {
        (self.check)().await
    }
}
