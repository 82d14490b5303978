//! The schema, one change per file. The text is the same for both databases but
//! for two words: SQLite clusters its tables, PostgreSQL is told the plain order of
//! texts that pages are cut by.
//!
//! Indexes hold every column that their queries read: SQLite keeps no statistics, and
//! without that takes a school's whole table for cheaper than a few rows of an index.

mod m0001_roster_copy;
mod m0002_schedule_copy;
mod m0003_facts;
mod m0004_jobs;
mod m0005_witness;
mod m0006_sheets;
mod m0007_paper_journal;
mod m0008_municipality;
mod m0009_unmarked_journal;

use chassis::db::{Migrations, chassis_migrations};
use sea_orm::{ConnectionTrait, DbBackend, DbErr};
use sea_orm_migration::SchemaManager;

/// All migrations in order, chassis's own first.
pub fn migrations() -> Migrations {
    let mut all = chassis_migrations();
    all.push(Box::new(m0001_roster_copy::Migration));
    all.push(Box::new(m0002_schedule_copy::Migration));
    all.push(Box::new(m0003_facts::Migration));
    all.push(Box::new(m0004_jobs::Migration));
    all.push(Box::new(m0005_witness::Migration));
    all.push(Box::new(m0006_sheets::Migration));
    all.push(Box::new(m0007_paper_journal::Migration));
    all.push(Box::new(m0008_municipality::Migration));
    all.push(Box::new(m0009_unmarked_journal::Migration));
    all
}

/// Runs the statements. `sorted text` is a text column that lists are ordered by, `{bytes}`
/// one of bytes.
async fn run(manager: &SchemaManager<'_>, statements: &[&str]) -> Result<(), DbErr> {
    let sqlite = manager.get_database_backend() == DbBackend::Sqlite;
    let sorted = if sqlite { "text" } else { "text COLLATE \"C\"" };
    let bytes = if sqlite { "blob" } else { "bytea" };
    for sql in statements {
        let mut sql = sql.replace("sorted text", sorted).replace("{bytes}", bytes);
        if sqlite && sql.starts_with("CREATE TABLE") {
            sql.push_str(" WITHOUT ROWID");
        }
        manager.get_connection().execute_unprepared(&sql).await?;
    }
    Ok(())
}
