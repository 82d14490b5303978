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
    /// Removes the second factor of somebody who lost it; all sessions of the account end.
    ResetSecondFactor {
        /// Login of the account.
        #[arg(value_name = "LOGIN")]
        login: String,
        /// Folder of databases, keys and files.
        #[arg(long, value_name = "DIR")]
        data: Option<PathBuf>,
    },
}

impl User {
    /// Runs identity alone, without ports, for as long as the command takes.
    pub async fn run(self, config: Option<PathBuf>) -> anyhow::Result<ExitCode> {
        let data = match &self.command {
            UserCommand::CreateAdmin { data } | UserCommand::ResetSecondFactor { data, .. } => data,
        };
        let (data, command) = (data.clone(), self.command);
        alone(config, data, async |identity| command.act(identity).await).await
    }
}

/// Identity alone, without ports, for as long as the work takes.
pub(super) async fn alone<F>(
    config: Option<PathBuf>,
    data: Option<PathBuf>,
    work: F,
) -> anyhow::Result<ExitCode>
where
    F: AsyncFnOnce(&identity::Identity) -> anyhow::Result<ExitCode>,
{
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
    let done = work(&suite::identity(&running)?).await;
    running.stop().await;
    done
}

impl UserCommand {
    async fn act(&self, identity: &identity::Identity) -> anyhow::Result<ExitCode> {
        match self {
            UserCommand::CreateAdmin { .. } => {
                let code = identity.administrator_code().await?;
                say("Код администратора региона: действует сутки и один раз.");
                print(&code)?;
            }
            UserCommand::ResetSecondFactor { login, .. } => {
                if !identity.reset_second_factor(login).await? {
                    say("У этой учётной записи второй фактор не включён.");
                    return Ok(ExitCode::FAILURE);
                }
                say("Второй фактор снят, сеансы завершены. Вход снова только по паролю.");
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}
