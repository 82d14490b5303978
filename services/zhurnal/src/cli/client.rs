//! `client`: other ministry systems, on the machine itself.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Subcommand};
use identity::clients::{ClientCredentials, NewClient};
use zhurnal_proto::id::{SchoolId, ServiceClientId};

use super::user::alone;
use super::{print, say};

/// Arguments of `client`.
#[derive(Debug, Args)]
pub struct Client {
    #[command(subcommand)]
    command: ClientCommand,
    /// Folder of databases, keys and files.
    #[arg(long, global = true, value_name = "DIR")]
    data: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
enum ClientCommand {
    /// Registers a system and prints its id and its secret, once.
    Register {
        /// What it is.
        #[arg(value_name = "TITLE")]
        title: String,
        /// What it may: roster.read, grading.events, ...
        #[arg(long = "scope", required = true, value_name = "SCOPE")]
        scopes: Vec<String>,
        /// School that it reaches; none = the whole region.
        #[arg(long = "school", value_name = "ID")]
        schools: Vec<SchoolId>,
        /// Calls a minute.
        #[arg(long, default_value_t = 600, value_name = "N")]
        rate: u32,
        /// Last day.
        #[arg(long, value_name = "YYYY-MM-DD")]
        until: jiff::civil::Date,
    },
    /// Prints a second secret; the first one stays good.
    Rotate {
        /// Id of the system.
        client: ServiceClientId,
    },
    /// Ends a system for good.
    Revoke {
        /// Id of the system.
        client: ServiceClientId,
    },
    /// Prints the systems: id, state, last day, rights, name.
    List,
}

impl Client {
    /// Runs identity alone, without ports, for as long as the command takes.
    pub async fn run(self, config: Option<PathBuf>) -> anyhow::Result<ExitCode> {
        let Self { command, data } = self;
        alone(config, data, async |identity| command.act(identity).await).await
    }
}

impl ClientCommand {
    async fn act(self, identity: &identity::Identity) -> anyhow::Result<ExitCode> {
        match self {
            ClientCommand::Register {
                title,
                scopes,
                schools,
                rate,
                until,
            } => {
                let new = NewClient {
                    title,
                    scopes: scopes.join(" "),
                    schools,
                    rate_per_minute: rate,
                    ends_on: until,
                };
                tell(&identity.register_client(new).await?)?;
            }
            ClientCommand::Rotate { client } => tell(&identity.rotate_client(client).await?)?,
            ClientCommand::Revoke { client } => {
                if !identity.revoke_client(client).await? {
                    say("Такой системы нет.");
                    return Ok(ExitCode::FAILURE);
                }
                say("Доступ отозван.");
            }
            ClientCommand::List => {
                for line in identity.client_lines().await? {
                    print(&line)?;
                }
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}

fn tell(credentials: &ClientCredentials) -> anyhow::Result<()> {
    say("Секрет показан один раз: сохраните его.");
    print(&format!("client_id={}", credentials.client_id))?;
    print(&format!("client_secret={}", credentials.client_secret))
}
