//! Notification: what is told to whom, and whether it was read.
//!
//! Invariant: a mark is told only after the slip grace, once per value, and to the
//! pupil and the informed guardians of that day only.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used))]

mod config;
mod domain;
mod feed;
mod flush;
mod rpc;
mod store;
mod tell;

use std::sync::Arc;

use chassis::db::Migrations;
use chassis::service::{Assembly, Cx, Service};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use tonic::service::Routes;
use zhurnal_proto::notification::v1::notification_service_server::NotificationServiceServer;

pub use config::Config;

/// The service.
pub struct NotificationService;

/// What feeds, tasks and RPCs need; cheap to clone.
#[derive(Clone)]
pub struct Shared {
    cx: Cx,
    config: Config,
    zone: Arc<TimeZone>,
}

impl Shared {
    fn today(&self) -> Date {
        self.cx.clock.today(&self.zone)
    }
}

impl Service for NotificationService {
    const NAME: &'static str = "notification";
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
        let zone = Arc::new(TimeZone::get("Europe/Simferopol")?);
        let shared = Shared {
            cx: cx.clone(),
            config,
            zone,
        };
        let server = NotificationServiceServer::new(rpc::Rpc {
            shared: shared.clone(),
        });
        Ok(Assembly::new(Routes::new(server))
            .task(chassis::feed::follow(
                &cx.db,
                cx.peers.clone(),
                feed::Roster,
            ))
            .task(chassis::feed::follow(
                &cx.db,
                cx.peers.clone(),
                feed::Grading {
                    shared: shared.clone(),
                },
            ))
            .task(chassis::feed::follow(
                &cx.db,
                cx.peers.clone(),
                feed::Schedule {
                    shared: shared.clone(),
                },
            ))
            .task(flush::task(&shared)))
    }
}

#[cfg(test)]
mod tests;
