//! `zhurnal`: the one binary. Exit codes: 0 done, 1 failure, 2 refused rows of an
//! import, 64 wrong configuration or command line.

use std::io::Write;
use std::process::ExitCode;

use chassis::config::{ConfigError, EXIT_CONFIG};
use clap::Parser;
use zhurnal::cli;

/// Requests are many small allocations on several threads: a third of the suite's
/// time went into the system's allocator.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    use_small_pages();
    let arguments = match cli::Cli::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            let _ = error.print();
            return if error.use_stderr() {
                ExitCode::from(EXIT_CONFIG)
            } else {
                ExitCode::SUCCESS
            };
        }
    };
    // Two providers in one tree would make rustls panic at the first handshake.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let runtime = match tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime,
        Err(error) => return failed(&error.into()),
    };
    match runtime.block_on(cli::run(arguments)) {
        Ok(code) => code,
        Err(error) => failed(&error),
    }
}

/// The allocator asks for huge pages, and an idle suite touches a little of each: a
/// third of its memory was that rest. Not being heard here costs memory alone.
fn use_small_pages() {
    #[cfg(target_os = "linux")]
    let _ = rustix::thread::disable_transparent_huge_pages(true);
}

fn failed(error: &anyhow::Error) -> ExitCode {
    let _ = writeln!(std::io::stderr(), "zhurnal: {error:#}");
    if error.downcast_ref::<ConfigError>().is_some() {
        ExitCode::from(EXIT_CONFIG)
    } else {
        ExitCode::FAILURE
    }
}
