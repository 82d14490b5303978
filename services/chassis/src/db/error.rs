//! What kind of failure a database error is.

use sea_orm::{DbErr, RuntimeErr, SqlErr, sqlx};

/// A row with this key is already there.
pub fn is_unique_violation(err: &DbErr) -> bool {
    matches!(err.sql_err(), Some(SqlErr::UniqueConstraintViolation(_)))
}

/// Somebody else held the lock for too long; the same call may succeed later.
pub fn is_lock_timeout(err: &DbErr) -> bool {
    match code(err) {
        Some(Code::State(state)) => state == "55P03",
        // BUSY and LOCKED.
        Some(Code::Sqlite(primary)) => matches!(primary, 5 | 6),
        None => false,
    }
}

/// The failure is of the moment, not of the data: connection lost, pool empty,
/// serialization, deadlock, lock or statement timeout, disk full, server going down.
pub fn is_transient(err: &DbErr) -> bool {
    if matches!(err, DbErr::ConnectionAcquire(_) | DbErr::Conn(_)) || is_lock_timeout(err) {
        return true;
    }
    match code(err) {
        // Classes: connection, rollback, resources, operator intervention, system.
        Some(Code::State(state)) => ["08", "40", "53", "57", "58"]
            .iter()
            .any(|class| state.starts_with(class)),
        // IOERR, FULL, CANTOPEN.
        Some(Code::Sqlite(primary)) => matches!(primary, 10 | 13 | 14),
        None => matches!(
            sqlx_error(err),
            Some(
                sqlx::Error::Io(_)
                    | sqlx::Error::Tls(_)
                    | sqlx::Error::Protocol(_)
                    | sqlx::Error::PoolTimedOut
                    | sqlx::Error::PoolClosed
                    | sqlx::Error::WorkerCrashed
                    | sqlx::Error::BeginFailed
            )
        ),
    }
}

enum Code {
    /// PostgreSQL's SQLSTATE, five characters.
    State(String),
    /// SQLite's result code without the extension.
    Sqlite(u32),
}

fn sqlx_error(err: &DbErr) -> Option<&sqlx::Error> {
    match err {
        DbErr::Conn(RuntimeErr::SqlxError(err))
        | DbErr::Exec(RuntimeErr::SqlxError(err))
        | DbErr::Query(RuntimeErr::SqlxError(err)) => Some(err),
        _ => None,
    }
}

fn code(err: &DbErr) -> Option<Code> {
    let sqlx::Error::Database(err) = sqlx_error(err)? else {
        return None;
    };
    let code = err.code()?;
    // SQLite's are decimal and shorter, the primary code is in the low byte.
    match code.parse::<u32>() {
        Ok(number) if code.len() < 5 => Some(Code::Sqlite(number & 0xff)),
        _ => Some(Code::State(code.into_owned())),
    }
}
