//! Settings of identity.

use serde::{Deserialize, Serialize};

use crate::domain::role::Role;

/// Settings; every key stands with its default in `config.default.toml`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Address that the QR codes of invitations open, without a slash at the end.
    pub public_url: String,
    /// File with the 32 bytes that codes and sessions are hashed with; empty = one
    /// made in the service's folder. Several replicas need the same one.
    pub key_file: String,
    /// Memory of one Argon2id hash, KiB.
    pub argon2_memory_kib: u32,
    /// Passes of one Argon2id hash.
    pub argon2_passes: u32,
    /// Password hashes computed at once; the rest wait.
    pub hash_workers: usize,
    /// Hashes that may wait before new ones are turned away.
    pub hash_queue: usize,
    /// Roles that demand a second factor: `DIRECTOR, ADMINISTRATOR`.
    pub second_factor_required_for: String,
    /// IANA time zone of days that belong to no school.
    pub time_zone: String,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            public_url: "http://127.0.0.1:8080".to_owned(),
            key_file: String::new(),
            argon2_memory_kib: 19_456,
            argon2_passes: 2,
            hash_workers: 2,
            hash_queue: 64,
            second_factor_required_for: String::new(),
            time_zone: "Europe/Simferopol".to_owned(),
        }
    }
}

impl Config {
    /// The roles that demand a second factor. A name that is no role is refused: a
    /// misspelt one would demand nothing.
    pub fn protected_roles(&self) -> anyhow::Result<Vec<Role>> {
        let names = self.second_factor_required_for.split(',').map(str::trim);
        names
            .filter(|name| !name.is_empty())
            .map(|name| {
                let found = Role::ALL.into_iter().find(|role| role.name() == name);
                found.ok_or_else(|| {
                    anyhow::anyhow!("identity.second_factor_required_for: {name} is no role")
                })
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_misspelt_role_is_refused_at_the_start() {
        let with = |names: &str| Config {
            second_factor_required_for: names.to_owned(),
            ..Config::default()
        };
        assert_eq!(with("").protected_roles().unwrap(), []);
        assert_eq!(
            with("DIRECTOR, ADMINISTRATOR").protected_roles().unwrap(),
            [Role::Director, Role::Administrator]
        );
        assert!(with("DIRECTOR,DEPUTEE").protected_roles().is_err());
    }
}
