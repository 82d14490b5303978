//! Grading: what happened at lessons and how it was marked.
//!
//! It owns journals, lesson entries, cells (marks and attendance), correction
//! requests and the ledger. It listens to roster and schedule, keeps its own copy
//! of what it needs of them, and goes on working when they are down.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used))]

mod announce;
mod config;
mod domain;
mod feed;
mod known;
mod ledger;
mod ops;
mod rpc;
mod store;
#[cfg(test)]
mod testing;

use std::sync::Arc;

use chassis::{
    db::Migrations,
    service::{Assembly, Cx, Service},
};
use jiff::Timestamp;
use zhurnal_proto::grading::v1::grading_service_server::GradingServiceServer;

pub use config::{Config, LedgerConfig, PolicyConfig};
use domain::policy::Policy;
use known::KnownColumns;
use ledger::key::LedgerKey;
use rpc::{instruments::Instruments, record_marks::together::Together};

/// Largest request: 200 operations with comments.
const LARGEST_REQUEST: usize = 2 * 1024 * 1024;

/// The service.
pub struct GradingService;

/// What every RPC and task of grading needs; cheap to clone.
#[derive(Clone)]
pub struct Grading {
    inner: Arc<Inner>,
}

/// Parts of [`Grading`].
pub struct Inner {
    cx: Cx,
    policy: Policy,
    key: LedgerKey,
    columns: KnownColumns,
    instruments: Instruments,
    together: Together,
}

impl std::ops::Deref for Grading {
    type Target = Inner;
    fn deref(&self) -> &Inner {
        &self.inner
    }
}

impl Grading {
    /// Puts grading together; makes the ledger's key on the first start.
    pub fn new(cx: Cx, config: &Config) -> anyhow::Result<Grading> {
        config.ledger.validate()?;
        let inner = Inner {
            policy: config.policy.policy()?,
            key: LedgerKey::load(&cx, &config.ledger)?,
            columns: KnownColumns::new(config.cached_columns),
            instruments: Instruments::new(&cx.metrics),
            together: Together::new(cx.db.backend()),
            cx,
        };
        Ok(Grading {
            inner: Arc::new(inner),
        })
    }

    /// What journals are made with.
    fn makes_journals(&self) -> (&chassis::ids::Ids, &Policy) {
        (&self.cx.ids, &self.policy)
    }

    /// The instant of a decision, to the microsecond that the database keeps.
    fn now(&self) -> Timestamp {
        chassis::db::from_micros(chassis::db::micros(self.cx.clock.now()))
    }

    /// Numbers and signs everything that is committed; see [`ledger::checkpoint`].
    /// Returns the number of checkpoints signed.
    pub async fn checkpoint_now(&self) -> anyhow::Result<usize> {
        ledger::checkpoint::now(self).await
    }
}

impl Service for GradingService {
    const NAME: &'static str = "grading";
    type Config = Config;

    fn migrations() -> Migrations {
        store::migration::migrations()
    }

    fn defaults() -> &'static str {
        include_str!("../config.default.toml")
    }

    fn build(cx: Cx, config: Config) -> anyhow::Result<Assembly> {
        let grading = Grading::new(cx, &config)?;
        Ok(assemble(&grading, &config))
    }
}

/// Routes and tasks over one handle.
fn assemble(grading: &Grading, config: &Config) -> Assembly {
    let rpc = rpc::Rpc {
        grading: grading.clone(),
    };
    let server = GradingServiceServer::new(rpc).max_decoding_message_size(LARGEST_REQUEST);
    let every = std::time::Duration::from_secs(u64::from(config.ledger.checkpoint_seconds));
    let (db, peers) = (&grading.cx.db, &grading.cx.peers);
    let (roster, schedule) = (feed::Roster::new(grading), feed::Schedule::new(grading));
    Assembly::new(tonic::service::Routes::new(server))
        .task(chassis::feed::follow(db, peers.clone(), roster))
        .task(chassis::feed::follow(db, peers.clone(), schedule))
        .task(ledger::checkpoint::task(grading, every))
}
