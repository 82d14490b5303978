//! The command line. Data goes to standard output, talk to standard error.

mod check_config;
mod client;
mod demo;
mod doctor;
mod export;
mod folder;
mod healthcheck;
mod import;
mod migrate;
mod restored;
mod seed;
mod serve;
mod user;

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand};

/// Electronic school journal and diary.
#[derive(Debug, Parser)]
#[command(
    name = "zhurnal",
    version,
    about,
    after_help = "Examples:\n  zhurnal serve --data data\n  zhurnal import school school.xlsx --data data --dry-run\n  zhurnal export school --format oneroster --out school.zip --data data"
)]
pub struct Cli {
    /// Configuration file (TOML); ZHURNAL__SECTION__KEY and flags win over it.
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Runs all services in one process, or the named ones.
    Serve(serve::Serve),
    /// Brings the databases up to date and ends.
    Migrate(migrate::Migrate),
    /// After a restore: makes the readers of restored databases start over.
    Restored(restored::Restored),
    /// Fills an empty installation with invented schools.
    Seed(seed::Seed),
    /// Imports a school from a workbook, CSV lists or a package of OneRoster.
    Import(import::Import),
    /// Exports a school as a workbook or a package of OneRoster.
    Export(export::Export),
    /// First administrator.
    User(user::User),
    /// Other ministry systems: register, change their secrets, end them.
    Client(client::Client),
    /// Checks an installation: each line ok, warn or fail; exit code 0, 1 or 2.
    Doctor(doctor::Doctor),
    /// Prints the OpenAPI document.
    Openapi,
    /// Prints the effective configuration, secrets masked.
    CheckConfig(check_config::CheckConfig),
    /// Asks a running process whether it is ready (for containers).
    Healthcheck(healthcheck::Healthcheck),
    /// Prints shell completions.
    Completions {
        /// Shell.
        shell: clap_complete::Shell,
    },
}

/// Runs the command.
pub async fn run(cli: Cli) -> anyhow::Result<ExitCode> {
    let config = cli.config;
    match cli.command {
        Command::Serve(command) => command.run(config).await,
        Command::Migrate(command) => command.run(config).await,
        Command::Restored(command) => command.run(config).await,
        Command::Seed(command) => command.run(config).await,
        Command::Import(command) => command.run(config).await,
        Command::Export(command) => command.run(config).await,
        Command::User(command) => command.run(config).await,
        Command::Client(command) => command.run(config).await,
        Command::Doctor(command) => command.run(config).await,
        Command::Openapi => {
            print(&serde_json::to_string_pretty(&gateway::openapi()?)?)?;
            Ok(ExitCode::SUCCESS)
        }
        Command::CheckConfig(command) => command.run(config),
        Command::Healthcheck(command) => command.run().await,
        Command::Completions { shell } => {
            clap_complete::generate(
                shell,
                &mut Cli::command(),
                "zhurnal",
                &mut std::io::stdout(),
            );
            Ok(ExitCode::SUCCESS)
        }
    }
}

/// Data for standard output. A closed pipe is the reader's right.
fn print(text: &str) -> anyhow::Result<()> {
    match writeln!(std::io::stdout(), "{text}") {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(()),
    }
}

/// Talk for standard error.
fn say(text: &str) {
    let _ = writeln!(std::io::stderr(), "{text}");
}
