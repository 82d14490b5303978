//! `check-config`: the effective configuration, secrets masked.

use std::path::PathBuf;
use std::process::ExitCode;

use chassis::config::Common;
use clap::Args;

use super::print;
use crate::suite;

/// Arguments of `check-config`.
#[derive(Debug, Args)]
pub struct CheckConfig {
    /// Services whose sections to show; none = all.
    services: Vec<String>,
    /// Folder of databases, keys and files.
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
}

impl CheckConfig {
    /// Prints TOML.
    pub fn run(self, config: Option<PathBuf>) -> anyhow::Result<ExitCode> {
        let sources = suite::sources(config.as_ref(), self.data.as_ref(), &[])?;
        let mut text = Common::load(&sources)?.print()?;
        let wants =
            |name: &str| self.services.is_empty() || self.services.iter().any(|s| s == name);
        for host in suite::hosts().into_iter().filter(|h| wants(h.name)) {
            text.push('\n');
            text.push_str(&host.print_config(&sources)?);
        }
        if wants(suite::GATEWAY) {
            text.push('\n');
            text.push_str(&gateway::print_config(&sources)?);
        }
        print(&text)?;
        Ok(ExitCode::SUCCESS)
    }
}
