//! Settings of the edge.

use std::net::IpAddr;

use serde::{Deserialize, Serialize};

/// Settings; every key stands with its default in `config.default.toml`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Address of HTTP.
    pub http: String,
    /// Largest JSON body, bytes.
    pub max_json_bytes: usize,
    /// Requests a second that one session may make, sustained.
    pub session_rate: u32,
    /// Requests that one session may make at once.
    pub session_burst: u32,
    /// Requests a second without a session from one address, sustained; a whole school sits behind one.
    pub address_rate: u32,
    /// Requests without a session from one address at once.
    pub address_burst: u32,
    /// Proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpAddr>,
    /// Live events kept for browsers that reconnect.
    pub replay_events: usize,
    /// Address by which others know the installation, without a slash at the end; empty =
    /// as the client called it.
    pub public_url: String,
    /// Whether to send `Strict-Transport-Security`; on behind TLS.
    pub hsts: bool,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            http: "127.0.0.1:8080".to_owned(),
            max_json_bytes: 1 << 20,
            session_rate: 20,
            session_burst: 200,
            address_rate: 100,
            address_burst: 1_000,
            trusted_proxies: Vec::new(),
            replay_events: 10_000,
            public_url: String::new(),
            hsts: false,
        }
    }
}
