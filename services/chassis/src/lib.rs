//! How a service of Zhurnal runs; nothing in here knows about schools' rules.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used))]

pub mod access;
pub mod cache;
pub mod caller;
pub mod causal;
pub mod client;
pub mod clock;
pub mod config;
pub mod context;
pub mod db;
pub mod feed;
pub mod files;
pub mod idempotency;
pub mod ids;
pub mod lifecycle;
pub mod outbox;
pub mod page;
pub mod seal;
pub mod server;
pub mod service;
pub mod status;
pub mod task;
pub mod telemetry;
#[cfg(feature = "testing")]
pub mod testing;
pub mod token;
