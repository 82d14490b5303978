//! Sections that belong to the process, not to a service.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::{ConfigError, Secret, Sources, section_text};
use crate::cache::CacheConfig;
use crate::client::PeersConfig;
use crate::db::DbOptions;
use crate::server::StackConfig;
use crate::telemetry::TelemetryConfig;

/// Everything a process needs besides its services' own sections.
#[derive(Debug, Clone, Default)]
pub struct Common {
    /// Table `[data]`.
    pub data: DataConfig,
    /// Table `[server]`.
    pub server: ServerConfig,
    /// Table `[database]`.
    pub database: DatabaseConfig,
    /// Table `[cache]`.
    pub cache: CacheConfig,
    /// Table `[peers]`.
    pub peers: PeersConfig,
    /// Table `[tokens]`.
    pub tokens: TokensConfig,
    /// Table `[telemetry]`.
    pub telemetry: TelemetryConfig,
}

impl Common {
    /// Names of the sections.
    pub const SECTIONS: [&'static str; 7] = [
        "data",
        "server",
        "database",
        "cache",
        "peers",
        "tokens",
        "telemetry",
    ];

    /// Reads the sections over their built-in defaults.
    pub fn load(sources: &Sources) -> Result<Self, ConfigError> {
        Ok(Self {
            data: sources.section("data", "")?,
            server: sources.section("server", "")?,
            database: sources.section("database", "")?,
            cache: sources.section("cache", "")?,
            peers: sources.section("peers", "")?,
            tokens: sources.section("tokens", "")?,
            telemetry: sources.section("telemetry", "")?,
        })
    }

    /// The effective values as TOML, secrets masked.
    pub fn print(&self) -> Result<String, ConfigError> {
        Ok([
            section_text("data", &self.data)?,
            section_text("server", &self.server)?,
            section_text("database", &self.database)?,
            section_text("cache", &self.cache)?,
            section_text("peers", &self.peers)?,
            section_text("tokens", &self.tokens)?,
            section_text("telemetry", &self.telemetry)?,
        ]
        .join("\n"))
    }

    /// Database URL of a service: the configured one, else SQLite in the data folder.
    pub fn database_url(&self, service: &str) -> Secret {
        match self.database.urls.get(service) {
            Some(url) => url.clone(),
            None => {
                let path = self.data.dir.join(format!("{service}.db"));
                Secret::new(format!("sqlite://{}?mode=rwc", path.display()))
            }
        }
    }
}

/// Where the process keeps files.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct DataConfig {
    /// Folder of SQLite databases, keys and stored files.
    pub dir: PathBuf,
}

impl Default for DataConfig {
    fn default() -> Self {
        Self {
            dir: PathBuf::from("data"),
        }
    }
}

/// Ports, drain, layers.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ServerConfig {
    /// Address of gRPC; empty = not served over TCP.
    pub grpc: String,
    /// Address of `/livez`, `/readyz`, `/metrics`; empty = none.
    pub admin: String,
    /// Mutual TLS of the gRPC port.
    pub tls: Option<ServerTls>,
    /// Time between "not ready" and "no new connections", in milliseconds.
    pub drain_delay_ms: u64,
    /// Time that calls in flight have to finish, in milliseconds.
    pub grace_ms: u64,
    /// Feed lag above which the process is not ready, in milliseconds.
    pub ready_lag_ms: u64,
    /// Layers of each service.
    pub stack: StackConfig,
}

impl Default for ServerConfig {
    fn default() -> Self {
        Self {
            grpc: "127.0.0.1:50051".to_owned(),
            admin: "127.0.0.1:9464".to_owned(),
            tls: None,
            drain_delay_ms: 0,
            grace_ms: 10_000,
            ready_lag_ms: 300_000,
            stack: StackConfig::default(),
        }
    }
}

/// PEM files of the gRPC port.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ServerTls {
    /// Certificate chain.
    pub cert_file: PathBuf,
    /// Private key.
    pub key_file: PathBuf,
    /// Authority of clients' certificates; a client without one is refused.
    pub client_ca_file: PathBuf,
}

/// Databases of the services.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct DatabaseConfig {
    /// Service → URL; without one the service has SQLite in the data folder.
    pub urls: BTreeMap<String, Secret>,
    /// Bring the schemas up to date at start. Off where a job does it.
    pub migrate: bool,
    /// Pools and time limits.
    pub options: DbOptions,
}

impl Default for DatabaseConfig {
    fn default() -> Self {
        Self {
            urls: BTreeMap::new(),
            migrate: true,
            options: DbOptions::default(),
        }
    }
}

/// Keys of tokens.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct TokensConfig {
    /// This process's private key (PEM); empty = `token.pem` in the data folder,
    /// made at the first start.
    pub key_file: Option<PathBuf>,
    /// Public keys (PEM files) of other processes: service → file. Empty = only
    /// the own key is trusted, for everything: one process, or one shared key.
    pub trusted: BTreeMap<String, PathBuf>,
}
