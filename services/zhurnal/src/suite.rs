//! Which services there are, and how a process is composed of them.

use std::net::SocketAddr;
use std::path::PathBuf;

use chassis::config::{Common, ConfigError, Sources};
use chassis::lifecycle::{Host, Running, Suite};
use chassis::telemetry::Metrics;
use identity::{Identity, IdentityService};

/// Name of the gateway among the services.
pub const GATEWAY: &str = gateway::NAME;

/// All services with a database, in the order in which they are started.
pub fn hosts() -> Vec<Host> {
    vec![
        Host::of::<IdentityService>(),
        Host::of::<roster::RosterService>(),
        Host::of::<schedule::Schedule>(),
        Host::of::<grading::GradingService>(),
        Host::of::<notification::NotificationService>(),
        Host::of::<reporting::Reporting>(),
    ]
}

/// Names that `serve` takes.
pub fn names() -> Vec<&'static str> {
    hosts().iter().map(|h| h.name).chain([GATEWAY]).collect()
}

/// Identity's own operations in a process that hosts it.
pub fn identity(running: &Running) -> anyhow::Result<Identity> {
    let cx = running
        .context("identity")
        .ok_or_else(|| anyhow::anyhow!("identity does not run in this process"))?;
    Identity::new(cx, running.config::<IdentityService>()?)
}

/// Where the configuration comes from: file, environment, then `flags`.
pub fn sources(
    file: Option<&PathBuf>,
    data: Option<&PathBuf>,
    flags: &[(&str, &str, Option<&str>)],
) -> Result<Sources, ConfigError> {
    let mut sources = Sources::new();
    if let Some(file) = file {
        sources = sources.file(file)?;
    }
    sources = sources.env(std::env::vars());
    if let Some(data) = data {
        sources = sources.set("data.dir", data.to_string_lossy(), "--data");
    }
    for (key, flag, value) in flags {
        if let Some(value) = value {
            sources = sources.set(key, *value, flag);
        }
    }
    let known: Vec<&str> = Common::SECTIONS.into_iter().chain(names()).collect();
    sources.check_sections(&known)?;
    Ok(sources)
}

/// A suite of the named services; none named = all.
pub fn compose(
    common: Common,
    sources: Sources,
    metrics: Metrics,
    wanted: &[String],
    http: impl FnOnce(SocketAddr) + Send + 'static,
) -> anyhow::Result<Suite> {
    let all = names();
    if let Some(unknown) = wanted.iter().find(|w| !all.contains(&w.as_str())) {
        anyhow::bail!(
            "unknown service {unknown}; services are: {}",
            all.join(", ")
        );
    }
    let wants = |name: &str| wanted.is_empty() || wanted.iter().any(|w| w == name);
    let mut suite = Suite::new(common, sources, metrics);
    for host in hosts().into_iter().filter(|h| wants(h.name)) {
        suite = suite.with_host(host);
    }
    Ok(if wants(GATEWAY) {
        suite.edge(gateway::edge(http))
    } else {
        suite
    })
}
