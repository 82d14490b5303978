//! Integration tests of chassis: one binary, both databases.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod db;
mod feed;
mod harness;
mod idempotency;
mod outbox;
mod support;
mod upsert;
