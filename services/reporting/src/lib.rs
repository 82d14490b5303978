//! Reporting owns read models fed by the other services' events, report jobs, and
//! the checkpoints it witnesses (R68, R88-R93, R148, R176). It never reads another
//! service's database.
//!
//! Invariant: every number can be made again from the events alone.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used))]

mod config;
mod domain;
mod feed;
mod freshness;
mod jobs;
mod render;
mod rpc;
mod store;
#[cfg(test)]
mod testing;

use std::sync::Arc;

use chassis::db::Migrations;
use chassis::feed::follow;
use chassis::service::{Assembly, Cx, Service};
use jiff::tz::TimeZone;
use tokio::sync::{Notify, Semaphore};
use tonic::service::Routes;
use zhurnal_proto::reporting::v1::reporting_service_server::ReportingServiceServer;

pub use config::Config;

use crate::domain::due::{Cut, EntryDue};
use crate::feed::{GradingFeed, IdentityFeed, RosterFeed, ScheduleFeed};
use crate::freshness::LastSeen;
use crate::rpc::Rpc;

/// The service.
pub struct Reporting;

/// What RPCs and workers need; cheap to clone.
#[derive(Clone)]
pub struct Shared {
    inner: Arc<Inner>,
}

/// Parts of [`Shared`].
pub struct Inner {
    cx: Cx,
    config: Config,
    entry_due: EntryDue,
    /// Wakes a worker of this process when a job is queued here.
    queued: Notify,
    fresh: LastSeen,
    /// One print at a time: a large one takes hundreds of megabytes.
    print: Arc<Semaphore>,
}

impl std::ops::Deref for Shared {
    type Target = Inner;
    fn deref(&self) -> &Inner {
        &self.inner
    }
}

impl Shared {
    /// Puts the parts together; refuses settings that say nothing.
    pub fn new(cx: Cx, config: Config) -> anyhow::Result<Self> {
        let entry_due = config.entry_due()?;
        let inner = Inner {
            cx,
            config,
            entry_due,
            queued: Notify::new(),
            fresh: LastSeen::default(),
            print: Arc::new(Semaphore::new(1)),
        };
        Ok(Self {
            inner: Arc::new(inner),
        })
    }

    /// The moment in a school's zone, as lessons are compared with it.
    fn cut(&self, zone: &TimeZone) -> Cut {
        Cut::at(zone.to_datetime(self.cx.clock.now()), self.entry_due)
    }
}

impl Service for Reporting {
    const NAME: &'static str = "reporting";
    type Config = Config;

    fn migrations() -> Migrations {
        store::migrations()
    }

    fn defaults() -> &'static str {
        include_str!("../config.default.toml")
    }

    fn build(cx: Cx, config: Config) -> anyhow::Result<Assembly> {
        let (db, peers) = (cx.db.clone(), cx.peers.clone());
        let shared = Shared::new(cx, config)?;
        let rpc = ReportingServiceServer::new(Rpc::new(shared.clone()));
        let mut assembly = Assembly::new(Routes::new(rpc))
            .task(follow(&db, peers.clone(), IdentityFeed))
            .task(follow(&db, peers.clone(), RosterFeed))
            .task(follow(&db, peers.clone(), ScheduleFeed))
            .task(follow(&db, peers, GradingFeed))
            .task(freshness::task(&shared))
            .task(jobs::sweeper(&shared));
        for number in 1..=shared.config.workers {
            assembly = assembly.task(jobs::worker(&shared, number));
        }
        Ok(assembly)
    }
}
