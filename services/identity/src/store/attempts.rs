//! Counters of wrong passwords and devices that are known.

use chassis::db::{from_micros, micros};
use jiff::Timestamp;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ConnectionTrait, DbBackend, DbErr, EntityTrait, QuerySelect};
use uuid::Uuid;

use super::entity::{known_device, login_attempt};
use crate::domain::attempts::Attempts;

/// Wrong passwords of a subject, with its row locked: parallel guesses queue here.
pub async fn get_locked(
    conn: &impl ConnectionTrait,
    subject: &[u8; 32],
    now: Timestamp,
) -> Result<Attempts, DbErr> {
    let fresh = login_attempt::Model {
        subject: subject.to_vec(),
        failures: 0,
        since_us: micros(now),
    };
    login_attempt::Entity::insert(login_attempt::ActiveModel::from(fresh))
        .on_conflict_do_nothing()
        .exec_without_returning(conn)
        .await?;
    let query = login_attempt::Entity::find_by_id(subject.to_vec());
    // SQLite has one writer: the unit of work is the lock.
    let row = match conn.get_database_backend() {
        DbBackend::Postgres => query.lock_exclusive().one(conn).await?,
        _ => query.one(conn).await?,
    };
    Ok(row.map_or_else(
        || Attempts::none(now),
        |r| Attempts {
            failures: r.failures,
            since: from_micros(r.since_us),
        },
    ))
}

/// Stores the counter.
pub async fn put(
    conn: &impl ConnectionTrait,
    subject: &[u8; 32],
    attempts: Attempts,
) -> Result<(), DbErr> {
    let row = login_attempt::Model {
        subject: subject.to_vec(),
        failures: attempts.failures,
        since_us: micros(attempts.since),
    };
    login_attempt::Entity::insert(login_attempt::ActiveModel::from(row))
        .on_conflict(
            OnConflict::column(login_attempt::Column::Subject)
                .update_columns([
                    login_attempt::Column::Failures,
                    login_attempt::Column::SinceUs,
                ])
                .to_owned(),
        )
        .exec_without_returning(conn)
        .await?;
    Ok(())
}

/// Forgets the counter after a right password.
pub async fn clear(conn: &impl ConnectionTrait, subject: &[u8; 32]) -> Result<(), DbErr> {
    login_attempt::Entity::delete_by_id(subject.to_vec())
        .exec(conn)
        .await?;
    Ok(())
}

/// Whether the device logged in to the account before.
pub async fn is_known(
    conn: &impl ConnectionTrait,
    account_id: Uuid,
    cookie: &[u8; 32],
) -> Result<bool, DbErr> {
    Ok(
        known_device::Entity::find_by_id((account_id, cookie.to_vec()))
            .one(conn)
            .await?
            .is_some(),
    )
}

/// Remembers the device.
pub async fn remember(
    conn: &impl ConnectionTrait,
    account_id: Uuid,
    cookie: &[u8; 32],
    now: Timestamp,
) -> Result<(), DbErr> {
    let row = known_device::Model {
        account_id,
        cookie_hash: cookie.to_vec(),
        seen_us: micros(now),
    };
    known_device::Entity::insert(known_device::ActiveModel::from(row))
        .on_conflict(
            OnConflict::columns([
                known_device::Column::AccountId,
                known_device::Column::CookieHash,
            ])
            .update_column(known_device::Column::SeenUs)
            .to_owned(),
        )
        .exec_without_returning(conn)
        .await?;
    Ok(())
}
