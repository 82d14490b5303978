//! Roster: who belongs to the school. This part reads a school's workbook and judges it.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used))]

pub mod domain;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
pub mod workbook;
