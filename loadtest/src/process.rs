//! One process of the suite: started, asked whether it is ready, killed.

use std::net::SocketAddr;
use std::os::unix::process::{CommandExt as _, ExitStatusExt as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

use anyhow::Context as _;
use http::StatusCode;
use tokio::time::Instant;

use crate::http::Browser;
use crate::keeper::{self, Farewell, Keeper, Kept};
use crate::settings::Settings;

/// Longest start, of a build without optimisation on a busy machine.
const START: Duration = Duration::from_secs(120);
/// How often a starting process is asked.
const ASK: Duration = Duration::from_millis(5);

/// How a process is started, each time again.
#[derive(Debug, Clone)]
pub struct Launch {
    /// The binary `zhurnal`.
    pub binary: PathBuf,
    /// Services; none = all.
    pub services: Vec<String>,
    /// Its configuration.
    pub settings: Settings,
    /// Address of `/readyz` and `/metrics`.
    pub admin: SocketAddr,
    /// File that its log is appended to.
    pub log: PathBuf,
}

/// A running process.
#[derive(Debug)]
pub struct Process {
    launch: Launch,
    keeper: Keeper,
    child: Child,
    kept: Kept,
    started: Instant,
}

impl Process {
    /// Starts it; ready only after [`Process::ready`].
    pub fn start(launch: Launch, keeper: &Keeper) -> anyhow::Result<Self> {
        let mut command = command(&launch.binary, &launch.settings);
        command.arg("serve").args(&launch.services);
        let log = std::fs::OpenOptions::new()
            .create(true)
            .append(true)
            .open(&launch.log);
        let log = log.with_context(|| launch.log.display().to_string())?;
        command.env("ZHURNAL__SERVER__ADMIN", launch.admin.to_string());
        command
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log);
        let started = Instant::now();
        let child = command.process_group(0).spawn();
        let child = child.with_context(|| launch.binary.display().to_string())?;
        let kept = keeper.add(child.id(), Farewell::Term)?;
        let keeper = keeper.clone();
        Ok(Self {
            launch,
            keeper,
            child,
            kept,
            started,
        })
    }

    /// Waits until it answers 200 to `/readyz`; gives the time since its start.
    pub async fn ready(&mut self) -> anyhow::Result<Duration> {
        let deadline = self.started + START;
        let mut why = String::new();
        while Instant::now() < deadline {
            if let Some(status) = self.child.try_wait()? {
                anyhow::bail!(
                    "{} ended with {status}: see {}",
                    self.name(),
                    self.launch.log.display()
                );
            }
            match probe(self.launch.admin, "/readyz").await {
                Ok((StatusCode::OK, _)) => return Ok(self.started.elapsed()),
                Ok((_, reasons)) => why = reasons,
                Err(error) => why = format!("{error:#}"),
            }
            tokio::time::sleep(ASK).await;
        }
        anyhow::bail!(
            "{} is not ready: {why}; see {}",
            self.name(),
            self.launch.log.display()
        )
    }

    /// The services, or `zhurnal`.
    pub fn name(&self) -> String {
        match self.launch.services.as_slice() {
            [] => "zhurnal".to_owned(),
            some => some.join("+"),
        }
    }

    /// How it was started.
    pub fn launch(&self) -> &Launch {
        &self.launch
    }

    /// Process id.
    pub fn pid(&self) -> u32 {
        self.kept.pid
    }

    /// SIGKILL, and waits for the end.
    pub async fn kill(mut self) -> anyhow::Result<Launch> {
        self.child.kill().context("kill -9")?;
        let status = tokio::task::spawn_blocking(move || self.child.wait()).await??;
        let signal = status.signal();
        anyhow::ensure!(
            signal == Some(9),
            "ended with {status} before it was killed"
        );
        self.keeper.forget(self.kept)?;
        Ok(self.launch)
    }

    /// SIGTERM, and waits for the orderly end.
    pub async fn stop(mut self) -> anyhow::Result<Launch> {
        keeper::signal(self.kept.pid, Farewell::Term.name())?;
        let status = tokio::task::spawn_blocking(move || self.child.wait()).await??;
        self.keeper.forget(self.kept)?;
        anyhow::ensure!(
            status.success(),
            "ended with {status}: see {}",
            self.launch.log.display()
        );
        Ok(self.launch)
    }
}

/// Asks the admin port.
pub async fn probe(admin: SocketAddr, path: &str) -> anyhow::Result<(StatusCode, String)> {
    let answer = Browser::new(admin)?.get(path).await?;
    Ok((
        answer.status,
        String::from_utf8_lossy(&answer.body).trim().to_owned(),
    ))
}

/// Runs a command of the binary to its end.
pub async fn run(binary: &Path, settings: &Settings, arguments: &[&str]) -> anyhow::Result<Output> {
    let mut command = command(binary, settings);
    command.args(arguments).stdin(Stdio::null());
    let output = tokio::task::spawn_blocking(move || command.output()).await?;
    let output = output.with_context(|| binary.display().to_string())?;
    anyhow::ensure!(
        output.status.success(),
        "zhurnal {}: {}\n{}{}",
        arguments.join(" "),
        output.status,
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    Ok(output)
}

/// The binary with these settings and no others.
fn command(binary: &Path, settings: &Settings) -> Command {
    let mut command = Command::new(binary);
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("ZHURNAL__") {
            command.env_remove(name);
        }
    }
    command.envs(settings.environment());
    command
}

/// The binary beside this program: of the same profile.
pub fn binary() -> anyhow::Result<PathBuf> {
    if let Some(given) = std::env::var_os("ZHURNAL_BIN") {
        return Ok(given.into());
    }
    let me = std::env::current_exe()?;
    let folders = me.ancestors().skip(1).take(2);
    let mut found = folders.map(|folder| folder.join("zhurnal"));
    found.find(|path| path.is_file()).with_context(|| {
        format!(
            "no binary zhurnal beside {}: cargo build -p zhurnal in the same profile, or ZHURNAL_BIN",
            me.display()
        )
    })
}
