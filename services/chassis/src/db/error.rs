//! What kind of failure a database error is.

use sea_orm::{DbErr, RuntimeErr, SqlErr, sqlx};

/// A row with this key is already there.
pub fn is_unique_violation(err: &DbErr) -> bool {
    matches!(err.sql_err(), Some(SqlErr::UniqueConstraintViolation(_)))
}

/// Somebody else held the lock for too long; the same call may succeed later.
pub fn is_lock_timeout(err: &DbErr) -> bool {
    // PostgreSQL 55P03 lock_not_available; SQLite BUSY (5) and its extended codes, LOCKED (6).
    matches!(code(err).as_deref(), Some("55P03" | "5" | "6" | "261" | "262" | "517" | "773"))
}

/// The failure is of the moment, not of the data: connection lost, pool empty,
/// serialization, deadlock, lock or statement timeout, server going down.
pub fn is_transient(err: &DbErr) -> bool {
    if is_lock_timeout(err) || matches!(err, DbErr::ConnectionAcquire(_) | DbErr::Conn(_)) {
        return true;
    }
    if let Some(code) = code(err) {
        // SQLSTATE classes: 08 connection, 40 rollback, 53 resources, 57 operator intervention, 58 system.
        let sqlstate = code.len() == 5;
        return sqlstate && ["08", "40", "53", "57", "58"].iter().any(|class| code.starts_with(class));
    }
    matches!(
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
    )
}

fn sqlx_error(err: &DbErr) -> Option<&sqlx::Error> {
    match err {
        DbErr::Conn(RuntimeErr::SqlxError(err))
        | DbErr::Exec(RuntimeErr::SqlxError(err))
        | DbErr::Query(RuntimeErr::SqlxError(err)) => Some(err),
        _ => None,
    }
}

fn code(err: &DbErr) -> Option<String> {
    match sqlx_error(err)? {
        sqlx::Error::Database(err) => err.code().map(|code| code.into_owned()),
        _ => None,
    }
}
