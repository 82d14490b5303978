//! Schedule's own section of the configuration.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

/// Keys of `[schedule]`; the defaults are in `config.default.toml`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Folder with regional calendars that are newer than the shipped ones.
    pub regional_calendar_dir: PathBuf,
    /// File with the 32 bytes that secrets of calendar subscriptions are made and hashed with;
    /// empty = `schedule.key` in the service's folder, made on the first start.
    pub key_file: String,
}

impl Config {
    /// The folder, if one is named.
    pub fn regional_calendar_dir(&self) -> Option<&Path> {
        (!self.regional_calendar_dir.as_os_str().is_empty())
            .then_some(self.regional_calendar_dir.as_path())
    }
}
