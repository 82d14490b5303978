//! `faults`: promises under kill -9.

use std::process::ExitCode;

use clap::Args;

use super::{Shared, record};
use crate::faults::{Options, run};
use crate::output::print;

/// Arguments of `faults`.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    shared: Shared,
    /// Kills of the embedded process; 0 = leave it out.
    #[arg(long, default_value_t = 200)]
    rounds: u32,
    /// Kills of grading in the cluster; 0 = leave it out.
    #[arg(long, default_value_t = 50)]
    cluster_rounds: u32,
    /// Seed of the moments of the kills.
    #[arg(long, default_value_t = 1)]
    moments: u64,
    /// Append the figures to docs/evidence/figures.jsonl.
    #[arg(long)]
    record: bool,
}

impl Arguments {
    /// Kills, compares, prints.
    pub async fn run(self) -> anyhow::Result<ExitCode> {
        let options = Options {
            binary: self.shared.binary()?,
            fill: self.shared.fill()?,
            rounds: self.rounds,
            cluster_rounds: self.cluster_rounds,
            seed: self.moments,
        };
        let (figures, kept) = run(&options).await?;
        if self.record {
            record(&figures)?;
        }
        print(if kept {
            "every promise was kept"
        } else {
            "A PROMISE WAS BROKEN"
        });
        Ok(if kept {
            ExitCode::SUCCESS
        } else {
            ExitCode::FAILURE
        })
    }
}
