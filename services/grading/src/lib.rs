//! Grading: what happened at lessons and how it was marked.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used))]

pub mod domain;
