//! An installation in one process: the embedded profile on SQLite, or all services
//! on PostgreSQL.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::Context as _;

use crate::place::Place;
use crate::ports;
use crate::postgres::Postgres;
use crate::process::{self, Launch, Process};
use crate::settings::Settings;

/// Services with a database, in the order in which they start.
pub const DATABASES: [&str; 6] = [
    "identity",
    "roster",
    "schedule",
    "grading",
    "notification",
    "reporting",
];

/// The suite in one process. Between runs it may stand still.
#[derive(Debug)]
pub struct Install {
    place: Place,
    settings: Settings,
    http: SocketAddr,
    admin: SocketAddr,
    binary: PathBuf,
    process: Option<Process>,
}

impl Install {
    /// On SQLite in the place's folder `data`.
    pub fn embedded(place: Place, binary: PathBuf) -> anyhow::Result<Self> {
        let settings = Settings::default();
        Self::new(place, binary, settings)
    }

    /// On the databases of a server.
    pub async fn on_postgres(
        place: Place,
        binary: PathBuf,
        server: &Postgres,
    ) -> anyhow::Result<Self> {
        let settings = databases(server).await?;
        Self::new(place, binary, settings)
    }

    fn new(place: Place, binary: PathBuf, mut settings: Settings) -> anyhow::Result<Self> {
        let addresses = ports::free(2)?;
        let (http, admin) = (addresses[0], addresses[1]);
        settings
            .path("data.dir", &place.folder("data")?)
            .set("gateway.http", http);
        settings
            .set("server.grpc", "")
            .set("telemetry.filter", "warn");
        unlimited(&mut settings);
        Ok(Self {
            place,
            settings,
            http,
            admin,
            binary,
            process: None,
        })
    }

    /// Runs `seed`, `import`, … while the suite stands still.
    pub async fn command(&self, arguments: &[&str]) -> anyhow::Result<String> {
        anyhow::ensure!(self.process.is_none(), "the suite is running");
        let output = process::run(&self.binary, &self.settings, arguments).await?;
        let talk = String::from_utf8_lossy(&output.stderr);
        Ok(format!("{talk}{}", String::from_utf8_lossy(&output.stdout)))
    }

    /// Starts the suite; gives the time from start to ready.
    pub async fn start(&mut self) -> anyhow::Result<Duration> {
        self.serve(&[]).await
    }

    /// Starts some of the services in the one process.
    pub async fn serve(&mut self, services: &[&str]) -> anyhow::Result<Duration> {
        anyhow::ensure!(self.process.is_none(), "the suite is running");
        let launch = Launch {
            binary: self.binary.clone(),
            services: services.iter().map(|&s| s.to_owned()).collect(),
            settings: self.settings.clone(),
            admin: self.admin,
            log: self.place.path().join("log"),
        };
        let process = self
            .process
            .insert(Process::start(launch, self.place.keeper())?);
        process.ready().await
    }

    /// Stops the suite in order.
    pub async fn stop(&mut self) -> anyhow::Result<()> {
        self.process
            .take()
            .context("the suite stands still")?
            .stop()
            .await?;
        Ok(())
    }

    /// SIGKILL.
    pub async fn kill(&mut self) -> anyhow::Result<()> {
        self.process
            .take()
            .context("the suite stands still")?
            .kill()
            .await?;
        Ok(())
    }

    /// Process id of the running suite.
    pub fn pid(&self) -> anyhow::Result<u32> {
        Ok(self
            .process
            .as_ref()
            .context("the suite stands still")?
            .pid())
    }

    /// Address of the gateway.
    pub fn http(&self) -> SocketAddr {
        self.http
    }

    /// Address of `/metrics`.
    pub fn admin(&self) -> SocketAddr {
        self.admin
    }

    /// Its configuration.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Its folder.
    pub fn place(&self) -> &Place {
        &self.place
    }
}

/// The six databases on a server, made when they are not there.
pub async fn databases(server: &Postgres) -> anyhow::Result<Settings> {
    let mut settings = Settings::default();
    for service in DATABASES {
        server.create_database(service, None).await?;
        settings.set(format!("database.urls.{service}"), server.url(service));
    }
    Ok(settings)
}

/// One session here is many teachers, and everything comes from one address.
pub fn unlimited(settings: &mut Settings) {
    for key in [
        "session_rate",
        "session_burst",
        "address_rate",
        "address_burst",
    ] {
        settings.set(format!("gateway.{key}"), 1_000_000);
    }
}
