//! What tests stand on: databases of both kinds, patience, a service in a harness.
//!
//! Only built with the feature `testing`.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that cannot start must stop"
)]

mod database;
mod eventually;
mod harness;
mod postgres;

pub use self::{
    database::{TestDb, school_morning},
    eventually::{Outcome, eventually},
    harness::{Harness, RunningTasks},
};

/// Writes tests that run on SQLite and on PostgreSQL by one body.
///
/// ```text
/// chassis::on_both_databases! { Migrator::migrations();
///     async fn a_mark_is_found_again(db) { … db: TestDb … }
/// }
/// ```
/// Each becomes `a_mark_is_found_again::on_sqlite` and `…::on_postgresql`.
#[macro_export]
macro_rules! on_both_databases {
    ($migrations:expr; $($(#[$meta:meta])* async fn $name:ident($db:ident) $body:block)*) => {$(
        mod $name {
            #[allow(unused_imports)]
            use super::*;

            async fn body($db: $crate::testing::TestDb) $body

            $(#[$meta])*
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_sqlite() {
                body($crate::testing::TestDb::sqlite($migrations).await).await;
            }

            $(#[$meta])*
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_postgresql() {
                body($crate::testing::TestDb::postgres($migrations).await).await;
            }
        }
    )*};
}
