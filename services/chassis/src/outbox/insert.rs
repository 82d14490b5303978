//! Writes the events of one unit of work with one statement.

use sea_orm::{
    ConnectionTrait, DatabaseTransaction, DbBackend, DbErr, Statement, Value, sea_query::ArrayType,
};
use uuid::Uuid;

use super::Announcement;
use crate::db::{micros, statement};

/// SQLite binds at most 32,766 values; six a row.
const SQLITE_ROWS: usize = 5_000;

/// Inserts all events in order.
pub(crate) async fn insert(tx: &DatabaseTransaction, events: &[Announcement]) -> Result<(), DbErr> {
    if events.is_empty() {
        return Ok(());
    }
    match tx.get_database_backend() {
        DbBackend::Postgres => {
            tx.execute_raw(unnest(events)).await?;
        }
        _ => {
            for chunk in events.chunks(SQLITE_ROWS) {
                tx.execute_raw(values(chunk)).await?;
            }
        }
    }
    Ok(())
}

/// Arrays: one statement text for any number of rows, parsed and planned once.
fn unnest(events: &[Announcement]) -> Statement {
    // An array cannot mix NULLs in here: the nil id stands for "no school".
    const SQL: &str = "INSERT INTO outbox (school_id, kind, key, payload, occurred_us)
        SELECT nullif(school_id, '00000000-0000-0000-0000-000000000000'::uuid), kind, key, payload, occurred_us
        FROM unnest($1::uuid[], $2::text[], $3::text[], $4::bytea[], $5::bigint[])
            WITH ORDINALITY AS event (school_id, kind, key, payload, occurred_us, nth)
        ORDER BY nth";
    let array = |kind, column: fn(&Announcement) -> Value| {
        Value::Array(kind, Some(Box::new(events.iter().map(column).collect())))
    };
    Statement::from_sql_and_values(
        DbBackend::Postgres,
        SQL,
        [
            array(ArrayType::Uuid, |event| {
                event.school_id.unwrap_or(Uuid::nil()).into()
            }),
            array(ArrayType::String, |event| event.kind.into()),
            array(ArrayType::String, |event| event.key.clone().into()),
            array(ArrayType::Bytes, |event| event.payload.clone().into()),
            array(ArrayType::BigInt, |event| micros(event.occurred_at).into()),
        ],
    )
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
