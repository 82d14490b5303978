//! How a database is opened.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// Pool sizes and time limits; the defaults suit one service on two cores.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DbOptions {
    /// PostgreSQL: connections that write. With `readers` 8-12 in all: past that the
    /// server itself slows down. SQLite has always one.
    pub writers: u32,
    /// Connections that read; they cannot write.
    pub readers: u32,
    /// Longest wait for a free connection, milliseconds.
    pub acquire_timeout_ms: u64,
    /// PostgreSQL: longest statement, milliseconds.
    pub statement_timeout_ms: u64,
    /// Longest wait for a lock, milliseconds (SQLite: busy timeout).
    pub lock_timeout_ms: u64,
    /// Statements slower than this are logged without their values, milliseconds.
    pub slow_statement_ms: u64,
    /// Name shown in `pg_stat_activity`.
    pub application_name: String,
}

impl Default for DbOptions {
    fn default() -> Self {
        DbOptions {
            writers: 6,
            readers: 4,
            acquire_timeout_ms: 5_000,
            statement_timeout_ms: 15_000,
            lock_timeout_ms: 5_000,
            slow_statement_ms: 250,
            application_name: "zhurnal".to_owned(),
        }
    }
}

impl DbOptions {
    /// The defaults under a service's name.
    pub fn named(name: &str) -> DbOptions {
        DbOptions {
            application_name: format!("zhurnal-{name}"),
            ..DbOptions::default()
        }
    }

    pub(super) fn acquire_timeout(&self) -> Duration {
        Duration::from_millis(self.acquire_timeout_ms)
    }

    pub(super) fn lock_timeout(&self) -> Duration {
        Duration::from_millis(self.lock_timeout_ms)
    }
}
