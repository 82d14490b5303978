//! One database per service: PostgreSQL or SQLite behind the same handle.
//!
//! Reads go through [`Db::read`], every write through a [`UnitOfWork`]. What
//! differs between the two databases is settled here and in `outbox`, so that
//! services never ask which one they are on.

pub mod arrays;
mod connect;
mod corrupt;
mod count;
mod dialect;
mod error;
mod migrate;
mod options;
mod schema;
mod unit_of_work;
mod upsert;

use std::sync::Arc;

use sea_orm::{
    DatabaseConnection, DatabaseTransaction, DbBackend, DbErr, SqliteTransactionMode,
    TransactionOptions, TransactionTrait,
};

pub use self::{
    corrupt::Corrupt,
    count::{StatementCount, background},
    dialect::{from_micros, micros, padded, statement, unix_now},
    error::{is_lock_timeout, is_transient, is_unique_violation},
    migrate::{MigrateError, Migrations, SchemaState},
    options::DbOptions,
    schema::chassis_migrations,
    unit_of_work::UnitOfWork,
    upsert::upsert,
};
use crate::{clock::Clock, feed::Followers, outbox::Progress};

/// A service's database. Cheap to clone.
#[derive(Clone)]
pub struct Db {
    inner: Arc<Inner>,
    clock: Clock,
}

struct Inner {
    /// Several connections that cannot write.
    read: DatabaseConnection,
    /// SQLite: the one connection that writes. PostgreSQL: several.
    write: DatabaseConnection,
    counters: Arc<count::Counters>,
    progress: Progress,
    followers: Followers,
}

impl Db {
    /// Opens `sqlite://path?mode=rwc` or `postgres://…`.
    pub async fn connect(url: &str, options: &DbOptions) -> Result<Db, DbErr> {
        let counters = Arc::new(count::Counters::default());
        let (read, write) = connect::pools(url, options, &counters).await?;
        let inner = Inner {
            read,
            write,
            counters,
            progress: Progress::default(),
            followers: Followers::default(),
        };
        Ok(Db {
            inner: Arc::new(inner),
            clock: Clock::system(),
        })
    }

    /// The same database, stamping its own rows (idempotency, cursors) by `clock`.
    pub fn with_clock(mut self, clock: Clock) -> Db {
        self.clock = clock;
        self
    }

    /// For queries outside a unit of work: they see what is committed and cannot write.
    pub fn read(&self) -> &DatabaseConnection {
        &self.inner.read
    }

    /// For queries that must agree with each other: all see one state, whatever others
    /// commit meanwhile. Ends when it is dropped.
    pub async fn snapshot(&self) -> Result<DatabaseTransaction, DbErr> {
        let isolation_level = (self.backend() == DbBackend::Postgres)
            .then_some(sea_orm::IsolationLevel::RepeatableRead);
        let options = TransactionOptions {
            isolation_level,
            sqlite_transaction_mode: Some(SqliteTransactionMode::Deferred),
            ..Default::default()
        };
        self.inner.read.begin_with_options(options).await
    }

    /// Which dialect is spoken; only `chassis` may care.
    pub fn backend(&self) -> DbBackend {
        self.inner.write.get_database_backend()
    }

    /// Starts a transaction: `BEGIN IMMEDIATE` on SQLite (waits for the one
    /// writer), READ COMMITTED on PostgreSQL. Dropped without commit, it rolls back.
    pub async fn begin(&self) -> Result<UnitOfWork, DbErr> {
        self.begin_with(TransactionOptions::default()).await
    }

    /// A transaction that fails rather than show anything but a serial history.
    /// The caller repeats it when [`is_transient`] says so.
    pub async fn begin_serializable(&self) -> Result<UnitOfWork, DbErr> {
        // SQLite has one writer at a time: every transaction is serializable.
        let isolation_level = (self.backend() == DbBackend::Postgres)
            .then_some(sea_orm::IsolationLevel::Serializable);
        self.begin_with(TransactionOptions {
            isolation_level,
            ..Default::default()
        })
        .await
    }

    async fn begin_with(&self, options: TransactionOptions) -> Result<UnitOfWork, DbErr> {
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..options
        };
        Ok(UnitOfWork::new(
            self.inner.write.begin_with_options(options).await?,
            self.clone(),
        ))
    }

    /// What was sent so far; take two and subtract.
    pub fn statements(&self) -> StatementCount {
        self.inner.counters.snapshot()
    }

    /// The clock that stamps chassis's own rows.
    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    /// Answers when the database does (readiness).
    pub async fn ping(&self) -> Result<(), DbErr> {
        self.inner.read.ping().await
    }

    /// Waits for connections in use and closes both pools.
    pub async fn close(&self) -> Result<(), DbErr> {
        self.inner.read.close_by_ref().await?;
        self.inner.write.close_by_ref().await
    }

    pub(crate) fn progress(&self) -> &Progress {
        &self.inner.progress
    }

    pub(crate) fn followers(&self) -> &Followers {
        &self.inner.followers
    }
}

impl std::fmt::Debug for Db {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Db")
            .field("backend", &self.backend())
            .finish_non_exhaustive()
    }
}
