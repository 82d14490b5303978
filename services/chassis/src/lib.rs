//! How a service of Zhurnal runs; nothing in here knows about schools' rules.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used))]

pub mod clock;
pub mod context;
pub mod status;
pub mod telemetry;
pub mod db;
pub mod feed;
pub mod idempotency;
pub mod ids;
pub mod outbox;
pub mod page;
pub mod task;
#[cfg(feature = "testing")]
pub mod testing;
