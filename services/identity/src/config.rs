//! Settings of identity.

use serde::{Deserialize, Serialize};

/// Settings; every key stands with its default in `config.default.toml`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Address that the QR codes of invitations open, without a slash at the end.
    pub public_url: String,
    /// File with the 32 bytes that codes and sessions are hashed with; empty = one
    /// made in the service's folder. Several replicas need the same one.
    pub key_file: String,
    /// Memory of one Argon2id hash, KiB.
    pub argon2_memory_kib: u32,
    /// Passes of one Argon2id hash.
    pub argon2_passes: u32,
    /// Password hashes computed at once; the rest wait.
    pub hash_workers: usize,
    /// Hashes that may wait before new ones are turned away.
    pub hash_queue: usize,
    /// IANA time zone of days that belong to no school.
    pub time_zone: String,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            public_url: "http://127.0.0.1:8080".to_owned(),
            key_file: String::new(),
            argon2_memory_kib: 19_456,
            argon2_passes: 2,
            hash_workers: 2,
            hash_queue: 64,
            time_zone: "Europe/Simferopol".to_owned(),
        }
    }
}
