//! Where the other services are: table `[peers]`.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

/// Addresses of other services and how to connect to them.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PeersConfig {
    /// Service name → `http://host:port` or `https://host:port`.
    pub urls: BTreeMap<String, String>,
    /// Connections to each service, used in turn.
    pub connections: usize,
    /// Longest wait for a connection, in milliseconds.
    pub connect_timeout_ms: u64,
    /// Certificates for `https` URLs.
    pub tls: Option<ClientTls>,
}

impl Default for PeersConfig {
    fn default() -> Self {
        Self {
            urls: BTreeMap::new(),
            connections: 2,
            connect_timeout_ms: 2_000,
            tls: None,
        }
    }
}

/// PEM files of mutual TLS.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClientTls {
    /// Certificate authority of the services.
    pub ca_file: PathBuf,
    /// This process's certificate.
    pub cert_file: PathBuf,
    /// Its private key.
    pub key_file: PathBuf,
    /// Name in the services' certificates, when it is not the URL's host.
    #[serde(default)]
    pub server_name: Option<String>,
}
