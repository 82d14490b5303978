//! Writes the events of one unit of work with one statement.

use sea_orm::{
    ConnectionTrait, DatabaseTransaction, DbBackend, DbErr, Statement, Value, sea_query::ArrayType,
};
use uuid::Uuid;

use super::Announcement;
use crate::db::{micros, statement};

/// SQLite binds at most 32,766 values; six a row.
const SQLITE_ROWS: usize = 5_000;

/// Inserts all events in order. SQLite: statements of at most 5,000 rows.
pub(crate) async fn insert(tx: &DatabaseTransaction, events: &[Announcement]) -> Result<(), DbErr> {
    for chunk in events.chunks(SQLITE_ROWS) {
        tx.execute_raw(values(chunk)).await?;
    }
    Ok(())
}

/// The columns of the events as arrays, and the text that inserts them from `$1` to
/// `$5`: one text for any number of rows, parsed and planned once.
pub(crate) fn arrays(events: &[Announcement]) -> (&'static str, [Value; 5]) {
    // An array cannot mix NULLs in here: the nil id stands for "no school".
    const SQL: &str = "INSERT INTO outbox (school_id, kind, key, payload, occurred_us)
        SELECT nullif(school_id, '00000000-0000-0000-0000-000000000000'::uuid), kind, key, payload, occurred_us
        FROM unnest($1::uuid[], $2::text[], $3::text[], $4::bytea[], $5::bigint[])
            WITH ORDINALITY AS event (school_id, kind, key, payload, occurred_us, nth)
        ORDER BY nth";
    let array = |kind, column: fn(&Announcement) -> Value| {
        Value::Array(kind, Some(Box::new(events.iter().map(column).collect())))
    };
    let columns = [
        array(ArrayType::Uuid, |event| {
            event.school_id.unwrap_or(Uuid::nil()).into()
        }),
        array(ArrayType::String, |event| event.kind.into()),
        array(ArrayType::String, |event| event.key.clone().into()),
        array(ArrayType::Bytes, |event| event.payload.clone().into()),
        array(ArrayType::BigInt, |event| micros(event.occurred_at).into()),
    ];
    (SQL, columns)
}

fn values(events: &[Announcement]) -> Statement {
    let rows = vec!["(?, ?, ?, ?, ?)"; events.len()].join(", ");
    let sql =
        format!("INSERT INTO outbox (school_id, kind, key, payload, occurred_us) VALUES {rows}");
    let bound = events.iter().flat_map(|event| -> [Value; 5] {
        [
            event.school_id.into(),
            event.kind.into(),
            event.key.clone().into(),
            event.payload.clone().into(),
            micros(event.occurred_at).into(),
        ]
    });
    statement(DbBackend::Sqlite, &sql, bound)
}
