//! Settings of notification.

use serde::{Deserialize, Serialize};

/// Settings; every key stands with its default in `config.default.toml`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// How long a mark waits before a notice is made of it, seconds.
    pub slip_grace_seconds: u32,
    /// How often due notices are made, milliseconds.
    pub flush_interval_ms: u64,
}
