//! Roster: the organisation and its people. Schools, cards, appointments, classes,
//! groups, guardians, the book of orders, supervision, and the import of a whole
//! school from a workbook.
//!
//! It listens to grading (signed ledger checkpoints, which it keeps as a witness) and
//! announces everything that it owns; names and contacts go out in one kind of event.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used))]

mod announce;
mod config;
pub mod demo;
pub mod domain;
pub mod export;
mod feed;
pub mod import;
mod municipalities;
mod oneroster;
mod orders;
mod rollover;
mod rpc;
mod source;
mod store;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
mod vault;
pub mod workbook;
#[cfg(test)]
mod world;

use std::ops::Deref;
use std::sync::Arc;

use anyhow::Context as _;
use chassis::db::Migrations;
use chassis::service::{Assembly, Cx, Service};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use tokio::sync::Notify;
use tonic::service::Routes;
use uuid::Uuid;

pub use config::Config;
use domain::record::School;
use import::Workers;
use vault::Vault;

/// The service.
pub struct RosterService;

/// What every call of roster needs; cheap to clone.
#[derive(Clone)]
pub struct Roster {
    inner: Arc<Inner>,
}

/// Parts of [`Roster`].
pub struct Inner {
    cx: Cx,
    config: Config,
    vault: Vault,
    workers: Workers,
    /// Rung when an import has a step to take.
    step_waits: Notify,
    /// Holder of this instance's leases.
    owner: Uuid,
}

impl Deref for Roster {
    type Target = Inner;
    fn deref(&self) -> &Inner {
        &self.inner
    }
}

impl Roster {
    /// Puts roster together; makes its key on the first start.
    pub fn new(cx: Cx, config: Config) -> anyhow::Result<Self> {
        let key = match config.key_file.as_str() {
            "" => cx.files.secret("roster.key", &cx.ids)?,
            path => std::fs::read(path)
                .with_context(|| format!("roster.key_file: {path}"))?
                .try_into()
                .map_err(|_| anyhow::anyhow!("roster.key_file: {path} has not 32 bytes"))?,
        };
        let inner = Inner {
            vault: Vault::new(key),
            workers: Workers::new(config.check_workers, config.check_queue),
            step_waits: Notify::new(),
            owner: cx.ids.uuid(),
            cx,
            config,
        };
        Ok(Self {
            inner: Arc::new(inner),
        })
    }

    /// Today in a zone; an unknown zone counts as UTC.
    fn today(&self, zone: &str) -> Date {
        self.cx
            .clock
            .today(&TimeZone::get(zone).unwrap_or(TimeZone::UTC))
    }

    /// Today in the region; it lies in one zone.
    fn today_in_region(&self) -> Date {
        self.today("Europe/Simferopol")
    }

    /// The day that «present» means for a school: today, but not before the academic
    /// year begins and not after it ends. In August the lists show September's classes.
    fn present_day(&self, school: &School) -> Date {
        let today = self.today(&school.time_zone);
        domain::academic_year::within(&school.academic_year, today)
    }
}

impl Service for RosterService {
    const NAME: &'static str = "roster";
    type Config = Config;

    fn migrations() -> Migrations {
        store::migrations()
    }

    fn defaults() -> &'static str {
        include_str!("../config.default.toml")
    }

    fn build(cx: Cx, config: Config) -> anyhow::Result<Assembly> {
        let witness = feed::Grading {
            clock: cx.clock.clone(),
        };
        let witness = chassis::feed::follow(&cx.db, cx.peers.clone(), witness);
        let roster = Roster::new(cx, config)?;
        let routes = Routes::new(rpc::server(roster.clone()));
        Ok(Assembly::new(routes)
            .task(witness)
            .task(import::steps_task(&roster))
            .task(municipalities::telling_task(&roster))
            .task(import::forgetting_task(&roster)))
    }
}
