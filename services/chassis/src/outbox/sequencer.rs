//! Gives committed events their positions.

use std::time::Duration;

use sea_orm::{ConnectionTrait, DbBackend, DbErr};
use tokio_util::sync::CancellationToken;

use super::{Cursor, head};
use crate::{
    db::{Db, background, micros, statement},
    task::Task,
};

/// Rows numbered by one transaction.
const BATCH: i64 = 2_000;
/// Under load rounds start at most this often: commits gather meanwhile.
const PACE: Duration = Duration::from_millis(10);
/// How soon commits of other processes are noticed.
const POLL: Duration = Duration::from_millis(200);
/// SQLite: there are no other processes.
const POLL_ALONE: Duration = Duration::from_secs(2);
/// Wait after "another process is numbering": our rows may have missed its turn.
const BUSY: Duration = Duration::from_millis(10);

/// What one round did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Round {
    /// Numbered so many rows.
    Numbered(u64),
    /// Another process holds the lock.
    Busy,
}

/// The task every process with a database runs once. Several processes on one
/// database take turns.
pub fn sequencer(db: &Db) -> Task {
    let db = db.clone();
    Task::new("outbox", move |stop| {
        let db = db.clone();
        background(async move { run(&db, &stop).await })
    })
}

async fn run(db: &Db, stop: &CancellationToken) -> anyhow::Result<()> {
    loop {
        let pause = match sequence(db).await? {
            Round::Numbered(0) => None,
            Round::Numbered(_) => Some(PACE),
            Round::Busy => Some(BUSY),
        };
        tokio::select! {
            () = stop.cancelled() => return Ok(()),
            () = wait(db, pause) => {}
        }
    }
}

async fn wait(db: &Db, pause: Option<Duration>) {
    match pause {
        Some(pause) => tokio::time::sleep(pause).await,
        None => {
            let poll = if db.backend() == DbBackend::Postgres {
                POLL
            } else {
                POLL_ALONE
            };
            let _ = tokio::time::timeout(poll, db.progress().commit()).await;
        }
    }
}

/// One round: numbers what is committed and wakes the readers.
pub async fn sequence(db: &Db) -> Result<Round, DbErr> {
    let nth = db.progress().begin();
    let (round, head) = match db.backend() {
        DbBackend::Postgres if unnumbered(db).await? => match number(db).await? {
            Some((count, head)) => (Round::Numbered(count), head),
            None => (Round::Busy, head(db).await?),
        },
        // SQLite: ids are positions already, see the migration.
        _ => (Round::Numbered(0), head(db).await?),
    };
    db.progress().advanced(head);
    if matches!(round, Round::Numbered(count) if count < BATCH.unsigned_abs()) {
        db.progress().covered(nth, head);
    }
    Ok(round)
}

/// A cheap look outside any transaction: an idle feed costs no commit.
async fn unnumbered(db: &Db) -> Result<bool, DbErr> {
    let sql = "SELECT 1 FROM outbox WHERE position IS NULL LIMIT 1";
    Ok(db
        .read()
        .query_one_raw(statement(db.backend(), sql, []))
        .await?
        .is_some())
}

/// Numbers what is committed: how many rows, and where the feed ends then. `None`:
/// another process is at it.
async fn number(db: &Db) -> Result<Option<(u64, Cursor)>, DbErr> {
    let uow = db.begin().await?;
    let tx = uow.conn();
    // The lock comes first and in a statement of its own: the next statement's
    // snapshot then sees all that the previous holder has committed.
    let lock = "SELECT 1 FROM feed_epoch FOR UPDATE SKIP LOCKED";
    let locked = tx.query_one_raw(statement(db.backend(), lock, [])).await?;
    if locked.is_none() {
        uow.rollback().await?;
        return Ok(None);
    }
    let give = "WITH batch AS (
            SELECT id, row_number() OVER (ORDER BY id) AS nth FROM (
                SELECT id FROM outbox WHERE position IS NULL ORDER BY id LIMIT ?) AS waiting),
        given AS (
            UPDATE outbox SET position = feed_epoch.head + batch.nth FROM batch, feed_epoch
            WHERE outbox.id = batch.id RETURNING 1)
        UPDATE feed_epoch SET head = head + numbered.count FROM (SELECT count(*) FROM given) AS numbered
        RETURNING epoch, head, numbered.count";
    let row = tx
        .query_one_raw(statement(db.backend(), give, [BATCH.into()]))
        .await?;
    let row = row.ok_or_else(|| DbErr::RecordNotFound("feed_epoch is empty".to_owned()))?;
    let head = Cursor {
        epoch: row.try_get_by_index(0)?,
        position: row.try_get_by_index(1)?,
    };
    let count: i64 = row.try_get_by_index(2)?;
    uow.commit_plain().await?;
    Ok(Some((count.unsigned_abs(), head)))
}

/// Starts a new epoch: for a database that was restored, whose feed no longer
/// continues what its readers have seen. They get CURSOR_EXPIRED and start over.
pub async fn new_epoch(db: &Db) -> Result<Cursor, DbErr> {
    let uow = db.begin().await?;
    // Seconds since 1970, so that two restores of one backup differ too.
    let now = micros(db.clock().now()) / 1_000_000;
    let sql = "UPDATE feed_epoch SET epoch = CASE WHEN epoch < ? THEN ? ELSE epoch + 1 END";
    uow.conn()
        .execute_raw(statement(db.backend(), sql, [now.into(), now.into()]))
        .await?;
    uow.commit_plain().await?;
    head(db).await
}
