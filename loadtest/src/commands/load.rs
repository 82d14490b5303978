//! `load`: figures.

use std::process::ExitCode;
use std::time::Duration;

use clap::Args;

use super::{Shared, record};
use crate::load::{Options, Part, run};

/// Arguments of `load`.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    shared: Shared,
    /// Short rounds: to see that it works, not to measure.
    #[arg(long)]
    quick: bool,
    /// Interleaved rounds; the median counts.
    #[arg(long, default_value_t = 3)]
    rounds: usize,
    /// Length of a round, seconds.
    #[arg(long, default_value_t = 3)]
    seconds: u64,
    /// Callers, and clients of pgbench.
    #[arg(long, default_value_t = 32)]
    callers: usize,
    /// Only these parts.
    #[arg(long, value_enum)]
    part: Vec<Part>,
    /// Only these services run while writes are measured: what a node does whose
    /// followers are elsewhere.
    #[arg(long, value_name = "SERVICE")]
    only: Vec<String>,
    /// Append the figures to docs/evidence/figures.jsonl.
    #[arg(long)]
    record: bool,
}

impl Arguments {
    /// Measures and prints.
    pub async fn run(self) -> anyhow::Result<ExitCode> {
        anyhow::ensure!(
            !(self.record && self.quick),
            "quick figures are no evidence"
        );
        anyhow::ensure!(
            !(self.record && self.rounds < 3),
            "evidence takes at least three rounds"
        );
        anyhow::ensure!(
            self.only.is_empty() || self.part == [Part::Writes],
            "--only goes with --part writes"
        );
        let options = Options {
            binary: self.shared.binary()?,
            fill: self.shared.fill()?,
            rounds: self.rounds,
            round: Duration::from_secs(if self.quick { 1 } else { self.seconds }),
            callers: self.callers,
            parts: self.part,
            services: self.only,
        };
        let figures = run(&options).await?;
        if self.record {
            record(&figures)?;
        }
        Ok(ExitCode::SUCCESS)
    }
}
