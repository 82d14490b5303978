//! Schedule owns what is taught when: calendar, bells, load, weekly timetable,
//! dated lessons (R229, R230, R235-R239). Whether a lesson was held is the
//! journal's fact, not the timetable's.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used))]

mod config;
pub mod domain;
pub mod feed;
pub mod regional_calendars;
mod rpc;
mod secrets;
pub mod store;

use anyhow::Context as _;
use chassis::db::Migrations;
use chassis::feed::follow;
use chassis::service::{Assembly, Cx, Service};
use tonic::service::Routes;
use zhurnal_proto::schedule::v1::schedule_service_server::ScheduleServiceServer;

pub use config::Config;

use crate::feed::RosterFeed;
use crate::regional_calendars::RegionalCalendars;
use crate::rpc::Rpc;
use crate::secrets::Secrets;

/// Largest request taken, bytes: the plan of a school of 2,000 groups.
const MOST_BYTES: usize = 16 * 1024 * 1024;

/// The service.
pub struct Schedule;

impl Service for Schedule {
    const NAME: &'static str = "schedule";
    type Config = Config;

    fn migrations() -> Migrations {
        store::migrations()
    }

    fn defaults() -> &'static str {
        include_str!("../config.default.toml")
    }

    fn build(cx: Cx, config: Config) -> anyhow::Result<Assembly> {
        let calendars = RegionalCalendars::load(config.regional_calendar_dir())?;
        let roster = RosterFeed {
            clock: cx.clock.clone(),
        };
        let roster = follow(&cx.db, cx.peers.clone(), roster);
        let key = match config.key_file.as_str() {
            "" => cx.files.secret("schedule.key", &cx.ids)?,
            path => std::fs::read(path)
                .with_context(|| format!("schedule.key_file: {path}"))?
                .try_into()
                .map_err(|_| anyhow::anyhow!("schedule.key_file: {path} has not 32 bytes"))?,
        };
        let rpc = ScheduleServiceServer::new(Rpc::new(cx, calendars, Secrets::new(key)))
            .max_decoding_message_size(MOST_BYTES);
        Ok(Assembly::new(Routes::new(rpc)).task(roster))
    }
}

#[cfg(test)]
mod testing;
