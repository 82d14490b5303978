//! Layered configuration: defaults → file → `ZHURNAL__<SECTION>__<KEY>` → flags.
//!
//! A section belongs to a service (its own `Config`) or to the chassis
//! ([`Common`]). A key nobody knows is an error that names the key and where it
//! came from; the binary answers it with exit code 64.

mod common;
mod secret;
mod sources;

pub use common::{Common, DataConfig, DatabaseConfig, ServerConfig, ServerTls, TokensConfig};
pub use secret::Secret;
pub use sources::{ConfigError, Sources};

use crate::service::Service;

/// Exit code of a process that cannot use its configuration (`EX_USAGE`).
pub const EXIT_CONFIG: u8 = 64;

/// The configuration of service `S`: its defaults under the sources.
pub fn load<S: Service>(sources: &Sources) -> Result<S::Config, ConfigError> {
    sources.section(S::NAME, S::defaults())
}

/// The effective configuration of service `S` as TOML, secrets masked.
pub fn print<S: Service>(config: &S::Config) -> Result<String, ConfigError> {
    section_text(S::NAME, config)
}

pub(crate) fn section_text(
    name: &str,
    config: &impl serde::Serialize,
) -> Result<String, ConfigError> {
    let table = std::collections::BTreeMap::from([(name, config)]);
    toml::to_string_pretty(&table).map_err(|e| ConfigError::Invalid(e.to_string()))
}

#[cfg(test)]
mod tests;
