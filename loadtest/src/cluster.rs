//! The suite as a cluster on this machine: seven processes over TCP with mutual
//! TLS, a key each, PostgreSQL with six databases, Redis.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::Context as _;

use crate::credentials::Credentials;
use crate::install::{DATABASES, databases, unlimited};
use crate::place::Place;
use crate::ports;
use crate::postgres::Postgres;
use crate::process::{self, Launch, Process};
use crate::redis::Redis;
use crate::settings::Settings;

/// The service without a database.
pub const GATEWAY: &str = "gateway";

/// What kind of cluster.
#[derive(Debug, Clone)]
pub struct Options {
    /// The binary `zhurnal`.
    pub binary: PathBuf,
    /// Folder that is kept; `None` = a temporary one.
    pub folder: Option<PathBuf>,
    /// A temporary folder stays too, to be looked at.
    pub keep: bool,
    /// What runs against the empty databases before the services start, e.g.
    /// `seed demo`: arguments of `zhurnal`; nothing when it is empty.
    pub fill: Vec<String>,
    /// Whether a commit waits for the disk. Tests of behaviour need not.
    pub durable: bool,
    /// More configuration, for every process.
    pub settings: Settings,
}

impl Options {
    /// A temporary, durable, empty cluster of a binary.
    pub fn new(binary: PathBuf) -> Self {
        Self {
            binary,
            folder: None,
            keep: false,
            fill: Vec::new(),
            durable: true,
            settings: Settings::default(),
        }
    }

    /// Fills the databases with an invented school.
    #[must_use]
    pub fn demo(mut self, seed: u64) -> Self {
        let seed = seed.to_string();
        self.fill = ["seed", "demo", "--seed", &seed]
            .map(str::to_owned)
            .to_vec();
        self
    }
}

/// A running cluster. Dropped, or when this process is killed, everything in it
/// ends soon after; [`Cluster::stop`] waits for it.
#[derive(Debug)]
pub struct Cluster {
    place: Place,
    postgres: Postgres,
    redis: Redis,
    processes: BTreeMap<String, Process>,
    addresses: BTreeMap<&'static str, Addresses>,
    /// As the commands of the binary see it: all databases, one process.
    settings: Settings,
    filled: String,
}

#[derive(Debug, Clone, Copy)]
struct Addresses {
    /// gRPC, or HTTP of the gateway.
    serves: SocketAddr,
    admin: SocketAddr,
}

/// Names of the processes.
pub fn names() -> impl Iterator<Item = &'static str> {
    DATABASES.into_iter().chain([GATEWAY])
}

impl Cluster {
    /// Starts everything and waits until all processes are ready.
    pub async fn start(options: Options) -> anyhow::Result<Self> {
        let place = match &options.folder {
            Some(folder) => Place::kept(folder)?,
            None if options.keep => Place::kept(&tempfile::tempdir()?.keep())?,
            None => Place::temporary()?,
        };
        let postgres = Postgres::start(&place, options.durable).await?;
        let redis = Redis::start(&place).await?;
        let data = place.folder("data")?;
        let mut settings = databases(&postgres).await?;
        settings
            .path("data.dir", &data)
            .set("telemetry.filter", "warn");
        let settings = settings.with(&options.settings);
        let filled = fill(&options, &settings, &data).await?;
        let mut cluster = Self {
            addresses: addresses()?,
            processes: BTreeMap::new(),
            place,
            postgres,
            redis,
            settings,
            filled,
        };
        cluster.start_services(&options).await?;
        Ok(cluster)
    }

    async fn start_services(&mut self, options: &Options) -> anyhow::Result<()> {
        let folder = self.place.folder("keys")?;
        let all: Vec<&str> = names().collect();
        let credentials = Credentials::make(&folder, &all)?;
        for name in names() {
            let launch = Launch {
                binary: options.binary.clone(),
                services: vec![name.to_owned()],
                settings: self.settings_of(name, &credentials)?,
                admin: self.admin(name),
                log: self.place.path().join(format!("{name}.log")),
            };
            let process = Process::start(launch, self.place.keeper())?;
            self.processes.insert(name.to_owned(), process);
        }
        for process in self.processes.values_mut() {
            process.ready().await?;
        }
        Ok(())
    }

