//! `serve`: the suite, or some services of it, until a signal.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::mpsc;

use chassis::clock::Clock;
use chassis::config::Common;
use chassis::lifecycle::Running;
use clap::Args;

use super::demo::clock::DemoClock;
use super::folder::FolderLock;
use super::{say, seed};
use crate::suite;

/// Arguments of `serve`.
#[derive(Debug, Args)]
pub struct Serve {
    /// Services to run; none = all in one process.
    services: Vec<String>,
    /// Folder of databases, keys and files.
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Address of HTTP (gateway).
    #[arg(long, value_name = "ADDR")]
    http: Option<String>,
    /// Address of gRPC.
    #[arg(long, value_name = "ADDR")]
    grpc: Option<String>,
    /// Address of /livez, /readyz and /metrics.
    #[arg(long, value_name = "ADDR")]
    admin: Option<String>,
    /// Fill an empty folder with an invented demo school and print its logins.
    #[arg(long)]
    demo: bool,
}

impl Serve {
    /// Runs until SIGTERM or SIGINT.
    pub async fn run(self, config: Option<PathBuf>) -> anyhow::Result<ExitCode> {
        let flags = [
            ("gateway.http", "--http", self.http.as_deref()),
            ("server.grpc", "--grpc", self.grpc.as_deref()),
            ("server.admin", "--admin", self.admin.as_deref()),
        ];
        let sources = suite::sources(config.as_ref(), self.data.as_ref(), &flags)?;
        let common = Common::load(&sources)?;
        let embedded =
            common.database.urls.is_empty() && self.services.iter().all(|s| s != suite::GATEWAY);
        let data = common.data.dir.clone();
        let _lock = embedded.then(|| FolderLock::take(&data)).transpose()?;
        let role = if self.services.len() == 1 {
            self.services[0].clone()
        } else {
            "zhurnal".to_owned()
        };
        chassis::server::install_panic_hook();
        let telemetry = chassis::telemetry::init(&common.telemetry, &role)?;
        let (bound, address) = mpsc::channel();
        let all = self.services.is_empty();
        let suite = suite::compose(
            common,
            sources,
            telemetry.metrics(),
            &self.services,
            move |a| {
                let _ = bound.send(a);
            },
        )?;
        let clock = DemoClock::new();
        let suite = if self.demo {
            suite.with_clock(Clock::from_source(clock.clone()))
        } else {
            suite
        };
        let running = suite.start().await?;
        let http = address.try_recv().ok();
        if let Some(http) = http {
            say(&format!("Журнал: http://{http}"));
        }
        if all && let Some(http) = http {
            if self.demo {
                seed::demo_if_empty(&running, &data, &clock).await?;
            }
            first_steps(&running, &format!("http://{http}")).await?;
        }
        running.run_until_signal().await?;
        telemetry.shutdown();
        Ok(ExitCode::SUCCESS)
    }
}

/// On an empty installation: how to become its first administrator.
async fn first_steps(running: &Running, http: &str) -> anyhow::Result<()> {
    let identity = suite::identity(running)?;
    if identity.is_empty().await? {
        let code = identity.administrator_code().await?;
        say("Никто ещё не зарегистрирован. Первый администратор региона:");
        say(&format!("  откройте {http}/register?code={code}"));
        say("  (код действует сутки и один раз; новый: zhurnal user create-admin)");
    }
    Ok(())
}
