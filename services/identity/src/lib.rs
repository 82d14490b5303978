//! Identity: accounts, invitation codes, sessions, granted roles.
//!
//! It listens to roster (names, staff, classes, guardians) and announces
//! registrations, log-ins, ended sessions, changed grants and what changes the safety of
//! an account. Who teaches whom is
//! never here: it follows from facts.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used))]

pub mod bootstrap;
pub mod clients;
mod config;
mod domain;
mod enter;
mod feed;
mod guess;
mod hasher;
mod open;
mod proof;
mod rpc;
mod secrets;
mod security;
mod standing;
mod store;
mod who;

use std::sync::Arc;

use chassis::db::Migrations;
use chassis::outbox::Announcement;
use chassis::service::{Assembly, Cx, Service};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use prost::Message;
use uuid::Uuid;
use zhurnal_proto::id::SchoolId;
use zhurnal_proto::identity::v1::identity_event::Change;
use zhurnal_proto::identity::v1::identity_service_server::IdentityServiceServer;
use zhurnal_proto::identity::v1::{IdentityEvent, RoleGrant};

pub use config::Config;
use hasher::Hasher;
use secrets::Secrets;

/// The service.
pub struct IdentityService;

/// What every RPC of identity needs; cheap to clone.
#[derive(Clone)]
pub struct Identity {
    inner: Arc<Inner>,
}

/// Parts of [`Identity`].
pub struct Inner {
    cx: Cx,
    config: Config,
    hasher: Hasher,
    secrets: Secrets,
    zone: TimeZone,
    protected_roles: Vec<domain::role::Role>,
}

impl std::ops::Deref for Identity {
    type Target = Inner;
    fn deref(&self) -> &Inner {
        &self.inner
    }
}

impl Identity {
    /// Puts identity together; makes its secret key on the first start.
    pub fn new(cx: Cx, config: Config) -> anyhow::Result<Self> {
        let zone = TimeZone::get(&config.time_zone)?;
        let protected_roles = config.protected_roles()?;
        let key = match config.key_file.as_str() {
            "" => cx.files.secret("identity.key", &cx.ids)?,
            path => std::fs::read(path)?
                .try_into()
                .map_err(|_| anyhow::anyhow!("{path}: not 32 bytes"))?,
        };
        let secrets = Secrets::new(key);
        let hasher = Hasher::new(&config)?;
        Ok(Self {
            inner: Arc::new(Inner {
                cx,
                config,
                hasher,
                secrets,
                zone,
                protected_roles,
            }),
        })
    }

    /// Today where the suite runs.
    fn today(&self) -> Date {
        self.cx.clock.today(&self.zone)
    }

    /// An event ready to announce.
    fn event(
        &self,
        school_id: Option<Uuid>,
        kind: &'static str,
        key: String,
        change: Change,
    ) -> Announcement {
        let now = self.cx.clock.now();
        let event = IdentityEvent {
            occurred_at: Some(rpc::convert::timestamp(now)),
            school_id: school_id
                .map(|s| SchoolId::from_uuid(s).to_string())
                .unwrap_or_default(),
            change: Some(change),
        };
        Announcement {
            school_id,
            kind,
            key,
            payload: event.encode_to_vec(),
            occurred_at: now,
        }
    }
}

impl Service for IdentityService {
    const NAME: &'static str = "identity";
    type Config = Config;

    fn migrations() -> Migrations {
        let mut all = chassis::db::chassis_migrations();
        all.extend(store::migration::all());
        all
    }

    fn defaults() -> &'static str {
        include_str!("../config.default.toml")
    }

    fn build(cx: Cx, config: Config) -> anyhow::Result<Assembly> {
        let follow = chassis::feed::follow(&cx.db, cx.peers.clone(), feed::Roster);
        let identity = Identity::new(cx, config)?;
        let server = IdentityServiceServer::new(rpc::Rpc { identity });
        Ok(Assembly::new(tonic::service::Routes::new(server)).task(follow))
    }
}

/// A grant as events and answers show it.
fn grant_without_login(grant: &RoleGrant) -> RoleGrant {
    RoleGrant {
        login: String::new(),
        ..grant.clone()
    }
}
