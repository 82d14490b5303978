//! The producer's side: a live stream of numbered events from a cursor.

use std::{collections::VecDeque, time::Duration};

use futures::{StreamExt, stream::BoxStream};
use tokio::{sync::watch, time::Instant};
use tokio_util::sync::CancellationToken;
use tonic::{Code, Status};

use super::CURSOR_EXPIRED;
use crate::{
    db::{Db, background},
    outbox::{self, Cursor, Filter, OutboxRow},
    status::{self, Refusal},
};

/// An idle stream says this often that it is alive and where it stands.
pub const HEARTBEAT: Duration = Duration::from_secs(5);
/// Positions read by one query at most; also the most that one stream buffers.
const WINDOW: i64 = 500;
/// Positions read by the first query of a stream.
const FIRST_WINDOW: i64 = 50;
/// Windows that end at the feed's end are read at most this often: under load events gather.
const PACE: Duration = Duration::from_millis(20);
/// Payload that a query is to bring, bytes: the next window is sized by the last.
const WINDOW_BYTES: usize = 1 << 20;

/// What a stream yields.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Item {
    /// An event.
    Event(OutboxRow),
    /// No event for this reader up to here: only the cursor moves. Sent after a
    /// stretch that the filter dropped, and as a heartbeat.
    Progress(Cursor),
}

impl Item {
    /// Where a reader continues after this item.
    pub fn cursor(&self) -> Cursor {
        match self {
            Item::Event(row) => row.cursor,
            Item::Progress(cursor) => *cursor,
        }
    }
}

/// Streams the events after `cursor` (empty: from the first one kept, `now`: none
/// but those to come), then live.
///
/// Reads the database only when the receiver takes more, in windows of about a
/// megabyte and at most 500 positions. Ends when `stop` is cancelled. Refuses with INVALID_ARGUMENT
/// (no cursor) or OUT_OF_RANGE / CURSOR_EXPIRED (of another epoch, or its events
/// are gone): the reader must start over.
pub async fn serve<E, F>(
    db: &Db,
    stop: &CancellationToken,
    cursor: &str,
    filter: Filter,
    decode: F,
) -> Result<BoxStream<'static, Result<E, Status>>, Status>
where
    E: Send + 'static,
    F: Fn(Item) -> Result<E, Status> + Send + Sync + 'static,
{
    let at = start(db, cursor).await?;
    let reader = Reader {
        db: db.clone(),
        stop: stop.clone(),
        progress: db.progress().watch(),
        filter,
        at,
        upto: at.position,
        size: FIRST_WINDOW,
        ready: VecDeque::new(),
        told: None,
        quiet_since: Instant::now(),
        rested_at: Instant::now(),
    };
    let items = futures::stream::try_unfold(reader, |mut reader| async move {
        let next = background(reader.next()).await?;
        Ok::<_, Status>(next.map(|item| (item, reader)))
    });
    Ok(items.map(move |item| decode(item?)).boxed())
}

/// Parses the cursor and checks that the feed still continues from it.
async fn start(db: &Db, text: &str) -> Result<Cursor, Status> {
    let head = outbox::head(db).await.map_err(status::from_db)?;
    if text == "now" {
        return Ok(head);
    }
    if text.is_empty() {
        let first = outbox::first_after(db, 0).await.map_err(status::from_db)?;
        return Ok(Cursor {
            epoch: head.epoch,
            position: first.map_or(head.position, |first| first - 1),
        });
    }
    let cursor: Cursor = text.parse().map_err(|_| {
        status::invalid_field("cursor", "CURSOR", "Курсор ленты событий записан неверно")
    })?;
    if cursor.epoch != head.epoch || cursor.position > head.position {
        return Err(expired(cursor, head));
    }
    // Positions are dense: a hole after the cursor means that events were deleted.
    let next = outbox::first_after(db, cursor.position)
        .await
        .map_err(status::from_db)?;
    if cursor.position < head.position && next != Some(cursor.position + 1) {
        return Err(expired(cursor, head));
    }
    Ok(cursor)
}

