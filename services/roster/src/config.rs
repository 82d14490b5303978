//! Settings of roster.

use serde::{Deserialize, Serialize};

/// Settings; every key stands with its default in `config.default.toml`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// File with the 32 bytes that СНИЛС and uploads are sealed by; empty = `roster.key`
    /// in the service's folder, made on the first start.
    pub key_file: String,
    /// Workbooks checked at once; the rest wait.
    pub check_workers: usize,
    /// Workbooks that may wait before new ones are turned away.
    pub check_queue: usize,
    /// Days after which rows and findings of an import are forgotten.
    pub keep_import_days: u32,
    /// Days for which a school's confirmation of its profile is good, within an academic year.
    pub profile_confirm_days: u32,
    /// Longest call of another service's step of an import, milliseconds.
    pub step_timeout_ms: u64,
}

#[cfg(test)]
mod tests {
    use chassis::config::{Sources, load};

    use crate::RosterService;

    #[test]
    fn the_file_of_defaults_is_complete() {
        let config = load::<RosterService>(&Sources::new()).unwrap();
        assert!(
            config.check_workers > 0
                && config.profile_confirm_days > 0
                && config.step_timeout_ms < 60_000
        );
    }
}
