//! The one binary as a library: how a process is composed of services, and the
//! command line. The tests of the whole suite stand on it.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used))]

pub mod cli;
pub mod suite;
