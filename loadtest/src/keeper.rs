//! Keeps hold of started processes: whatever becomes of this process, they are
//! stopped by their pids and the run's folder is removed.
//!
//! A shell reads from a pipe that ends when this process ends, killed or not
//! (`PR_SET_PDEATHSIG` would need unsafe code).

use std::io::Write as _;
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};

use anyhow::Context as _;

/// $1: folder to remove at the end; empty = none.
const SCRIPT: &str = include_str!("keeper.sh");

/// The signal that asks a process to end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Farewell {
    /// SIGTERM.
    Term,
    /// SIGINT: PostgreSQL's fast shutdown.
    Int,
}

impl Farewell {
    /// As `kill` takes it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Term => "TERM",
            Self::Int => "INT",
        }
    }
}

/// The shell that outlives this process. Cheap to clone; the last one dropped ends
/// what is still running.
#[derive(Debug, Clone)]
pub struct Keeper {
    shell: Arc<Mutex<Child>>,
}

/// A process in the keeper's care.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kept {
    /// Process id.
    pub pid: u32,
    started: u64,
}

impl Keeper {
    /// Starts the shell; at the end it removes `folder`, if one is given.
    pub fn start(folder: Option<&Path>) -> anyhow::Result<Self> {
        let shell = Command::new("/bin/sh")
            .args(["-c", SCRIPT, "keeper"])
            .arg(folder.unwrap_or(Path::new("")))
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .current_dir("/")
            // Whoever kills our group does not kill the keeper.
            .process_group(0)
            .spawn()
            .context("starting the keeper")?;
        Ok(Self {
            shell: Arc::new(Mutex::new(shell)),
        })
    }

    /// Takes a process into care.
    pub fn add(&self, pid: u32, farewell: Farewell) -> anyhow::Result<Kept> {
        let started = started(pid).with_context(|| format!("process {pid} is gone"))?;
        self.tell(&format!("add {pid} {started} {}\n", farewell.name()))?;
        Ok(Kept { pid, started })
    }

    /// The process has ended and was waited for.
    pub fn forget(&self, kept: Kept) -> anyhow::Result<()> {
        self.tell(&format!("gone {} {}\n", kept.pid, kept.started))
    }

    /// Ends everything and waits for it.
    pub fn finish(&self) -> anyhow::Result<()> {
        let mut shell = self.lock()?;
        drop(shell.stdin.take());
        shell.wait().context("waiting for the keeper")?;
        Ok(())
    }

    fn tell(&self, line: &str) -> anyhow::Result<()> {
        let mut shell = self.lock()?;
        let pipe = shell.stdin.as_mut().context("the keeper has finished")?;
        pipe.write_all(line.as_bytes())
            .context("talking to the keeper")
    }

    fn lock(&self) -> anyhow::Result<std::sync::MutexGuard<'_, Child>> {
        self.shell
            .lock()
            .map_err(|_| anyhow::anyhow!("the keeper's lock is poisoned"))
    }
}

/// Start time in clock ticks since boot: field 22 of `stat`, counted after the name.
fn started(pid: u32) -> Option<u64> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let (_, fields) = stat.rsplit_once(") ")?;
    fields.split(' ').nth(19)?.parse().ok()
}

/// Sends a signal by the shell's own `kill`.
pub fn signal(pid: u32, name: &str) -> anyhow::Result<()> {
    let status = Command::new("/bin/sh")
        .args(["-c", "kill \"-$1\" \"$2\"", "kill", name])
        .arg(pid.to_string())
        .stderr(Stdio::null())
        .status()
        .context("kill")?;
    anyhow::ensure!(status.success(), "no process {pid} to send {name} to");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sleeper() -> Child {
        Command::new("sleep")
            .arg("600")
            .process_group(0)
            .spawn()
            .unwrap()
    }

    #[test]
    fn what_is_left_is_stopped_and_the_folder_removed() {
        let folder = tempfile::tempdir().unwrap().keep();
        let keeper = Keeper::start(Some(&folder)).unwrap();
        let mut child = sleeper();
        keeper.add(child.id(), Farewell::Term).unwrap();
        keeper.finish().unwrap();
        assert!(!child.wait().unwrap().success());
        assert!(!folder.exists());
    }

    #[test]
    fn what_was_forgotten_is_left_alone() {
        let keeper = Keeper::start(None).unwrap();
        let (mut one, mut two) = (sleeper(), sleeper());
        let kept = keeper.add(one.id(), Farewell::Term).unwrap();
        keeper.add(two.id(), Farewell::Int).unwrap();
        keeper.forget(kept).unwrap();
        keeper.finish().unwrap();
        assert!(!two.wait().unwrap().success());
        assert_eq!(one.try_wait().unwrap(), None);
        one.kill().unwrap();
        one.wait().unwrap();
    }

    #[test]
    fn a_signal_to_nobody_is_an_error() {
        let mut child = sleeper();
        signal(child.id(), "TERM").unwrap();
        child.wait().unwrap();
        assert!(signal(child.id(), "TERM").is_err());
    }
}
