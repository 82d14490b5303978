//! A database of its own for each test.

use std::ops::Deref;

use jiff::Timestamp;
use tempfile::TempDir;

use super::postgres;
use crate::{
    clock::{Clock, ClockHandle},
    db::{Db, DbOptions, Migrations},
};

/// Tuesday 1 September 2026, 08:30 in Simferopol: where fixed clocks start.
pub fn school_morning() -> Timestamp {
    "2026-09-01T05:30:00Z".parse().expect("an instant")
}

/// A migrated database that nobody else uses, with a clock that stands still.
pub struct TestDb {
    db: Db,
    /// Moves the database's clock.
    pub clock: ClockHandle,
    url: String,
    source: Clock,
    /// SQLite: removed when dropped. PostgreSQL: there is none.
    folder: Option<TempDir>,
}

impl Drop for TestDb {
    fn drop(&mut self) {
        if self.folder.is_none() {
            postgres::drop_database(&self.url);
        }
    }
}

impl TestDb {
    /// A temporary file, removed with this value.
    pub async fn sqlite(migrations: Migrations) -> TestDb {
        let folder = TempDir::with_prefix("zhurnal-test-").expect("a folder");
        let url = format!(
            "sqlite://{}?mode=rwc",
            folder.path().join("service.db").display()
        );
        TestDb::at(url, Some(folder), migrations).await
    }

    /// A database on this process's own server.
    pub async fn postgres(migrations: Migrations) -> TestDb {
        TestDb::at(postgres::create_database().await, None, migrations).await
    }

    async fn at(url: String, folder: Option<TempDir>, migrations: Migrations) -> TestDb {
        let (source, clock) = Clock::fixed(school_morning());
        let db = open(&url, &source).await;
        db.migrate(migrations).await.expect("migrate");
        TestDb {
            db,
            clock,
            url,
            source,
            folder,
        }
    }

    /// The handle itself.
    pub fn db(&self) -> &Db {
        &self.db
    }

    /// Where it is.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// A second set of connections, as another process would have.
    pub async fn another_process(&self) -> Db {
        open(&self.url, &self.source).await
    }
}

impl Deref for TestDb {
    type Target = Db;
    fn deref(&self) -> &Db {
        &self.db
    }
}

async fn open(url: &str, clock: &Clock) -> Db {
    // Few connections each: hundreds of tests share one server.
    let options = DbOptions {
        writers: 4,
        readers: 3,
        ..DbOptions::named("test")
    };
    Db::connect(url, &options)
        .await
        .expect("open the database")
        .with_clock(clock.clone())
}
