//! `migrate`: brings databases up to date and ends (the chart's hook job).

use std::path::PathBuf;
use std::process::ExitCode;

use chassis::config::Common;
use clap::Args;

use super::folder::FolderLock;
use super::print;
use crate::suite;

/// Arguments of `migrate`.
#[derive(Debug, Args)]
pub struct Migrate {
    /// Services whose databases to migrate; none = all.
    services: Vec<String>,
    /// Folder of databases, keys and files.
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
}

impl Migrate {
    /// Prints what was applied.
    pub async fn run(self, config: Option<PathBuf>) -> anyhow::Result<ExitCode> {
        let sources = suite::sources(config.as_ref(), self.data.as_ref(), &[])?;
        let common = Common::load(&sources)?;
        let _lock = FolderLock::of(&common)?;
        let telemetry = chassis::telemetry::init(&common.telemetry, "migrate")?;
        let suite = suite::compose(common, sources, telemetry.metrics(), &self.services, |_| {})?;
        for (service, names) in suite.migrate().await? {
            let done = if names.is_empty() {
                "up to date".to_owned()
            } else {
                names.join(", ")
            };
            print(&format!("{service}: {done}"))?;
        }
        telemetry.shutdown();
        Ok(ExitCode::SUCCESS)
    }
}
