//! Events that could not be applied, kept in order per key and tried again.
//!
//! The first failure parks the event here and the feed goes on; later events of
//! the same key queue up behind it. After [`GIVE_UP`] failures the event counts
//! as poison: it is tried only rarely (a new version of the program may take it),
//! is reported, and is never lost.

use std::{collections::HashSet, time::Duration};

use jiff::{SignedDuration, Timestamp};
use sea_orm::{ConnectionTrait, DbErr, QueryResult};

use crate::{
    db::{Db, UnitOfWork, from_micros, micros, statement},
    outbox::Cursor,
};

/// Failures after which an event is poison.
pub(super) const GIVE_UP: i32 = 5;
/// Poison is tried again this often.
const POISON_RETRY: Duration = Duration::from_secs(600);
/// First pause; doubled by each failure.
const FIRST_PAUSE: Duration = Duration::from_millis(100);

/// One event held back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parked {
    /// Its place in the producer's feed.
    pub cursor: Cursor,
    /// What it is about.
    pub key: String,
    /// The encoded event.
    pub payload: Vec<u8>,
    /// Failures so far; 0 when it only waits behind another one.
    pub attempts: i32,
    /// Last failure, without personal data if the consumer keeps it out.
    pub error: String,
    /// When it is tried next.
    pub next_at: Timestamp,
    /// When it came.
    pub parked_at: Timestamp,
}

impl Parked {
    /// Whether the event has failed so often that somebody must look.
    pub fn is_poison(&self) -> bool {
        self.attempts >= GIVE_UP
    }
}

const COLUMNS: &str = "epoch, position, key, payload, attempts, error, next_us, parked_us";

fn read(row: &QueryResult) -> Result<Parked, DbErr> {
    Ok(Parked {
        cursor: Cursor {
            epoch: row.try_get_by_index(0)?,
            position: row.try_get_by_index(1)?,
        },
        key: row.try_get_by_index(2)?,
        payload: row.try_get_by_index(3)?,
        attempts: row.try_get_by_index(4)?,
        error: row.try_get_by_index(5)?,
        next_at: from_micros(row.try_get_by_index(6)?),
        parked_at: from_micros(row.try_get_by_index(7)?),
    })
}

/// What is held back of a producer's feed, oldest first (doctor, tests).
pub async fn parked(db: &Db, producer: &str) -> Result<Vec<Parked>, DbErr> {
    let sql = format!(
        "SELECT {COLUMNS} FROM feed_quarantine WHERE producer = ? ORDER BY epoch, position"
    );
    let rows = db
        .read()
        .query_all_raw(statement(db.backend(), &sql, [producer.into()]))
        .await?;
    rows.iter().map(read).collect()
}

pub(super) async fn held_keys(db: &Db, producer: &str) -> Result<HashSet<String>, DbErr> {
    let sql = "SELECT DISTINCT key FROM feed_quarantine WHERE producer = ?";
    let rows = db
        .read()
        .query_all_raw(statement(db.backend(), sql, [producer.into()]))
        .await?;
    rows.iter().map(|row| row.try_get_by_index(0)).collect()
}

/// The oldest event of each held key whose time has come.
pub(super) async fn due(db: &Db, producer: &str) -> Result<Vec<Parked>, DbErr> {
    let sql = format!(
        "SELECT {COLUMNS} FROM feed_quarantine AS oldest WHERE producer = ? AND next_us <= ?
         AND NOT EXISTS (SELECT 1 FROM feed_quarantine AS older WHERE older.producer = oldest.producer
             AND older.key = oldest.key AND older.epoch = oldest.epoch AND older.position < oldest.position)
         ORDER BY epoch, position LIMIT 50"
    );
    let now = micros(db.clock().now());
    let rows = db
        .read()
        .query_all_raw(statement(db.backend(), &sql, [producer.into(), now.into()]))
        .await?;
    rows.iter().map(read).collect()
}

/// Puts an event aside; with an error when it failed itself, without when its key is held.
pub(super) async fn park(
    uow: &UnitOfWork,
    producer: &str,
    cursor: Cursor,
    key: &str,
    payload: Vec<u8>,
    error: Option<&str>,
) -> Result<(), DbErr> {
    let db = uow.db();
    let now = db.clock().now();
    let attempts = i32::from(error.is_some());
    let sql = "INSERT INTO feed_quarantine
        (producer, epoch, position, key, payload, attempts, next_us, error, parked_us)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)";
    let values = [
        producer.into(),
        cursor.epoch.into(),
        cursor.position.into(),
        key.into(),
        payload.into(),
        attempts.into(),
        micros(next_at(now, attempts)).into(),
        plain(error.unwrap_or("waits for an earlier event of its key")).into(),
        micros(now).into(),
    ];
    uow.conn()
        .execute_raw(statement(db.backend(), sql, values))
        .await
        .map(|_| ())
}

/// One more failure; returns how many there are now.
pub(super) async fn failed(
    db: &Db,
    producer: &str,
    event: &Parked,
    error: &str,
) -> Result<i32, DbErr> {
    let attempts = event.attempts.saturating_add(1);
    let uow = db.begin().await?;
    let sql = "UPDATE feed_quarantine SET attempts = ?, next_us = ?, error = ?
        WHERE producer = ? AND epoch = ? AND position = ?";
    let values = [
        attempts.into(),
        micros(next_at(db.clock().now(), attempts)).into(),
        plain(error).into(),
        producer.into(),
        event.cursor.epoch.into(),
        event.cursor.position.into(),
    ];
    uow.conn()
        .execute_raw(statement(db.backend(), sql, values))
        .await?;
    uow.commit_plain().await?;
    Ok(attempts)
}

/// Takes an event out, in the transaction that applies it; false when it is gone already.
pub(super) async fn take(uow: &UnitOfWork, producer: &str, cursor: Cursor) -> Result<bool, DbErr> {
    let sql = "DELETE FROM feed_quarantine WHERE producer = ? AND epoch = ? AND position = ?";
    let values = [producer.into(), cursor.epoch.into(), cursor.position.into()];
    let done = uow
        .conn()
        .execute_raw(statement(uow.db().backend(), sql, values))
        .await?;
    Ok(done.rows_affected() == 1)
}

/// Forgets everything of a producer whose feed starts over.
pub(super) async fn clear(uow: &UnitOfWork, producer: &str) -> Result<(), DbErr> {
    let sql = "DELETE FROM feed_quarantine WHERE producer = ?";
    uow.conn()
        .execute_raw(statement(uow.db().backend(), sql, [producer.into()]))
        .await
        .map(|_| ())
}

/// PostgreSQL takes no NUL in text, and nobody reads more than this.
fn plain(error: &str) -> String {
    error.chars().filter(|&c| c != '\0').take(2_000).collect()
}

fn next_at(now: Timestamp, attempts: i32) -> Timestamp {
    let pause = match attempts {
        ..=0 => Duration::ZERO,
        GIVE_UP.. => POISON_RETRY,
        some => FIRST_PAUSE * 2u32.saturating_pow(some.unsigned_abs() - 1),
    };
    SignedDuration::try_from(pause)
        .ok()
        .and_then(|pause| now.checked_add(pause).ok())
        .unwrap_or(now)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_until_the_event_counts_as_poison() {
        let now = Timestamp::UNIX_EPOCH;
        let pauses: Vec<i64> = (0..=6).map(|n| next_at(now, n).as_millisecond()).collect();
        assert_eq!(pauses, [0, 100, 200, 400, 800, 600_000, 600_000]);
    }
}
