//! Reading own writes where another service answers.
//!
//! A caller that wants it sends the header `zhurnal-min-versions` with every call,
//! empty at first. A write then answers with a [`CausalToken`]: how far its service's
//! feed must be read to hold the change. The caller sends the cursors back in the
//! header (`schedule=e1.42,roster=e1.7`); a service whose copy is behind waits a
//! moment and then answers UNAVAILABLE / COPY_BEHIND instead of the old state.

use std::time::Duration;

use http::HeaderMap;
use tokio::time::Instant;
use tonic::Status;
use zhurnal_proto::types::v1::CausalToken;

use crate::db::Db;
use crate::outbox::{self, Cursor};
use crate::service::Cx;
use crate::{context, feed, status};

/// Name of the header.
pub(crate) const MIN_VERSIONS: &str = "zhurnal-min-versions";
/// Longest wait, for a token and for a copy; a write without a token is better
/// than a slow one.
const PATIENCE: Duration = Duration::from_millis(50);
/// When a caller that met an old copy may ask again.
const RETRY: Duration = Duration::from_millis(100);
/// More than there are producers.
const MOST_CURSORS: usize = 16;

/// How far the own feed must be read to hold everything committed before the call.
/// `None` when the caller keeps no tokens, or when it cannot be told in time: the
/// write itself is done.
pub async fn token(cx: &Cx) -> Option<CausalToken> {
    if !context::keeps_tokens() {
        return None;
    }
    let cursor = outbox::covered(&cx.db, PATIENCE).await?;
    Some(CausalToken {
        cursors: [(cx.name.to_owned(), cursor.to_string())].into(),
    })
}

/// What the caller has seen already; `None` without the header.
pub(crate) fn asked(headers: &HeaderMap) -> Result<Option<Vec<(String, Cursor)>>, Status> {
    let Some(value) = headers.get(MIN_VERSIONS) else {
        return Ok(None);
    };
    let refused = || {
        status::invalid_field(
            MIN_VERSIONS,
            "CURSORS",
            "Заголовок записывается так: schedule=e1.42,roster=e1.7",
        )
    };
    let text = value.to_str().map_err(|_| refused())?.trim();
    if text.is_empty() {
        return Ok(Some(Vec::new()));
    }
    let cursors = text
        .split(',')
        .map(|one| {
            let (producer, cursor) = one.trim().split_once('=')?;
            Some((producer.to_owned(), cursor.parse().ok()?))
        })
        .collect::<Option<Vec<_>>>()
        .filter(|cursors| cursors.len() <= MOST_CURSORS);
    cursors.map(Some).ok_or_else(refused)
}

/// Waits until the copies in `db` hold what the caller has seen. Producers that are
/// not followed have no copy here.
pub(crate) async fn reached(db: &Db, wanted: &[(String, Cursor)]) -> Result<(), Status> {
    if wanted.is_empty() {
        return Ok(());
    }
    let followed: Vec<_> = feed::lag(db).iter().map(|lag| lag.producer).collect();
    let until = Instant::now() + PATIENCE;
    for (producer, cursor) in wanted {
        if !followed.contains(&producer.as_str()) {
            continue;
        }
        let left = until.saturating_duration_since(Instant::now());
        let reached = feed::reached(db, producer, *cursor, left).await;
        if !reached.map_err(status::from_db)? {
            tracing::debug!(producer, wanted = %cursor, "the copy is behind what the caller has seen");
            return Err(status::unavailable("COPY_BEHIND", RETRY));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Result<Option<Vec<(String, Cursor)>>, Status> {
        let mut headers = HeaderMap::new();
        headers.insert(MIN_VERSIONS, http::HeaderValue::from_str(text).unwrap());
        asked(&headers)
    }

    #[test]
    fn cursors_of_several_producers_are_read() {
        let at = |epoch, position| Cursor { epoch, position };
        assert_eq!(asked(&HeaderMap::new()).unwrap(), None);
        assert_eq!(of("").unwrap(), Some(Vec::new()));
        let both = vec![
            ("schedule".to_owned(), at(1, 42)),
            ("roster".to_owned(), at(3, 7)),
        ];
        assert_eq!(of("schedule=e1.42, roster=e3.7").unwrap(), Some(both));
    }

    #[test]
    fn anything_else_names_the_header() {
        let long = vec!["roster=e1.1"; MOST_CURSORS + 1].join(",");
        for text in ["roster", "roster=", "roster=1.2", "roster=e1.2,,", &long] {
            let refused = of(text).unwrap_err();
            let violations = status::violations(&refused);
            assert_eq!(violations[0].field, MIN_VERSIONS, "{text}");
        }
    }
}
