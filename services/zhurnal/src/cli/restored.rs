//! `restored`: after a restore from a backup the feeds begin a new life.

use std::path::PathBuf;
use std::process::ExitCode;

use chassis::config::Common;
use clap::Args;

use super::folder::FolderLock;
use super::{print, say};
use crate::suite;

/// Arguments of `restored`.
#[derive(Debug, Args)]
pub struct Restored {
    /// Services whose databases were restored; none = all.
    services: Vec<String>,
    /// Folder of databases, keys and files.
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
}

impl Restored {
    /// Starts a new epoch of each feed and prints where it begins.
    pub async fn run(self, config: Option<PathBuf>) -> anyhow::Result<ExitCode> {
        let sources = suite::sources(config.as_ref(), self.data.as_ref(), &[])?;
        let common = Common::load(&sources)?;
        let _lock = FolderLock::of(&common)?;
        let telemetry = chassis::telemetry::init(&common.telemetry, "restored")?;
        let suite = suite::compose(common, sources, telemetry.metrics(), &self.services, |_| {})?;
        for (service, cursor) in suite.new_epochs().await? {
            print(&format!("{service}: {cursor}"))?;
        }
        say(
            "Читатели этих лент начнут сначала: до конца чтения списки и сводки могут быть неполны.",
        );
        telemetry.shutdown();
        Ok(ExitCode::SUCCESS)
    }
}
