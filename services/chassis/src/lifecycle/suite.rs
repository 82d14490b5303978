//! Composing services and edges in one process.

use std::collections::BTreeMap;
use std::net::SocketAddr;

use anyhow::Context as _;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::admin::{self, Readiness};
use super::edge::{Edge, EdgeCx};
use super::grpc;
use super::host::Host;
use super::open::{Opened, database, open};
use super::running::Running;
use super::supervise::supervise;
use crate::access::Access;
use crate::cache::Cache;
use crate::client::Peers;
use crate::clock::Clock;
use crate::config::{Common, ConfigError, Sources};
use crate::ids::Ids;
use crate::outbox::{self, Cursor};
use crate::server::{Guards, Multiplex, ops_routes};
use crate::service::Service;
use crate::telemetry::Metrics;
use crate::token::{SigningKey, Tokens, TrustedKey, listen_to_ended_sessions};

/// A process to be: which services and edges, and from which configuration.
#[derive(Debug)]
pub struct Suite {
    common: Common,
    sources: Sources,
    metrics: Metrics,
    clock: Clock,
    ids: Ids,
    tokens: Option<Tokens>,
    hosts: BTreeMap<&'static str, Host>,
    edges: Vec<Edge>,
}

/// What all services of the process share.
pub(super) struct Shared {
    pub common: Common,
    pub sources: Sources,
    pub clock: Clock,
    pub ids: Ids,
    pub cache: Cache,
    pub peers: Peers,
    pub guards: Guards,
}

impl Suite {
    /// An empty suite over loaded configuration.
    pub fn new(common: Common, sources: Sources, metrics: Metrics) -> Self {
        Self {
            common,
            sources,
            metrics,
            clock: Clock::system(),
            ids: Ids::random(),
            tokens: None,
            hosts: BTreeMap::new(),
            edges: Vec::new(),
        }
    }

    /// Hosts a service.
    #[must_use]
    pub fn host<S: Service>(self) -> Self {
        self.with_host(Host::of::<S>())
    }

    /// Hosts a service given as a value.
    #[must_use]
    pub fn with_host(mut self, host: Host) -> Self {
        self.hosts.insert(host.name, host);
        self
    }

    /// Adds an edge.
    #[must_use]
    pub fn edge(mut self, edge: Edge) -> Self {
        self.edges.push(edge);
        self
    }

    /// Another clock (tests, simulations).
    #[must_use]
    pub fn with_clock(mut self, clock: Clock) -> Self {
        self.clock = clock;
        self
    }

    /// Another source of ids (tests, simulations).
    #[must_use]
    pub fn with_ids(mut self, ids: Ids) -> Self {
        self.ids = ids;
        self
    }

    /// Given tokens instead of the configured keys (tests).
    #[must_use]
    pub fn with_tokens(mut self, tokens: Tokens) -> Self {
        self.tokens = Some(tokens);
        self
    }

    /// Brings the schemas of the hosted services up to date and closes them again.
    /// Gives the migrations applied now, by service.
    pub async fn migrate(&self) -> anyhow::Result<BTreeMap<&'static str, Vec<String>>> {
        let mut common = self.common.clone();
        common.database.migrate = false;
        let mut applied = BTreeMap::new();
        for host in self.hosts.values() {
            let db = database(host, &common).await?;
            let names = db
                .migrate((host.migrations)())
                .await
                .with_context(|| format!("migrations of {}", host.name))?;
            applied.insert(host.name, names);
            db.close().await?;
        }
        Ok(applied)
    }

    /// Starts a new epoch of each hosted service's feed, after its database was
    /// restored. Gives the new beginnings, by service.
    pub async fn new_epochs(&self) -> anyhow::Result<BTreeMap<&'static str, Cursor>> {
        let mut begun = BTreeMap::new();
        for host in self.hosts.values() {
            let db = database(host, &self.common).await?;
            let cursor = outbox::new_epoch(&db).await;
            begun.insert(host.name, cursor.with_context(|| host.name)?);
            db.close().await?;
        }
        Ok(begun)
    }

    /// The effective configuration as TOML, secrets masked.
    pub fn print_config(&self) -> Result<String, ConfigError> {
        let mut text = self.common.print()?;
        for host in self.hosts.values() {
            text.push('\n');
            text.push_str(&host.print_config(&self.sources)?);
        }
        Ok(text)
    }

    /// Opens databases, builds the services, starts tasks and ports. When this
    /// returns, calls are answered.
    pub async fn start(self) -> anyhow::Result<Running> {
        let soft = CancellationToken::new();
        let tasks_stop = CancellationToken::new();
        let (hosts, edges, shared) = self.share()?;
        let mut opened = Vec::with_capacity(hosts.len());
        for host in hosts.values() {
            opened.push(open(host, &shared, &soft).await?);
        }
        shared.peers.host(opened.iter().map(|o| o.stack.clone()));

        let names: Vec<&str> = hosts.keys().copied().collect();
        let (ops, health) = ops_routes(&names).await?;
        let services = Multiplex::new(opened.iter().map(|o| o.stack.clone()), ops);
        let probes = opened
            .iter_mut()
            .flat_map(|o| std::mem::take(&mut o.probes))
            .collect();
        let readiness = Readiness::new(probes);
        let admin = self_admin(&shared, &readiness, &tasks_stop).await?;
        let server = &shared.common.server;
        let mut serving = Vec::new();
        let mut grpc_address = None;
        if !server.grpc.is_empty() && !opened.is_empty() {
            let (address, handle) = grpc::serve(
                &server.grpc,
                server.tls.as_ref(),
                services.clone(),
                soft.clone(),
            )
            .await?;
            grpc_address = Some(address);
            serving.push(handle);
        }
        for edge in edges {
            serving.push(bind_edge(edge, &shared, &soft).await?);
        }
        let mut tasks = start_tasks(&mut opened, &tasks_stop);
        let sessions = listen_to_ended_sessions(shared.guards.tokens.clone(), &shared.cache);
        tasks.push(supervise("zhurnal", sessions, tasks_stop.clone()));
        health.set(true).await;
        readiness.set(true);
        tracing::info!(services = names.join(","), grpc = ?grpc_address, "started");
        Ok(Running {
            grpc_address,
            admin_address: admin.as_ref().map(|(address, _)| *address),
            admin: admin.map(|(_, handle)| handle),
            contexts: opened.iter().map(|o| o.cx.clone()).collect(),
            databases: opened.into_iter().map(|o| (o.name, o.db)).collect(),
            sources: shared.sources,
            peers: shared.peers,
            guards: shared.guards,
            server: shared.common.server,
            services,
            readiness,
            health,
            serving,
            tasks,
            soft,
            tasks_stop,
        })
    }

    fn share(self) -> anyhow::Result<(BTreeMap<&'static str, Host>, Vec<Edge>, Shared)> {
        let tokens = match self.tokens {
            Some(tokens) => tokens,
            None => configured_tokens(&self.common, self.clock.clone())?,
        };
        let access = Access::new()?;
        let shared = Shared {
            cache: Cache::connect(&self.common.cache)?,
            peers: Peers::new("zhurnal", &self.common.peers, tokens.clone())?,
            guards: Guards::new(tokens, access, self.metrics),
            common: self.common,
            sources: self.sources,
            clock: self.clock,
            ids: self.ids,
        };
        Ok((self.hosts, self.edges, shared))
    }
}

