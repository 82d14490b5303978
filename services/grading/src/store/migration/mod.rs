//! The tables, one change per file. The texts are the same for both databases but
//! for the words in braces.

mod m0001_roster_copy;
mod m0002_schedule_copy;
mod m0003_journal;
mod m0004_correction_request;
mod m0005_ledger;
mod m0006_enrolment_by_pupil;
mod m0007_remote_lesson;
mod m0008_paper_journal;
mod m0009_unmarked;

use chassis::db::{Migrations, chassis_migrations};
use sea_orm::{ConnectionTrait, DbBackend, DbErr};
use sea_orm_migration::SchemaManager;

/// All migrations in order, chassis's own first.
pub fn migrations() -> Migrations {
    let mut all = chassis_migrations();
    all.push(Box::new(m0001_roster_copy::Migration));
    all.push(Box::new(m0002_schedule_copy::Migration));
    all.push(Box::new(m0003_journal::Migration));
    all.push(Box::new(m0004_correction_request::Migration));
    all.push(Box::new(m0005_ledger::Migration));
    all.push(Box::new(m0006_enrolment_by_pupil::Migration));
    all.push(Box::new(m0007_remote_lesson::Migration));
    all.push(Box::new(m0008_paper_journal::Migration));
    all.push(Box::new(m0009_unmarked::Migration));
    all
}

/// First and last academic year with a partition of its own on PostgreSQL; later
/// ones go to the default partition until a migration gives them one.
const PARTITIONED_YEARS: std::ops::RangeInclusive<i16> = 2025..=2029;

/// Runs the statements. `{bytes}`: bytes. `{bytewise}`: compared byte by byte.
/// `{by_year}`: partitioned by academic year where the database can.
async fn run(manager: &SchemaManager<'_>, statements: &[&str]) -> Result<(), DbErr> {
    let postgres = manager.get_database_backend() == DbBackend::Postgres;
    let (bytes, bytewise, by_year) = if postgres {
        (
            "bytea",
            "COLLATE \"C\"",
            "PARTITION BY LIST (academic_year)",
        )
    } else {
        ("blob", "COLLATE BINARY", "")
    };
    for sql in statements {
        let text = sql
            .replace("{bytes}", bytes)
            .replace("{bytewise}", bytewise)
            .replace("{by_year}", by_year);
        manager.get_connection().execute_unprepared(&text).await?;
    }
    Ok(())
}

/// Partitions of a table made with `{by_year}`.
async fn partition(manager: &SchemaManager<'_>, table: &str) -> Result<(), DbErr> {
    if manager.get_database_backend() != DbBackend::Postgres {
        return Ok(());
    }
    let connection = manager.get_connection();
    for year in PARTITIONED_YEARS {
        let sql =
            format!("CREATE TABLE {table}_{year} PARTITION OF {table} FOR VALUES IN ({year})");
        connection.execute_unprepared(&sql).await?;
    }
    connection
        .execute_unprepared(&format!(
            "CREATE TABLE {table}_other PARTITION OF {table} DEFAULT"
        ))
        .await?;
    Ok(())
}

/// A migration of one file: its name and its statements.
macro_rules! migration {
    ($name:literal, $statements:expr $(, partition $table:literal)*) => {
        pub(super) struct Migration;

        impl sea_orm_migration::MigrationName for Migration {
            fn name(&self) -> &str {
                $name
            }
        }

        #[sea_orm_migration::async_trait::async_trait]
        impl sea_orm_migration::MigrationTrait for Migration {
            async fn up(&self, manager: &sea_orm_migration::SchemaManager) -> Result<(), sea_orm::DbErr> {
                super::run(manager, $statements).await?;
                $(super::partition(manager, $table).await?;)*
                Ok(())
            }
        }
    };
}
use migration;
