//! A service as a value: what a suite needs to know of it.

use crate::config::{self, ConfigError, Sources};
use crate::db::Migrations;
use crate::service::{Assembly, Cx, Service};

type Build = fn(Cx, &Sources) -> anyhow::Result<Assembly>;
type Print = fn(&Sources) -> Result<String, ConfigError>;

/// A service that may be hosted.
#[derive(Clone, Copy, Debug)]
pub struct Host {
    /// Short name.
    pub name: &'static str,
    /// Its migrations.
    pub migrations: fn() -> Migrations,
    pub(super) build: Build,
    print: Print,
}

impl Host {
    /// The service as a value.
    pub fn of<S: Service>() -> Self {
        Self {
            name: S::NAME,
            migrations: S::migrations,
            build: |cx, sources| S::build(cx, config::load::<S>(sources)?),
            print: |sources| config::print::<S>(&config::load::<S>(sources)?),
        }
    }

    /// The effective configuration as TOML, secrets masked; an error names the key.
    pub fn print_config(&self, sources: &Sources) -> Result<String, ConfigError> {
        (self.print)(sources)
    }
}
