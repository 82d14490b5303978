//! How fresh the copies are, for processes that do not follow the feeds themselves.

use std::collections::HashMap;

use chassis::db::{from_micros, micros, statement};
use jiff::Timestamp;
use sea_orm::{ConnectionTrait, DbErr};

/// Remembers that the copy of a producer's facts was complete at `at`.
pub async fn put(conn: &impl ConnectionTrait, producer: &str, at: Timestamp) -> Result<(), DbErr> {
    const SQL: &str = "INSERT INTO feed_freshness (producer, fresh_us) VALUES (?, ?)
        ON CONFLICT (producer) DO UPDATE SET fresh_us = excluded.fresh_us
        WHERE feed_freshness.fresh_us < excluded.fresh_us";
    let values = [producer.into(), micros(at).into()];
    conn.execute_raw(statement(conn.get_database_backend(), SQL, values))
        .await
        .map(|_| ())
}

/// When the copies were last known to be complete, by producer.
pub async fn all(conn: &impl ConnectionTrait) -> Result<HashMap<String, Timestamp>, DbErr> {
    const SQL: &str = "SELECT producer, fresh_us FROM feed_freshness";
    let rows = conn
        .query_all_raw(statement(conn.get_database_backend(), SQL, []))
        .await?;
    rows.iter()
        .map(|row| {
            Ok((
                row.try_get_by_index(0)?,
                from_micros(row.try_get_by_index(1)?),
            ))
        })
        .collect()
}
