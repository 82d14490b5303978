//! The follower's durable place: one row per producer, moved by compare-and-set.
//!
//! Several processes of one service share the row. The lease decides who follows;
//! correctness does not rest on it: whoever moves the cursor must name the place
//! it was at, inside the transaction of the effects.

use std::time::Duration;

use sea_orm::{ConnectionTrait, DbBackend, DbErr};
use tokio::time::Instant;

use crate::{
    db::{Db, UnitOfWork, statement, unix_now},
    outbox::Cursor,
};

/// Before the first event of an unknown epoch: asks for everything.
pub(super) const BEGINNING: Cursor = Cursor {
    epoch: 0,
    position: 0,
};
/// A follower that is silent for so long may be replaced, seconds.
const LEASE_SECONDS: i64 = 6;
/// How often a live follower renews, and a waiting one asks.
pub(super) const RENEW: Duration = Duration::from_secs(2);

/// Becomes the follower; `None` while another process is.
pub(super) async fn claim(db: &Db, producer: &str, owner: &str) -> Result<Option<Cursor>, DbErr> {
    let now = unix_now(db.backend());
    // SQLite: no other process can be alive on this file; a restart takes over at once.
    let free = match db.backend() {
        DbBackend::Postgres => {
            format!("feed_cursor.owner = excluded.owner OR feed_cursor.lease_until < {now}")
        }
        _ => "true".to_owned(),
    };
    let sql = format!(
        "INSERT INTO feed_cursor (producer, epoch, position, owner, lease_until)
         VALUES (?, 0, 0, ?, {now} + {LEASE_SECONDS})
         ON CONFLICT (producer) DO UPDATE SET owner = excluded.owner, lease_until = excluded.lease_until
         WHERE {free}
         RETURNING epoch, position"
    );
    let uow = db.begin().await?;
    let query = statement(db.backend(), &sql, [producer.into(), owner.into()]);
    let row = uow.conn().query_one_raw(query).await?;
    let cursor = row
        .map(|row| {
            Ok::<_, DbErr>(Cursor {
                epoch: row.try_get_by_index(0)?,
                position: row.try_get_by_index(1)?,
            })
        })
        .transpose()?;
    uow.commit_plain().await?;
    Ok(cursor)
}

/// Moves the cursor and renews the lease; false when somebody else is at work.
///
/// The first statement of a transaction: the row lock makes a rival wait until
/// our effects are there, and then fail here.
pub(super) async fn advance(
    uow: &UnitOfWork,
    producer: &str,
    owner: &str,
    from: Cursor,
    to: Cursor,
) -> Result<bool, DbErr> {
    let backend = uow.db().backend();
    let now = unix_now(backend);
    let sql = format!(
        "UPDATE feed_cursor SET epoch = ?, position = ?, lease_until = {now} + {LEASE_SECONDS}
         WHERE producer = ? AND owner = ? AND epoch = ? AND position = ?"
    );
    let values = [
        to.epoch.into(),
        to.position.into(),
        producer.into(),
        owner.into(),
        from.epoch.into(),
        from.position.into(),
    ];
    let done = uow
        .conn()
        .execute_raw(statement(backend, &sql, values))
        .await?;
    Ok(done.rows_affected() == 1)
}

/// Lets another process take over at once.
pub(super) async fn release(db: &Db, producer: &str, owner: &str) -> Result<(), DbErr> {
    let uow = db.begin().await?;
    let sql = "UPDATE feed_cursor SET lease_until = 0 WHERE producer = ? AND owner = ?";
    uow.conn()
        .execute_raw(statement(
            db.backend(),
            sql,
            [producer.into(), owner.into()],
        ))
        .await?;
    uow.commit_plain().await
}

/// How far this service has heard the producer; `None` before the first event.
pub async fn position(db: &Db, producer: &str) -> Result<Option<Cursor>, DbErr> {
    let sql = "SELECT epoch, position FROM feed_cursor WHERE producer = ? AND epoch > 0";
    let row = db
        .read()
        .query_one_raw(statement(db.backend(), sql, [producer.into()]))
        .await?;
    row.map(|row| {
        Ok(Cursor {
            epoch: row.try_get_by_index(0)?,
            position: row.try_get_by_index(1)?,
        })
    })
    .transpose()
}

/// Waits up to `within` until the copy has reached `wanted` (`min_versions`).
pub async fn reached(
    db: &Db,
    producer: &str,
    wanted: Cursor,
    within: Duration,
) -> Result<bool, DbErr> {
    let deadline = Instant::now() + within;
    loop {
        // Another epoch compares as reached or not by its number; a copy that has
        // started over is ahead of every cursor of the old life.
        if position(db, producer).await?.is_some_and(|at| at >= wanted) {
            return Ok(true);
        }
        if Instant::now() >= deadline {
            return Ok(false);
        }
        tokio::time::sleep(Duration::from_millis(5).min(within)).await;
    }
}