    fn settings_of(&self, name: &str, credentials: &Credentials) -> anyhow::Result<Settings> {
        let mut own = Settings::default();
        for key in ["data.dir", "telemetry.filter"] {
            own.set(key, self.settings.get(key).context("not set")?);
        }
        let database = format!("database.urls.{name}");
        if let Some(url) = self.settings.get(&database) {
            own.set(database, url);
        }
        own.set("cache.url", self.redis.url());
        for (peer, addresses) in &self.addresses {
            if *peer != GATEWAY && *peer != name {
                own.set(
                    format!("peers.urls.{peer}"),
                    format!("https://{}", addresses.serves),
                );
            }
            own.path(format!("tokens.trusted.{peer}"), &credentials.public(peer));
        }
        own.path("tokens.key_file", &credentials.private(name));
        let files = [
            ("cert_file", credentials.certificate(name)),
            ("key_file", credentials.certificate_key(name)),
        ];
        for (key, path) in &files {
            own.path(format!("peers.tls.{key}"), path);
        }
        own.path("peers.tls.ca_file", &credentials.authority());
        if name == GATEWAY {
            own.set("server.grpc", "").set("gateway.http", self.http());
            unlimited(&mut own);
        } else {
            own.set("server.grpc", self.addresses[name].serves);
            for (key, path) in &files {
                own.path(format!("server.tls.{key}"), path);
            }
            own.path("server.tls.client_ca_file", &credentials.authority());
        }
        let more = self.settings.clone();
        Ok(more.without("database.urls").with(&own))
    }

    /// Address of the gateway.
    pub fn http(&self) -> SocketAddr {
        self.addresses[GATEWAY].serves
    }

    /// Address of `/readyz` and `/metrics` of a process.
    pub fn admin(&self, name: &str) -> SocketAddr {
        self.addresses[name].admin
    }

    /// Address of a service's gRPC (mutual TLS).
    pub fn grpc(&self, service: &str) -> Option<SocketAddr> {
        let known = self.addresses.get(service).filter(|_| service != GATEWAY);
        known.map(|a| a.serves)
    }

    /// Configuration for the binary's commands: all databases, the data folder.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The database server.
    pub fn postgres(&self) -> &Postgres {
        &self.postgres
    }

    /// What the filling command said: logins.
    pub fn filled(&self) -> &str {
        &self.filled
    }

    /// Its folder: logs, keys, data.
    pub fn place(&self) -> &Place {
        &self.place
    }

    /// Process id of a service's process, while it runs.
    pub fn pid(&self, name: &str) -> Option<u32> {
        self.processes.get(name).map(Process::pid)
    }

    /// Kills a process with SIGKILL; it stays away until [`Cluster::restart`].
    pub async fn kill(&mut self, name: &str) -> anyhow::Result<Launch> {
        let process = self.processes.remove(name);
        process
            .with_context(|| format!("{name} does not run"))?
            .kill()
            .await
    }

    /// Starts a killed process again and waits until it is ready.
    pub async fn restart(&mut self, launch: Launch) -> anyhow::Result<Duration> {
        let mut process = Process::start(launch, self.place.keeper())?;
        let took = process.ready().await?;
        self.processes.insert(process.name(), process);
        Ok(took)
    }

    /// Stops everything in order: gateway first, databases last.
    pub async fn stop(mut self) -> anyhow::Result<()> {
        let mut order: Vec<&str> = names().collect();
        order.reverse();
        for name in order {
            if let Some(process) = self.processes.remove(name) {
                process.stop().await?;
            }
        }
        self.redis.stop(&self.place).await?;
        self.postgres.stop(&self.place).await?;
        self.place.finish()
    }
}

fn addresses() -> anyhow::Result<BTreeMap<&'static str, Addresses>> {
    let free = ports::free(2 * names().count())?;
    let pairs = free.chunks_exact(2).map(|two| Addresses {
        serves: two[0],
        admin: two[1],
    });
    Ok(names().zip(pairs).collect())
}

/// Fills empty databases once; a kept folder has its school already.
async fn fill(
    options: &Options,
    settings: &Settings,
    data: &std::path::Path,
) -> anyhow::Result<String> {
    if options.fill.is_empty() {
        return Ok(String::new());
    }
    let done = data.join("filled");
    if let Ok(said) = std::fs::read_to_string(&done) {
        return Ok(said);
    }
    let arguments: Vec<&str> = options.fill.iter().map(String::as_str).collect();
    let mut quiet = settings.clone();
    quiet
        .set("server.grpc", "")
        .set("server.admin", "")
        .set("gateway.http", "127.0.0.1:0");
    let output = process::run(&options.binary, &quiet, &arguments).await?;
    let said = format!(
        "{}{}",
        String::from_utf8_lossy(&output.stderr),
        String::from_utf8_lossy(&output.stdout)
    );
    std::fs::write(&done, &said)?;
    Ok(said)
}