/// The process's key and the keys it trusts.
fn configured_tokens(common: &Common, clock: Clock) -> anyhow::Result<Tokens> {
    let config = &common.tokens;
    let own = match &config.key_file {
        Some(path) => SigningKey::from_file(path, false)?,
        None => SigningKey::from_file(&common.data.dir.join("token.pem"), true)?,
    };
    if config.trusted.is_empty() {
        return Ok(Tokens::from_key(own, clock));
    }
    let mut trusted = Vec::with_capacity(config.trusted.len());
    for (service, path) in &config.trusted {
        let pem = std::fs::read_to_string(path)
            .with_context(|| format!("tokens.trusted.{service}: {}", path.display()))?;
        let key = TrustedKey::from_pem(service, &pem)
            .with_context(|| format!("tokens.trusted.{service}: {}", path.display()))?;
        trusted.push(key);
    }
    Ok(Tokens::new(Some(own), trusted, clock))
}

async fn self_admin(
    shared: &Shared,
    readiness: &Readiness,
    stop: &CancellationToken,
) -> anyhow::Result<Option<(SocketAddr, JoinHandle<()>)>> {
    let address = &shared.common.server.admin;
    if address.is_empty() {
        return Ok(None);
    }
    let listener = TcpListener::bind(address)
        .await
        .with_context(|| format!("server.admin: {address}"))?;
    let bound = listener.local_addr()?;
    let router = admin::router(readiness.clone(), shared.guards.metrics.clone());
    let stop = stop.clone();
    let handle = tokio::spawn(async move {
        let served = axum::serve(listener, router).with_graceful_shutdown(stop.cancelled_owned());
        if let Err(error) = served.await {
            tracing::error!(error = %error, "admin port failed");
        }
    });
    Ok(Some((bound, handle)))
}

async fn bind_edge(
    edge: Edge,
    shared: &Shared,
    soft: &CancellationToken,
) -> anyhow::Result<JoinHandle<()>> {
    let name = edge.name;
    let cx = EdgeCx {
        name,
        clock: shared.clock.clone(),
        ids: shared.ids.clone(),
        peers: shared.peers.seen_by(name),
        cache: shared.cache.namespaced(name),
        access: shared.guards.access.clone(),
        tokens: shared.guards.tokens.clone(),
        metrics: shared.guards.metrics.clone(),
        sources: shared.sources.clone(),
        stop: soft.clone(),
    };
    let serving = (edge.bind)(cx)
        .await
        .with_context(|| format!("starting {name}"))?;
    Ok(tokio::spawn(async move {
        if let Err(error) = serving.await {
            tracing::error!(edge = name, error = format!("{error:#}"), "edge failed");
        }
    }))
}

fn start_tasks(opened: &mut [Opened], stop: &CancellationToken) -> Vec<JoinHandle<()>> {
    let mut handles = Vec::new();
    for service in opened {
        for task in std::mem::take(&mut service.tasks) {
            handles.push(supervise(service.name, task, stop.clone()));
        }
    }
    handles
}
