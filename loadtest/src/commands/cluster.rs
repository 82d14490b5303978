//! `cluster`: seven processes to look at.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use super::Shared;
use crate::cluster::{Cluster, Options, names};
use crate::output::{print, say};

/// Arguments of `cluster`.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    shared: Shared,
    /// Folder of databases, keys and logs; it stays. By default a temporary one.
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Leave the temporary folder behind.
    #[arg(long)]
    keep: bool,
}

impl Arguments {
    /// Runs until SIGINT or SIGTERM.
    pub async fn run(self) -> anyhow::Result<ExitCode> {
        let mut options = Options::new(self.shared.binary()?);
        options.fill = self.shared.fill()?;
        options.folder = self.data;
        options.keep = self.keep;
        say("starting PostgreSQL, Redis and seven processes");
        let cluster = Cluster::start(options).await?;
        print(cluster.filled().trim_end());
        print(format!("Журнал: http://{}", cluster.http()));
        for name in names() {
            let pid = cluster.pid(name).unwrap_or_default();
            let grpc = cluster
                .grpc(name)
                .map(|a| format!("  gRPC {a}"))
                .unwrap_or_default();
            print(format!(
                "{name:<13} pid {pid:<8} admin {}{grpc}",
                cluster.admin(name)
            ));
        }
        print(format!("folder: {}", cluster.place().path().display()));
        interrupted().await?;
        say("stopping");
        cluster.stop().await?;
        Ok(ExitCode::SUCCESS)
    }
}

async fn interrupted() -> anyhow::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    Ok(())
}
