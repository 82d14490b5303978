//! A small service: notes, announced when written.

use chassis::{
    clock::Clock,
    db::{Db, Migrations, UnitOfWork, chassis_migrations, statement},
    outbox::Announcement,
    task::Task,
};
use sea_orm::ConnectionTrait;
use sea_orm_migration::{MigrationName, MigrationTrait, SchemaManager, async_trait};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// Chassis's tables and `note`.
pub fn migrations() -> Migrations {
    let mut all = chassis_migrations();
    all.push(Box::new(Notes));
    all
}

pub struct Notes;

impl MigrationName for Notes {
    fn name(&self) -> &str {
        "0001_note"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Notes {
    async fn up(&self, manager: &SchemaManager) -> Result<(), sea_orm::DbErr> {
        let sql = "CREATE TABLE note (nth bigint PRIMARY KEY, text varchar NOT NULL)";
        manager
            .get_connection()
            .execute_unprepared(sql)
            .await
            .map(|_| ())
    }
}

pub async fn write_note(uow: &UnitOfWork, nth: i64, text: &str) -> Result<(), sea_orm::DbErr> {
    let sql = "INSERT INTO note (nth, text) VALUES (?, ?)";
    let insert = statement(uow.db().backend(), sql, [nth.into(), text.into()]);
    uow.conn().execute_raw(insert).await.map(|_| ())
}

pub async fn notes(db: &Db) -> Vec<(i64, String)> {
    let all = statement(db.backend(), "SELECT nth, text FROM note ORDER BY nth", []);
    let rows = db.read().query_all_raw(all).await.unwrap();
    rows.iter()
        .map(|row| {
            (
                row.try_get_by_index(0).unwrap(),
                row.try_get_by_index(1).unwrap(),
            )
        })
        .collect()
}

/// An event about `key` whose payload is its text.
pub fn event(clock: &Clock, key: &str, text: &str) -> Announcement {
    event_of(clock, None, "NOTE_WRITTEN", key, text)
}

pub fn event_of(
    clock: &Clock,
    school: Option<Uuid>,
    kind: &'static str,
    key: &str,
    text: &str,
) -> Announcement {
    Announcement {
        school_id: school,
        kind,
        key: key.to_owned(),
        payload: text.as_bytes().to_vec(),
        occurred_at: clock.now(),
    }
}

/// Commits one event.
pub async fn announce(db: &Db, key: &str, text: &str) {
    let mut uow = db.begin().await.unwrap();
    uow.announce(event(db.clock(), key, text));
    uow.commit().await.unwrap();
}

/// A running task, stopped when dropped.
pub struct Running {
    stop: CancellationToken,
    handle: JoinHandle<anyhow::Result<()>>,
}

impl Running {
    pub fn start(task: &Task) -> Running {
        let stop = CancellationToken::new();
        let handle = tokio::spawn(task.start(stop.clone()));
        Running { stop, handle }
    }

    /// Stops it as the lifecycle does and waits for the end.
    pub async fn stop(mut self) {
        self.stop.cancel();
        (&mut self.handle).await.unwrap().unwrap();
    }

    /// Kills it in the middle of whatever it does.
    pub async fn kill(mut self) {
        self.handle.abort();
        let _ = (&mut self.handle).await;
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}
