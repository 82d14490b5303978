//! Database errors as statuses: what may be retried says so, the rest is internal.

use std::time::Duration;

use sea_orm::{DbErr, RuntimeErr, SqlErr};
use tonic::Status;

use super::{already_exists, conflict, deadline_exceeded, internal, unavailable};

/// Maps a database error that no handler expected.
///
/// Pool exhaustion and lost connections are UNAVAILABLE, serialization failures
/// and deadlocks ABORTED, a cancelled statement DEADLINE_EXCEEDED, a unique
/// violation ALREADY_EXISTS; everything else is INTERNAL and logged.
pub fn from_db(error: DbErr) -> Status {
    if let DbErr::ConnectionAcquire(_) | DbErr::Conn(_) = error {
        tracing::warn!(error = %error, "database unreachable");
        return unavailable("DATABASE_UNAVAILABLE", Duration::from_secs(1));
    }
    if let Some(SqlErr::UniqueConstraintViolation(_)) = error.sql_err() {
        tracing::warn!(error = %error, "unexpected unique violation");
        return already_exists("ALREADY_EXISTS", "Такая запись уже существует");
    }
    match class(&error) {
        Class::Retry => conflict("CONCURRENT_CHANGE", "Одновременное изменение, повторите"),
        Class::Busy => {
            tracing::warn!(error = %error, "database busy");
            unavailable("DATABASE_BUSY", Duration::from_millis(200))
        }
        Class::Cancelled => deadline_exceeded(),
        Class::Other => internal(error),
    }
}

enum Class {
    Retry,
    Busy,
    Cancelled,
    Other,
}

fn class(error: &DbErr) -> Class {
    let (DbErr::Exec(RuntimeErr::SqlxError(e)) | DbErr::Query(RuntimeErr::SqlxError(e))) = error
    else {
        return Class::Other;
    };
    if let sea_orm::sqlx::Error::Io(_) | sea_orm::sqlx::Error::PoolClosed = e.as_ref() {
        return Class::Busy;
    }
    let Some(code) = e.as_database_error().and_then(|d| d.code()) else {
        return Class::Other;
    };
    by_code(&code)
}

/// PostgreSQL SQLSTATE (five characters) or SQLite result code (a number).
fn by_code(code: &str) -> Class {
    match code {
        "40001" | "40P01" => Class::Retry,
        "57014" => Class::Cancelled,
        "55P03" | "5" | "6" | "261" | "262" | "517" => Class::Busy,
        c if c.len() == 5
            && (c.starts_with("53") || c.starts_with("57P") || c.starts_with("08")) =>
        {
            Class::Busy
        }
        _ => Class::Other,
    }
}

#[cfg(test)]
mod tests {
    use sea_orm::ConnAcquireErr;
    use tonic::Code;

    use super::*;

    #[test]
    fn an_exhausted_pool_is_unavailable_with_a_retry_delay() {
        let status = from_db(DbErr::ConnectionAcquire(ConnAcquireErr::Timeout));
        assert_eq!(status.code(), Code::Unavailable);
        assert_eq!(
            crate::status::retry_delay(&status),
            Some(Duration::from_secs(1))
        );
    }

    #[test]
    fn database_codes_fall_into_their_classes() {
        assert!(matches!(by_code("40001"), Class::Retry));
        assert!(matches!(by_code("57014"), Class::Cancelled));
        assert!(matches!(by_code("5"), Class::Busy));
        assert!(matches!(by_code("53300"), Class::Busy));
        assert!(matches!(by_code("57P01"), Class::Busy));
        assert!(matches!(by_code("42601"), Class::Other));
    }

    #[test]
    fn an_unknown_database_error_hides_its_text() {
        let status = from_db(DbErr::Custom("secret table name".into()));
        assert_eq!(status.code(), Code::Internal);
        assert!(!status.message().contains("secret"));
        assert!(!String::from_utf8_lossy(status.details()).contains("secret"));
    }
}
