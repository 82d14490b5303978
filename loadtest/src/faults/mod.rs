//! Kills processes under write load and compares what clients were told with what
//! is there afterwards.
//!
//! The client's own record is the judge: every save is on the client's disk before
//! it is sent and again when its answer has come. A save without an answer is sent
//! again under the same key until it has one. At the end every save that was
//! answered `APPLIED` is there exactly once, in the journal, in the diary and in the
//! ledger, and nothing else is there.

pub mod checker;
mod cluster;
mod embedded;
mod observe;
pub mod record;
mod writer;

use std::path::PathBuf;

use crate::figures::Figures;
use crate::output::print;
use checker::Violation;

/// How often to kill what.
#[derive(Debug, Clone)]
pub struct Options {
    /// The binary `zhurnal`.
    pub binary: PathBuf,
    /// Arguments of `zhurnal` that fill empty databases with a school.
    pub fill: Vec<String>,
    /// Kills of the embedded process.
    pub rounds: u32,
    /// Kills of grading in the cluster.
    pub cluster_rounds: u32,
    /// Seed of the moments at which processes are killed.
    pub seed: u64,
}

/// What came of one part.
#[derive(Debug, Default)]
struct Summary {
    kills: u32,
    /// Most saves that one kill met in flight.
    most_in_flight: usize,
    /// Saves that a kill left without an answer, until they were sent again.
    unknown: usize,
    saves: usize,
    marks: usize,
    violations: Vec<Violation>,
}

/// Runs both parts; true when no promise was broken.
pub async fn run(options: &Options) -> anyhow::Result<(Figures, bool)> {
    let mut figures = Figures::default();
    let mut kept = true;
    if options.rounds > 0 {
        let summary = embedded::run(options).await?;
        kept &= report("kill -9 of the embedded process", &summary, &mut figures);
    }
    if options.cluster_rounds > 0 {
        let summary = cluster::run(options).await?;
        kept &= report("kill -9 of grading in the cluster", &summary, &mut figures);
    }
    Ok((figures, kept))
}

fn report(name: &str, summary: &Summary, figures: &mut Figures) -> bool {
    for violation in summary.violations.iter().take(20) {
        print(format!("VIOLATION {violation}"));
    }
    let count =
        |pick: fn(&Violation) -> bool| summary.violations.iter().filter(|v| pick(v)).count() as f64;
    figures.take(format!("{name}: kills"), f64::from(summary.kills), "kills");
    figures.take(
        format!("{name}: most saves in flight at a kill"),
        summary.most_in_flight as f64,
        "saves",
    );
    figures.take(
        format!("{name}: saves without an answer, sent again"),
        summary.unknown as f64,
        "saves",
    );
    figures.take(
        format!("{name}: saves acknowledged"),
        summary.saves as f64,
        "saves",
    );
    figures.take(
        format!("{name}: marks acknowledged"),
        summary.marks as f64,
        "marks",
    );
    figures.take(
        format!("{name}: acknowledged and lost"),
        count(Violation::is_loss),
        "marks",
    );
    figures.take(
        format!("{name}: doubled"),
        count(Violation::is_double),
        "marks",
    );
    let other = |v: &Violation| !v.is_loss() && !v.is_double();
    figures.take(
        format!("{name}: other violations"),
        count(other),
        "violations",
    );
    summary.violations.is_empty()
}
