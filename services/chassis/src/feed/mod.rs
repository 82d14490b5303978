//! Resumable event feeds between services.
//!
//! The producer answers `Watch<Service>Events(cursor)` with [`serve`]; a consumer
//! keeps its own copy with [`follow`], which commits effects and cursor in one
//! transaction. Together with the outbox's numbering: every committed event takes
//! effect exactly once, in commit order per key, across restarts of either side.

mod batch;
mod cursor_row;
mod follow;
mod lag;
mod quarantine;
mod serve;
mod source;

use async_trait::async_trait;

pub use self::{
    cursor_row::{position, reached},
    follow::follow,
    lag::{Followers, Lag, lag},
    quarantine::{Parked, parked},
    serve::{HEARTBEAT, Item, serve},
    source::{FeedItem, Source},
};
use crate::db::UnitOfWork;
pub use crate::outbox::{Cursor, Filter, OutboxRow};

/// Reason of the OUT_OF_RANGE refusal that makes a follower start over.
pub const CURSOR_EXPIRED: &str = "CURSOR_EXPIRED";

/// One producer's events as this service understands them.
#[async_trait]
pub trait Consumer: Send + Sync + 'static {
    /// What the producer's stream yields; one consumer per producer and service.
    type Event: FeedItem;

    /// Which changes are taken, by the names of the fields of the event's `change`;
    /// empty: all. Whoever takes more than before has missed them and must start over.
    const CHANGES: &'static [&'static str];

    /// What the event is about; `None` for a heartbeat that only moves the cursor.
    ///
    /// An event that cannot be applied holds back later events of the same key
    /// and no others. Events that must stay in order need the same key.
    fn key_of(event: &Self::Event) -> Option<String>;

    /// Applies one event. All effects go through `uow`; an event never comes
    /// twice, unless the transaction of the first time was rolled back.
    async fn apply(&self, uow: &mut UnitOfWork, event: &Self::Event) -> anyhow::Result<()>;

    /// Applies events in order, with the same effect as one by one. Worth writing
    /// where many small events come at once: a statement for all of them costs
    /// hardly more than for one. When it fails, they are applied one by one.
    async fn apply_all(&self, uow: &mut UnitOfWork, events: &[&Self::Event]) -> anyhow::Result<()> {
        for event in events {
            self.apply(uow, event).await?;
        }
        Ok(())
    }

    /// Forgets the copy: the producer's feed starts over (it was restored from a
    /// backup). All its events come again from the beginning, after this.
    async fn reset(&self, uow: &mut UnitOfWork) -> anyhow::Result<()>;
}
