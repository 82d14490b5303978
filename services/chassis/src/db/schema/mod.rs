//! Chassis's own tables, the same in every service's database.

mod m0001_outbox;
mod m0002_feed_cursor;
mod m0003_idempotency_key;
mod m0004_look_spool;

use sea_orm::{ConnectionTrait, DbBackend, DbErr};
use sea_orm_migration::SchemaManager;

use super::Migrations;

/// The migrations of `outbox`, `feed_epoch`, `feed_cursor`, `feed_quarantine`,
/// `idempotency_key` and `look_spool`. A service lists them before its own.
pub fn chassis_migrations() -> Migrations {
    vec![
        Box::new(m0001_outbox::Migration),
        Box::new(m0002_feed_cursor::Migration),
        Box::new(m0003_idempotency_key::Migration),
        Box::new(m0004_look_spool::Migration),
    ]
}

/// Runs each statement of the text written for this database.
async fn run(manager: &SchemaManager<'_>, postgres: &[&str], sqlite: &[&str]) -> Result<(), DbErr> {
    let statements = match manager.get_database_backend() {
        DbBackend::Postgres => postgres,
        _ => sqlite,
    };
    for sql in statements {
        manager.get_connection().execute_unprepared(sql).await?;
    }
    Ok(())
}
