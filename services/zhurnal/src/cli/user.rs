//! `user`: the way in when nobody can log in.

use std::path::PathBuf;
use std::process::ExitCode;

use chassis::config::Common;
use clap::{Args, Subcommand};

use super::folder::FolderLock;
use super::{print, say};
use crate::suite;

/// Arguments of `user`.
#[derive(Debug, Args)]
pub struct User {
    #[command(subcommand)]
    command: UserCommand,
}

#[derive(Debug, Subcommand)]
enum UserCommand {
    /// Prints a one-time code for an administrator of the region.
    CreateAdmin {
        /// Folder of databases, keys and files.
        #[arg(long, value_name = "DIR")]
        data: Option<PathBuf>,
    },
}

impl User {
    /// Prints the code on standard output.
    pub async fn run(self, config: Option<PathBuf>) -> anyhow::Result<ExitCode> {
        let UserCommand::CreateAdmin { data } = self.command;
        let off = [
            ("server.grpc", "", Some("")),
            ("server.admin", "", Some("")),
            ("telemetry.filter", "", Some("error")),
        ];
        let sources = suite::sources(config.as_ref(), data.as_ref(), &off)?;
        let common = Common::load(&sources)?;
        let _lock = FolderLock::of(&common)?;
        let telemetry = chassis::telemetry::init(&common.telemetry, "zhurnal")?;
        let suite = suite::compose(
            common,
            sources,
            telemetry.metrics(),
            &["identity".to_owned()],
            |_| {},
        )?;
        let running = suite.start().await?;
        let code = suite::identity(&running)?.administrator_code().await?;
        running.stop().await;
        say("Код администратора региона: действует сутки и один раз.");
        print(&code)?;
        Ok(ExitCode::SUCCESS)
    }
}
