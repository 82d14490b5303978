//! A private Redis that keeps nothing on disk.

use std::net::SocketAddr;
use std::os::unix::process::CommandExt as _;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::Context as _;
use tokio::net::TcpStream;
use tokio::time::Instant;

use crate::keeper::{Farewell, Kept};
use crate::place::Place;
use crate::ports;

const START: Duration = Duration::from_secs(30);

/// A running server. Ends with its [`Place`] at the latest.
#[derive(Debug)]
pub struct Redis {
    address: SocketAddr,
    child: Child,
    kept: Kept,
}

impl Redis {
    /// Starts `redis-server` from PATH.
    pub async fn start(place: &Place) -> anyhow::Result<Self> {
        let folder = place.folder("redis")?;
        let address = ports::one()?;
        let log = std::fs::File::create(folder.join("log"))?;
        let port = address.port().to_string();
        let child = Command::new("redis-server")
            .args(["--port", &port, "--bind", "127.0.0.1"])
            .args(["--save", "", "--appendonly", "no"])
            .current_dir(&folder)
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            .process_group(0)
            .spawn()
            .context("redis-server is needed on PATH (.ci/setup)")?;
        let kept = place.keeper().add(child.id(), Farewell::Term)?;
        let mut server = Self {
            address,
            child,
            kept,
        };
        let deadline = Instant::now() + START;
        while TcpStream::connect(address).await.is_err() {
            let ended = server.child.try_wait()?.is_some();
            anyhow::ensure!(
                !ended && Instant::now() < deadline,
                "Redis did not start: see {}",
                folder.join("log").display()
            );
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        Ok(server)
    }

    /// `redis://…`.
    pub fn url(&self) -> String {
        format!("redis://{}", self.address)
    }

    /// Process id.
    pub fn pid(&self) -> u32 {
        self.kept.pid
    }

    /// Stops the server and waits for it.
    pub async fn stop(mut self, place: &Place) -> anyhow::Result<()> {
        crate::keeper::signal(self.kept.pid, Farewell::Term.name())?;
        let kept = self.kept;
        tokio::task::spawn_blocking(move || self.child.wait()).await??;
        place.keeper().forget(kept)
    }
}