fn expired(cursor: Cursor, head: Cursor) -> Status {
    Refusal::new(
        Code::OutOfRange,
        CURSOR_EXPIRED,
        "Лента событий начата заново, прочтите её сначала",
    )
    .with("cursor", cursor)
    .with("head", head)
    .into()
}

/// How many positions to read next, after `size` of them brought `bytes`: at most
/// twice as many, and as few as the payload allows.
fn next_size(size: i64, bytes: usize) -> i64 {
    let each = bytes / usize::try_from(size).unwrap_or(1).max(1) + 1;
    let fitting = i64::try_from(WINDOW_BYTES / each).unwrap_or(WINDOW);
    fitting.min(2 * size).clamp(1, WINDOW)
}

struct Reader {
    db: Db,
    stop: CancellationToken,
    progress: watch::Receiver<i64>,
    filter: Filter,
    /// Last position taken out of `ready` or skipped by the filter.
    at: Cursor,
    /// Everything up to here has been read into `ready`.
    upto: i64,
    /// Positions that the next query reads.
    size: i64,
    ready: VecDeque<OutboxRow>,
    /// Last cursor the receiver was given; it hears at once where it stands.
    told: Option<Cursor>,
    quiet_since: Instant,
    /// When the database may be asked again for what comes after the feed's end.
    rested_at: Instant,
}

impl Reader {
    /// The next item; `None` when stopped.
    async fn next(&mut self) -> Result<Option<Item>, Status> {
        loop {
            if self.stop.is_cancelled() {
                return Ok(None);
            }
            if let Some(row) = self.ready.pop_front() {
                self.at = row.cursor;
                return Ok(Some(self.tell(Item::Event(row))));
            }
            self.at.position = self.upto;
            if self.read().await? {
                if self.ready.is_empty() {
                    // The filter dropped all of it.
                    let skipped = Cursor {
                        position: self.upto,
                        ..self.at
                    };
                    return Ok(Some(self.tell(Item::Progress(skipped))));
                }
                continue;
            }
            if self.told != Some(self.at) || self.quiet_since.elapsed() >= HEARTBEAT {
                return Ok(Some(self.tell(Item::Progress(self.at))));
            }
            self.wait().await;
        }
    }

    fn tell(&mut self, item: Item) -> Item {
        self.told = Some(item.cursor());
        self.quiet_since = Instant::now();
        item
    }

    /// Reads the next window; false at the end of the feed.
    async fn read(&mut self) -> Result<bool, Status> {
        self.progress.mark_unchanged();
        let head = outbox::head(&self.db).await.map_err(status::from_db)?;
        if head.epoch != self.at.epoch {
            return Err(expired(self.at, head));
        }
        if head.position <= self.at.position {
            return Ok(false);
        }
        let window = outbox::window(&self.db, self.at, head.position, self.size, &self.filter)
            .await
            .map_err(status::from_db)?;
        let bytes = window.rows.iter().map(|row| row.payload.len()).sum();
        self.size = next_size(self.size, bytes);
        self.upto = window.upto;
        self.rested_at = Instant::now() + PACE;
        self.ready = window.rows.into();
        Ok(true)
    }

    async fn wait(&mut self) {
        let heartbeat = self.quiet_since + HEARTBEAT;
        let more = async {
            let _ = self.progress.changed().await;
            tokio::time::sleep_until(self.rested_at).await;
        };
        tokio::select! {
            () = self.stop.cancelled() => {}
            () = more => {}
            () = tokio::time::sleep_until(heartbeat) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_grow_with_small_events_and_shrink_with_large_ones() {
        let mut size = FIRST_WINDOW;
        for _ in 0..10 {
            size = next_size(size, 200 * usize::try_from(size).unwrap());
        }
        assert_eq!(size, WINDOW, "small events");
        assert_eq!(next_size(WINDOW, 500 * (64 << 10)), 15, "64 kB each");
        assert_eq!(next_size(15, 15 * (4 << 20)), 1, "4 MB each");
        assert_eq!(next_size(1, 0), 2, "and back again, step by step");
    }
}
