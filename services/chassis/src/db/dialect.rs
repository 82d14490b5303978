//! The few places where hand-written SQL differs between the databases.

use std::fmt::Write;

use jiff::Timestamp;
use sea_orm::{DbBackend, Statement, Value};

/// A statement written with `?` placeholders, numbered `$1…` for PostgreSQL.
///
/// The text must not hold `?` for any other purpose (no JSON operators).
pub fn statement(
    backend: DbBackend,
    sql: &str,
    values: impl IntoIterator<Item = Value>,
) -> Statement {
    if backend != DbBackend::Postgres {
        return Statement::from_sql_and_values(backend, sql, values);
    }
    let mut numbered = String::with_capacity(sql.len() + 16);
    let mut count = 0;
    for (at, part) in sql.split('?').enumerate() {
        if at > 0 {
            count += 1;
            let _ = write!(numbered, "${count}");
        }
        numbered.push_str(part);
    }
    Statement::from_sql_and_values(backend, numbered, values)
}

/// `?, ?, …`: as many as there are, filled up to the next power of two, so that
/// few texts are prepared. The last value is repeated.
pub fn padded(values: &[Value]) -> (String, Vec<Value>) {
    let Some(last) = values.last() else {
        return ("NULL".to_owned(), Vec::new());
    };
    let count = values.len().next_power_of_two();
    let mut filled = values.to_vec();
    filled.resize(count, last.clone());
    (vec!["?"; count].join(", "), filled)
}

/// SQL for the database's own clock, whole seconds since 1970. For leases and
/// stamps that several processes must agree on; everything else uses `Clock`.
pub fn unix_now(backend: DbBackend) -> &'static str {
    match backend {
        DbBackend::Postgres => "CAST(extract(epoch FROM clock_timestamp()) AS bigint)",
        _ => "CAST(strftime('%s', 'now') AS integer)",
    }
}

/// An instant as stored in chassis's tables: microseconds since 1970, the same on both databases.
pub fn micros(at: Timestamp) -> i64 {
    at.as_microsecond()
}

/// Back from [`micros`]; a value no instant can have becomes the nearest one.
pub fn from_micros(micros: i64) -> Timestamp {
    let range = Timestamp::MIN.as_microsecond()..=Timestamp::MAX.as_microsecond();
    Timestamp::from_microsecond(micros.clamp(*range.start(), *range.end()))
        .unwrap_or(Timestamp::UNIX_EPOCH)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_numbered_for_postgresql_only() {
        let sql = "UPDATE t SET a = ? WHERE b = ?";
        let values = || [Value::from(1), Value::from(2)];
        assert_eq!(statement(DbBackend::Sqlite, sql, values()).sql, sql);
        assert_eq!(
            statement(DbBackend::Postgres, sql, values()).sql,
            "UPDATE t SET a = $1 WHERE b = $2"
        );
    }

    #[test]
    fn microseconds_come_back_as_the_same_instant() {
        let at: Timestamp = "2026-09-01T05:30:00.123456Z".parse().unwrap();
        assert_eq!(from_micros(micros(at)), at);
        assert_eq!(from_micros(i64::MAX), from_micros(i64::MAX - 1));
    }
}
