//! `zhurnal-loadtest`: see `docs/performance.md`. Exit codes: 0 done, 1 failure or a
//! violated promise, 2 wrong command line.

use std::process::ExitCode;

use clap::Parser as _;
use zhurnal_loadtest::commands::{Cli, run};
use zhurnal_loadtest::output::say;

#[tokio::main]
async fn main() -> ExitCode {
    match run(Cli::parse()).await {
        Ok(code) => code,
        Err(error) => {
            say(format!("zhurnal-loadtest: {error:#}"));
            ExitCode::FAILURE
        }
    }
}
