//! The cursor that a write has reached, for callers that must see it elsewhere.

use std::time::Duration;

use chassis::db::background;
use chassis::outbox::{self, Round};
use chassis::service::Cx;
use tokio::time::{Instant, sleep, timeout_at};
use zhurnal_proto::types::v1::CausalToken;

/// Longest wait; a write without a token is better than a slow one.
const PATIENCE: Duration = Duration::from_millis(50);
/// Pause while another process numbers events.
const BUSY: Duration = Duration::from_millis(5);

/// A cursor that covers everything committed before the call. `None` when it
/// cannot be told in time: the write itself is done.
pub async fn token(cx: &Cx) -> Option<CausalToken> {
    let numbered = background(numbered(cx));
    let cursor = timeout_at(Instant::now() + PATIENCE, numbered)
        .await
        .ok()??;
    Some(CausalToken {
        cursors: [(cx.name.to_owned(), cursor)].into(),
    })
}

async fn numbered(cx: &Cx) -> Option<String> {
    loop {
        match outbox::sequence(&cx.db).await.ok()? {
            Round::Numbered(0) => {
                return outbox::head(&cx.db).await.ok().map(|head| head.to_string());
            }
            Round::Numbered(_) => {}
            Round::Busy => sleep(BUSY).await,
        }
    }
}
