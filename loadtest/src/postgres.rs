//! A private PostgreSQL server: its own folder, its own port, durable as in
//! production (`fsync` on), with `pg_stat_statements`.

use std::net::SocketAddr;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::Context as _;
use sea_orm::{
    ConnectOptions, ConnectionTrait as _, Database, DatabaseConnection, DbBackend, FromQueryResult,
    Statement,
};
use tokio::time::Instant;

use crate::keeper::{Farewell, Kept};
use crate::place::{Place, hand_over, unprivileged};
use crate::ports;

/// Longest start; initdb takes seconds on a busy machine.
const START: Duration = Duration::from_secs(90);

/// The same for the suite and for pgbench; everything else is PostgreSQL's default.
const SETTINGS: &[(&str, &str)] = &[
    ("listen_addresses", "127.0.0.1"),
    ("unix_socket_directories", ""),
    ("max_connections", "300"),
    ("shared_buffers", "512MB"),
    // Checkpoints come before a round, not in it.
    ("max_wal_size", "8GB"),
    ("checkpoint_timeout", "1h"),
    ("shared_preload_libraries", "pg_stat_statements"),
];

/// A running server. Ends with its [`Place`] at the latest.
#[derive(Debug)]
pub struct Postgres {
    address: SocketAddr,
    child: Child,
    kept: Kept,
}

impl Postgres {
    /// Starts a server in `place/postgres`; an existing cluster there is used again.
    pub async fn start(place: &Place, durable: bool) -> anyhow::Result<Self> {
        let folder = place.folder("postgres")?;
        hand_over(&folder)?;
        let data = folder.join("data");
        if !data.join("PG_VERSION").exists() {
            initialise(&data).await?;
        }
        let address = ports::one()?;
        let log = std::fs::File::create(folder.join("log"))?;
        let mut command = as_its_user("postgres")?;
        command.arg("-D").arg(&data);
        command.args(["-p", &address.port().to_string()]);
        for (name, value) in SETTINGS {
            command.args(["-c", &format!("{name}={value}")]);
        }
        if !durable {
            command.args(["-c", "fsync=off", "-c", "full_page_writes=off"]);
        }
        command
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log);
        let child = command.process_group(0).spawn().context("postgres")?;
        let kept = place.keeper().add(child.id(), Farewell::Int)?;
        let mut server = Self {
            address,
            child,
            kept,
        };
        server.wait(&folder).await?;
        Ok(server)
    }

    async fn wait(&mut self, folder: &Path) -> anyhow::Result<()> {
        let deadline = Instant::now() + START;
        loop {
            let failure = match self.admin("postgres").await {
                Ok(_) => return Ok(()),
                Err(failure) => failure,
            };
            let ended = self.child.try_wait()?.is_some();
            anyhow::ensure!(
                !ended && Instant::now() < deadline,
                "PostgreSQL did not start: {failure}; see {}",
                folder.join("log").display()
            );
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// URL of a database.
    pub fn url(&self, database: &str) -> String {
        format!("postgres://postgres@{}/{database}", self.address)
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Process id of the postmaster.
    pub fn pid(&self) -> u32 {
        self.kept.pid
    }

    /// A connection of a superuser.
    pub async fn admin(&self, database: &str) -> anyhow::Result<DatabaseConnection> {
        let mut connect = ConnectOptions::new(self.url(database));
        connect.max_connections(1).sqlx_logging(false);
        Ok(Database::connect(connect).await?)
    }

    /// Makes a database, if it is not there; a template must have no connections.
    pub async fn create_database(&self, name: &str, template: Option<&str>) -> anyhow::Result<()> {
        let admin = self.admin("postgres").await?;
        let there = format!("SELECT 1 AS one FROM pg_database WHERE datname = '{name}'");
        if rows::<One>(&admin, &there).await?.is_empty() {
            let from = template
                .map(|t| format!(" TEMPLATE {t}"))
                .unwrap_or_default();
            admin
                .execute_unprepared(&format!("CREATE DATABASE {name}{from}"))
                .await?;
        }
        admin.close().await?;
        Ok(())
    }

    /// Writes dirty pages out, so that a round does not pay for the one before.
    pub async fn checkpoint(&self) -> anyhow::Result<()> {
        let admin = self.admin("postgres").await?;
        admin.execute_unprepared("CHECKPOINT").await?;
        admin.close().await?;
        Ok(())
    }

    /// Stops the server and waits for it.
    pub async fn stop(mut self, place: &Place) -> anyhow::Result<()> {
        crate::keeper::signal(self.kept.pid, Farewell::Int.name())?;
        let kept = self.kept;
        tokio::task::spawn_blocking(move || self.child.wait()).await??;
        place.keeper().forget(kept)
    }
}

#[derive(FromQueryResult)]
struct One {
    #[allow(dead_code)]
    one: i32,
}

/// All rows of a statement without parameters.
pub async fn rows<T: FromQueryResult>(
    db: &DatabaseConnection,
    sql: &str,
) -> anyhow::Result<Vec<T>> {
    let statement = Statement::from_string(DbBackend::Postgres, sql);
    Ok(T::find_by_statement(statement).all(db).await?)
}

/// A program of PostgreSQL.
pub fn program(name: &str) -> anyhow::Result<PathBuf> {
    let mut found: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql")
        .map(|versions| {
            let versions = versions.flatten();
            versions.map(|v| v.path().join("bin").join(name)).collect()
        })
        .unwrap_or_default();
    found.retain(|path| path.exists());
    found.sort();
    let on_path = || {
        let path = std::env::var_os("PATH")?;
        std::env::split_paths(&path)
            .map(|folder| folder.join(name))
            .find(|path| path.exists())
    };
    found.pop().or_else(on_path).with_context(|| {
        format!("{name} is needed: in /usr/lib/postgresql/*/bin or on PATH (.ci/setup)")
    })
}

fn as_its_user(name: &str) -> anyhow::Result<Command> {
    let mut command = Command::new(program(name)?);
    command.current_dir("/");
    if let Some((user, group)) = unprivileged()? {
        command.uid(user).gid(group);
    }
    Ok(command)
}

async fn initialise(data: &Path) -> anyhow::Result<()> {
    let mut command = as_its_user("initdb")?;
    command.arg("-D").arg(data);
    command.args([
        "-U",
        "postgres",
        "--auth=trust",
        "-E",
        "UTF8",
        "--locale=C",
        "--no-sync",
    ]);
    let output = tokio::task::spawn_blocking(move || command.output()).await??;
    anyhow::ensure!(
        output.status.success(),
        "initdb: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    Ok(())
}
