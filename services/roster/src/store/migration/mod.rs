//! The schema, one change per file. The text is the same for both databases but for
//! three words: `{bytes}` is the collation that orders by bytes, `{blob}` the type of
//! bytes, `{clustered}` keeps rows of one key together on SQLite.

mod m0001_school;
mod m0002_people;
mod m0003_classes;
mod m0004_import;
mod m0005_witness;
mod m0006_registries;
mod m0007_orders;
mod m0008_equipment;
mod m0009_rollover;
mod m0010_cards;
mod m0011_consents;
mod m0012_municipalities;
mod m0013_school_profile;
mod m0014_journal_modes;
mod m0015_groups;

use chassis::db::{Migrations, chassis_migrations};
use sea_orm::{ConnectionTrait, DbBackend, DbErr};
use sea_orm_migration::SchemaManager;

/// All migrations in order, chassis's own first.
pub fn migrations() -> Migrations {
    let mut all = chassis_migrations();
    all.push(Box::new(m0001_school::Migration));
    all.push(Box::new(m0002_people::Migration));
    all.push(Box::new(m0003_classes::Migration));
    all.push(Box::new(m0004_import::Migration));
    all.push(Box::new(m0005_witness::Migration));
    all.push(Box::new(m0006_registries::Migration));
    all.push(Box::new(m0007_orders::Migration));
    all.push(Box::new(m0008_equipment::Migration));
    all.push(Box::new(m0009_rollover::Migration));
    all.push(Box::new(m0010_cards::Migration));
    all.push(Box::new(m0011_consents::Migration));
    all.push(Box::new(m0012_municipalities::Migration));
    all.push(Box::new(m0013_school_profile::Migration));
    all.push(Box::new(m0014_journal_modes::Migration));
    all.push(Box::new(m0015_groups::Migration));
    all
}

async fn run(manager: &SchemaManager<'_>, statements: &[&str]) -> Result<(), DbErr> {
    let (bytes, blob, clustered) = match manager.get_database_backend() {
        DbBackend::Postgres => ("COLLATE \"C\"", "bytea", ""),
        _ => ("", "blob", "WITHOUT ROWID"),
    };
    for sql in statements {
        let sql = sql
            .replace("{bytes}", bytes)
            .replace("{blob}", blob)
            .replace("{clustered}", clustered);
        manager.get_connection().execute_unprepared(&sql).await?;
    }
    Ok(())
}
