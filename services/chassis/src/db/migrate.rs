//! Brings a schema up to what the binary expects, one process at a time.

use std::collections::BTreeSet;

use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend, DbErr, TransactionTrait};
use sea_orm_migration::{MigrationTrait, SchemaManager};

use super::{Db, statement, unix_now};

/// A service's migrations in order; chassis's own come first.
pub type Migrations = Vec<Box<dyn MigrationTrait>>;

/// Key of the lock that migrating processes queue on ("zhurnal\0" in ASCII).
const LOCK: i64 = 0x7a68_7572_6e61_6c00;

/// Why a schema could not be brought up to date.
#[derive(Debug, thiserror::Error)]
pub enum MigrateError {
    /// A newer binary has been here.
    #[error(
        "the database's schema is newer than this program: it does not know {}; start the newer version or restore a backup",
        .0.join(", ")
    )]
    Newer(Vec<String>),
    /// Two migrations with one name, or one that refuses a transaction.
    #[error("migration {0} {1}")]
    Unsound(String, &'static str),
    /// A migration failed; nothing of this run was applied.
    #[error("migration {0} failed: {1}")]
    Failed(String, #[source] DbErr),
    /// The database could not be asked.
    #[error(transparent)]
    Db(#[from] DbErr),
}

/// What is applied and what is not.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SchemaState {
    /// In the database and in the binary.
    pub applied: Vec<String>,
    /// In the binary only.
    pub pending: Vec<String>,
    /// In the database only: it belongs to a newer binary.
    pub unknown: Vec<String>,
}

impl Db {
    /// Applies what is missing, all in one transaction: after a failure the
    /// schema is as it was. Returns the names applied now.
    pub async fn migrate(&self, migrations: Migrations) -> Result<Vec<String>, MigrateError> {
        check(&migrations)?;
        let uow = self.begin().await?;
        let tx = uow.conn();
        if self.backend() == DbBackend::Postgres {
            // Held until the end of this transaction; the wait has no limit on purpose.
            tx.execute_unprepared("SET LOCAL lock_timeout = 0; SET LOCAL statement_timeout = 0")
                .await?;
            tx.execute_unprepared(&format!("SELECT pg_advisory_xact_lock({LOCK})"))
                .await?;
        }
        tx.execute_unprepared(
            "CREATE TABLE IF NOT EXISTS seaql_migrations \
             (version varchar NOT NULL PRIMARY KEY, applied_at bigint NOT NULL)",
        )
        .await?;
        let state = compare(&migrations, &recorded(tx).await?);
        if !state.unknown.is_empty() {
            return Err(MigrateError::Newer(state.unknown));
        }
        for migration in migrations
            .iter()
            .filter(|one| state.pending.iter().any(|name| name == one.name()))
        {
            apply(tx, migration.as_ref())
                .await
                .map_err(|err| MigrateError::Failed(migration.name().to_owned(), err))?;
            tracing::info!(migration = migration.name(), "schema migrated");
        }
        uow.commit().await?;
        Ok(state.pending)
    }

    /// Compares database and binary without changing anything (readiness, doctor).
    pub async fn schema_state(&self, migrations: &Migrations) -> Result<SchemaState, DbErr> {
        let exists = match self.backend() {
            DbBackend::Postgres => "SELECT 1 WHERE to_regclass('seaql_migrations') IS NOT NULL",
            _ => "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'seaql_migrations'",
        };
        let exists = self
            .read()
            .query_one_raw(statement(self.backend(), exists, []))
            .await?
            .is_some();
        let recorded = if exists {
            recorded(self.read()).await?
        } else {
            BTreeSet::new()
        };
        Ok(compare(migrations, &recorded))
    }
}

fn check(migrations: &Migrations) -> Result<(), MigrateError> {
    let mut names = BTreeSet::new();
    for migration in migrations {
        let name = migration.name();
        if !names.insert(name) {
            return Err(MigrateError::Unsound(name.to_owned(), "is listed twice"));
        }
        if migration.use_transaction() == Some(false) {
            return Err(MigrateError::Unsound(
                name.to_owned(),
                "wants to run outside the transaction",
            ));
        }
    }
    Ok(())
}

async fn recorded(conn: &impl ConnectionTrait) -> Result<BTreeSet<String>, DbErr> {
    let all = statement(
        conn.get_database_backend(),
        "SELECT version FROM seaql_migrations",
        [],
    );
    conn.query_all_raw(all)
        .await?
        .iter()
        .map(|row| row.try_get_by_index(0))
        .collect()
}

fn compare(migrations: &Migrations, recorded: &BTreeSet<String>) -> SchemaState {
    let names: Vec<String> = migrations.iter().map(|one| one.name().to_owned()).collect();
    let unknown = recorded
        .iter()
        .filter(|name| !names.contains(name))
        .cloned()
        .collect();
    let (applied, pending) = names.into_iter().partition(|name| recorded.contains(name));
    SchemaState {
        applied,
        pending,
        unknown,
    }
}

async fn apply(tx: &DatabaseTransaction, migration: &dyn MigrationTrait) -> Result<(), DbErr> {
    // A nested transaction gives the migration its own savepoint and error position.
    let step = tx.begin().await?;
    migration.up(&SchemaManager::new(&step)).await?;
    let backend = step.get_database_backend();
    let sql = format!(
        "INSERT INTO seaql_migrations (version, applied_at) VALUES (?, {})",
        unix_now(backend)
    );
    step.execute_raw(statement(backend, &sql, [migration.name().into()]))
        .await?;
    step.commit().await
}
