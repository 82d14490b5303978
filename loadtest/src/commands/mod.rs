//! The command line.

mod cluster;
mod faults;
mod load;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};

use crate::figures::{Figures, evidence};
use crate::process;

/// Measures and breaks the suite in private installations.
#[derive(Debug, Parser)]
#[command(name = "zhurnal-loadtest", version, about)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Runs the suite as seven processes over PostgreSQL and Redis until Ctrl+C.
    Cluster(cluster::Arguments),
    /// Measures throughput and latency beside pgbench; prints ratios.
    Load(load::Arguments),
    /// Kills processes under load and compares the client's record with the journal.
    Faults(faults::Arguments),
}

/// What all commands take.
#[derive(Debug, Args)]
struct Shared {
    /// The binary; by default the one beside this program.
    #[arg(long, value_name = "FILE")]
    binary: Option<PathBuf>,
    /// Import this workbook instead of inventing a school.
    #[arg(long, value_name = "FILE")]
    workbook: Option<PathBuf>,
    /// Seed of the invented school.
    #[arg(long, default_value_t = 12)]
    seed: u64,
    /// Classes of each of its eleven grades.
    #[arg(long, default_value_t = 8)]
    classes_per_grade: u8,
    /// Pupils of each class.
    #[arg(long, default_value_t = 30)]
    pupils_per_class: u8,
}

impl Shared {
    fn binary(&self) -> anyhow::Result<PathBuf> {
        self.binary.clone().map_or_else(process::binary, Ok)
    }

    /// Arguments of `zhurnal` that fill empty databases.
    fn fill(&self) -> anyhow::Result<Vec<String>> {
        Ok(match &self.workbook {
            Some(file) => {
                let file = file.canonicalize()?;
                vec![
                    "import".into(),
                    "school".into(),
                    file.to_string_lossy().into_owned(),
                ]
            }
            None => {
                let sizes = [
                    ("--seed", self.seed),
                    ("--classes-per-grade", self.classes_per_grade.into()),
                    ("--pupils-per-class", self.pupils_per_class.into()),
                ];
                let sizes = sizes
                    .into_iter()
                    .flat_map(|(flag, size)| [flag.to_owned(), size.to_string()]);
                ["seed", "demo"]
                    .map(str::to_owned)
                    .into_iter()
                    .chain(sizes)
                    .collect()
            }
        })
    }
}

/// Runs a command.
pub async fn run(cli: Cli) -> anyhow::Result<ExitCode> {
    match cli.command {
        Command::Cluster(arguments) => arguments.run().await,
        Command::Load(arguments) => arguments.run().await,
        Command::Faults(arguments) => arguments.run().await,
    }
}

/// Appends the figures to the repository's evidence.
fn record(figures: &Figures) -> anyhow::Result<()> {
    let arguments = std::env::args().skip(1).collect::<Vec<_>>().join(" ");
    figures.record(&evidence()?, &format!("zhurnal-loadtest {arguments}"))
}
