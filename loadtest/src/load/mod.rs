//! Throughput, latency, cost and size of the suite, beside pgbench on the same
//! server in the same run.

mod embedded;
mod machine;
mod reads;
mod region;
mod writes;

use std::path::PathBuf;
use std::time::Duration;

use crate::figures::Figures;
use crate::install::Install;
use crate::output::say;
use crate::place::Place;
use crate::postgres::Postgres;
use crate::usage;

/// What to measure and for how long.
#[derive(Debug, Clone)]
pub struct Options {
    /// The binary `zhurnal`.
    pub binary: PathBuf,
    /// Arguments of `zhurnal` that fill empty databases with a school.
    pub fill: Vec<String>,
    /// Interleaved rounds; the median counts.
    pub rounds: usize,
    /// Length of a round.
    pub round: Duration,
    /// Callers, and pgbench's clients.
    pub callers: usize,
    /// Which parts; none = all.
    pub parts: Vec<Part>,
    /// Services that run while writes are measured; none = all.
    pub services: Vec<String>,
}

/// A part of the run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Part {
    /// Mark saves and class saves beside pgbench, on PostgreSQL.
    Writes,
    /// Journal page and diary week, on PostgreSQL.
    Reads,
    /// Screens and lists in a region of 1, 10, 100 and 550 schools, on PostgreSQL.
    Region,
    /// Memory and start of one process on SQLite.
    Embedded,
}

/// Measures everything that was asked for.
pub async fn run(options: &Options) -> anyhow::Result<Figures> {
    let mut figures = Figures::default();
    machine::describe();
    let wants = |part| options.parts.is_empty() || options.parts.contains(&part);
    let parts = [Part::Writes, Part::Reads, Part::Region].map(wants);
    if parts.contains(&true) {
        on_postgres(options, &mut figures, parts).await?;
    }
    if wants(Part::Embedded) {
        embedded::measure(options, &mut figures).await?;
    }
    Ok(figures)
}

async fn on_postgres(
    options: &Options,
    figures: &mut Figures,
    [writes, reads, region]: [bool; 3],
) -> anyhow::Result<()> {
    let servers = Place::temporary()?;
    let postgres = Postgres::start(&servers, true).await?;
    say("PostgreSQL is up");
    let mut install =
        Install::on_postgres(Place::temporary()?, options.binary.clone(), &postgres).await?;
    fill(&install, options).await?;
    install.start().await?;
    let stage = writes::Stage::enter(&install, options).await?;
    let stage = match writes {
        true => writes::measure(stage, &mut install, &postgres, options, figures).await?,
        false => stage,
    };
    if reads {
        reads::measure(&stage, &install, &postgres, options, figures).await?;
    }
    if region {
        region::measure(&stage, &install, &postgres, figures).await?;
    }
    install.stop().await?;
    install.place().finish()?;
    postgres.stop(&servers).await?;
    servers.finish()
}

/// Runs the filling command over empty databases.
async fn fill(install: &Install, options: &Options) -> anyhow::Result<()> {
    let arguments: Vec<&str> = options.fill.iter().map(String::as_str).collect();
    say(format!("zhurnal {}", arguments.join(" ")));
    install.command(&arguments).await?;
    Ok(())
}

/// Waits until a process has nothing left to do: followers of feeds work on after
/// a flood, and must not slow down what is measured next. Gives the time it took.
async fn settled(pid: u32) -> anyhow::Result<Duration> {
    const LOOK: Duration = Duration::from_millis(500);
    const LONGEST: Duration = Duration::from_secs(600);
    let start = tokio::time::Instant::now();
    while start.elapsed() < LONGEST {
        let before = usage::cpu(pid);
        tokio::time::sleep(LOOK).await;
        if usage::cpu(pid) - before <= LOOK / 10 {
            return Ok(start.elapsed() - LOOK);
        }
    }
    anyhow::bail!("process {pid} is still busy after {LONGEST:?}")
}
