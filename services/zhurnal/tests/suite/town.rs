//! A running suite: all services in one process on SQLite, or each in a suite of
//! its own, reached over TCP with PostgreSQL and Redis. The clock stands still.

use std::net::SocketAddr;
use std::sync::mpsc;

use chassis::clock::{Clock, ClockHandle};
use chassis::config::{Common, Sources};
use chassis::lifecycle::Running;
use chassis::telemetry::Metrics;
use chassis::testing::TestDb;
use jiff::Timestamp;
use tempfile::TempDir;
use zhurnal::suite;

/// A suite and what it stands on.
pub struct Town {
    pub http: SocketAddr,
    pub clock: ClockHandle,
    pub processes: Vec<Running>,
    pub databases: Vec<(&'static str, String)>,
    _data: TempDir,
    _postgres: Vec<TestDb>,
    _redis: Option<Redis>,
}

/// How the suite is spread.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spread {
    /// One process, SQLite.
    Embedded,
    /// Each service behind TCP, PostgreSQL, Redis.
    Cluster,
}

impl Town {
    pub async fn start(spread: Spread, now: Timestamp) -> Self {
        let (clock, handle) = Clock::fixed(now);
        match spread {
            Spread::Embedded => Self::embedded(clock, handle).await,
            Spread::Cluster => Self::cluster(clock, handle).await,
        }
    }

    async fn embedded(clock: Clock, handle: ClockHandle) -> Self {
        let data = TempDir::with_prefix("zhurnal-suite-").unwrap();
        let sources = common_flags(&data);
        let (running, http) = start(sources, &[], clock).await;
        let databases = suite::hosts()
            .iter()
            .map(|h| (h.name, sqlite(&data, h.name)))
            .collect();
        Self {
            http: http.expect("the gateway's address"),
            clock: handle,
            processes: vec![running],
            databases,
            _data: data,
            _postgres: Vec::new(),
            _redis: None,
        }
    }

    async fn cluster(clock: Clock, handle: ClockHandle) -> Self {
        let data = TempDir::with_prefix("zhurnal-suite-").unwrap();
        let redis = Redis::start().await;
        let mut base = common_flags(&data).set("cache.url", redis.url(), "test");
        // One key file for all: each process signs for itself with it.
        let key = data.path().join("token.pem");
        chassis::token::SigningKey::from_file(&key, true).unwrap();
        base = base.set("tokens.key_file", key.to_string_lossy(), "test");
        let mut postgres = Vec::new();
        let mut databases = Vec::new();
        let mut ports = Vec::new();
        for host in suite::hosts() {
            let db = TestDb::postgres(Vec::new()).await;
            base = base.set(&format!("database.urls.{}", host.name), db.url(), "test");
            databases.push((host.name, db.url().to_owned()));
            postgres.push(db);
            let port = free_port();
            base = base.set(
                &format!("peers.urls.{}", host.name),
                format!("http://{port}"),
                "test",
            );
            ports.push((host.name, port));
        }
        let mut processes = Vec::new();
        for (name, port) in &ports {
            let own = base.clone().set("server.grpc", port.to_string(), "test");
            let (running, _) = start(own, &[(*name).to_owned()], clock.clone()).await;
            processes.push(running);
        }
        let (gateway, http) = start(base, &[suite::GATEWAY.to_owned()], clock).await;
        processes.push(gateway);
        Self {
            http: http.expect("the gateway's address"),
            clock: handle,
            processes,
            databases,
            _data: data,
            _postgres: postgres,
            _redis: Some(redis),
        }
    }

    /// The process that hosts a service.
    pub fn host_of(&self, service: &str) -> &Running {
        self.processes
            .iter()
            .find(|p| p.database(service).is_some())
            .expect("a host")
    }

    /// Drains everything.
    pub async fn stop(self) {
        for process in self.processes.into_iter().rev() {
            process.stop().await;
        }
    }
}

fn common_flags(data: &TempDir) -> Sources {
    Sources::new()
        .set("data.dir", data.path().to_string_lossy(), "test")
        .set("server.grpc", "127.0.0.1:0", "test")
        .set("server.admin", "", "test")
        .set("server.grace_ms", "2000", "test")
        .set("gateway.http", "127.0.0.1:0", "test")
        .set("gateway.address_burst", "100000", "test")
        .set("gateway.session_burst", "100000", "test")
        .set("identity.argon2_memory_kib", "64", "test")
        .set("identity.argon2_passes", "1", "test")
        .set("notification.flush_interval_ms", "20", "test")
        .set("grading.ledger.checkpoint_seconds", "1", "test")
}

async fn start(
    sources: Sources,
    services: &[String],
    clock: Clock,
) -> (Running, Option<SocketAddr>) {
    let common = Common::load(&sources).unwrap();
    let (bound, address) = mpsc::channel();
    let suite = suite::compose(common, sources, Metrics::detached(), services, move |a| {
        let _ = bound.send(a);
    });
    let running = suite.unwrap().with_clock(clock).start().await.unwrap();
    (running, address.try_recv().ok())
}

fn sqlite(data: &TempDir, service: &str) -> String {
    format!(
        "sqlite://{}?mode=rwc",
        data.path().join(format!("{service}.db")).display()
    )
}

fn free_port() -> SocketAddr {
    std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
}

/// A private Redis, ended by its id.
struct Redis {
    child: tokio::process::Child,
    address: SocketAddr,
    _folder: TempDir,
}

impl Redis {
    async fn start() -> Self {
        let folder = TempDir::with_prefix("zhurnal-redis-").unwrap();
        let address = free_port();
        let child = tokio::process::Command::new("redis-server")
            .args([
                "--port",
                &address.port().to_string(),
                "--bind",
                "127.0.0.1",
                "--save",
                "",
                "--appendonly",
                "no",
            ])
            .arg("--dir")
            .arg(folder.path())
            .stdout(std::process::Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .expect("redis-server (Debian package redis-server)");
        let redis = Self {
            child,
            address,
            _folder: folder,
        };
        assert!(redis.child.id().is_some());
        for _ in 0..200 {
            if tokio::net::TcpStream::connect(redis.address).await.is_ok() {
                return redis;
            }
            tokio::time::sleep(std::time::Duration::from_millis(25)).await;
        }
        panic!("Redis did not start");
    }

    fn url(&self) -> String {
        format!("redis://{}", self.address)
    }
}
