//! What the suite can bear: a private installation of any profile to measure, break
//! and look at. Commands: `cluster`, `load`, `faults` (see `docs/performance.md`).
//!
//! Everything goes through the doors that users have (HTTP, the command line); the
//! one exception is [`accounts`], which gives known passwords to invented people.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used))]

pub mod accounts;
pub mod cluster;
pub mod commands;
pub mod credentials;
pub mod faults;
pub mod figures;
pub mod http;
pub mod install;
pub mod keeper;
pub mod load;
pub mod open_loop;
pub mod output;
pub mod pgbench;
pub mod place;
pub mod ports;
pub mod postgres;
pub mod process;
pub mod redis;
pub mod region;
pub mod school;
pub mod settings;
pub mod statements;
pub mod usage;
pub mod work;
