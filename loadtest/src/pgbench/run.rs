//! Running pgbench and reading what it says.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::Context as _;

use crate::figures::median;
use crate::postgres::program;

/// A script against a database.
#[derive(Debug, Clone)]
pub struct Bench {
    /// Server.
    pub server: SocketAddr,
    /// Database, a copy of grading's.
    pub database: String,
    /// File of the script.
    pub script: PathBuf,
    /// Connections.
    pub clients: usize,
}

/// What pgbench measured.
#[derive(Debug, Clone, PartialEq)]
pub struct Measured {
    /// Transactions a second.
    pub rate: f64,
    /// Transactions done.
    pub count: usize,
    /// Median of the latency, milliseconds.
    pub p50_ms: f64,
    /// 99th percentile of the latency, milliseconds.
    pub p99_ms: f64,
}

impl Bench {
    /// As fast as it goes.
    pub async fn flood(&self, length: Duration) -> anyhow::Result<Measured> {
        self.run(length, None).await
    }

    /// At a rate, open-loop: latencies count from the time that each was due.
    pub async fn at_rate(&self, length: Duration, rate: f64) -> anyhow::Result<Measured> {
        self.run(length, Some(rate)).await
    }

    async fn run(&self, length: Duration, rate: Option<f64>) -> anyhow::Result<Measured> {
        let logs = tempfile::tempdir()?;
        let mut command = Command::new(program("pgbench")?);
        command.args([
            "-h",
            &self.server.ip().to_string(),
            "-p",
            &self.server.port().to_string(),
        ]);
        command.args(["-U", "postgres", "-n", "-M", "prepared", "-j", "1", "-l"]);
        command.args([
            "-c",
            &self.clients.to_string(),
            "-T",
            &length.as_secs().max(1).to_string(),
        ]);
        if let Some(rate) = rate {
            command.args(["-R", &format!("{rate:.1}")]);
        }
        command
            .arg("-f")
            .arg(&self.script)
            .arg(&self.database)
            .current_dir(logs.path());
        let output = tokio::task::spawn_blocking(move || command.output()).await?;
        let output = output.context("pgbench")?;
        let said = String::from_utf8_lossy(&output.stdout);
        let complained = String::from_utf8_lossy(&output.stderr);
        anyhow::ensure!(output.status.success(), "pgbench: {complained}{said}");
        let mut latencies = latencies(logs.path())?;
        let rate = rate_of(&said).with_context(|| format!("pgbench said: {said}{complained}"))?;
        latencies.sort_by(f64::total_cmp);
        let at = |share: f64| {
            let index = (latencies.len() as f64 * share) as usize;
            latencies
                .get(index.min(latencies.len().saturating_sub(1)))
                .copied()
                .unwrap_or(f64::NAN)
        };
        Ok(Measured {
            rate,
            count: latencies.len(),
            p50_ms: median(&latencies),
            p99_ms: at(0.99),
        })
    }
}

/// `tps = 1234.567 (without initial connection time)`.
fn rate_of(said: &str) -> Option<f64> {
    let line = said.lines().find_map(|line| line.strip_prefix("tps = "))?;
    line.split(' ').next()?.parse().ok()
}

/// Third field of each line, microseconds; with a rate it counts from the due time.
fn latencies(folder: &Path) -> anyhow::Result<Vec<f64>> {
    let mut all = Vec::new();
    for file in std::fs::read_dir(folder)? {
        let text = std::fs::read_to_string(file?.path())?;
        let fields = text.lines().filter_map(|line| line.split(' ').nth(2));
        all.extend(
            fields
                .filter_map(|us| us.parse::<f64>().ok())
                .map(|us| us / 1_000.0),
        );
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rate_is_read_from_the_last_lines() {
        let said = "transaction type: s.sql\nnumber of transactions actually processed: 100\n\
                    latency average = 1.5 ms\ntps = 1234.567 (without initial connection time)\n";
        assert_eq!(rate_of(said), Some(1234.567));
        assert_eq!(rate_of("failed"), None);
    }

    #[test]
    fn latencies_of_all_threads_are_read() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(
            folder.path().join("pgbench_log.1"),
            "0 1 1500 0 1700000000 1\n1 1 2500 0 1700000000 2\n",
        )
        .unwrap();
        std::fs::write(
            folder.path().join("pgbench_log.1.1"),
            "2 1 500 0 1700000000 3\n",
        )
        .unwrap();
        let mut all = latencies(folder.path()).unwrap();
        all.sort_by(f64::total_cmp);
        assert_eq!(all, [0.5, 1.5, 2.5]);
    }
}
