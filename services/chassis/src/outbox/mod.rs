//! Events in the producer's own database, numbered in commit order.
//!
//! A [`UnitOfWork`](crate::db::UnitOfWork) writes events beside their effect. The
//! sequencer then gives every *committed* row the next position: positions are
//! dense, a row seen at position p is there with all of 1..p, and a transaction
//! that commits late gets a later position instead of being skipped.

mod cursor;
mod insert;
mod progress;
mod read;
mod sequencer;

use jiff::Timestamp;
use uuid::Uuid;

pub use self::{
    cursor::{Cursor, CursorError},
    progress::Progress,
    read::{Filter, OutboxRow, covered, epoch, head},
    sequencer::{Round, new_epoch, sequence, sequencer},
};
pub(crate) use self::{
    insert::{arrays, insert},
    read::{first_after, window},
};

/// An event to announce with a unit of work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Announcement {
    /// School it belongs to; `None` for events of the region.
    pub school_id: Option<Uuid>,
    /// Kind, UPPER or snake name of the oneof's case; what filters select by.
    pub kind: &'static str,
    /// What it is about (pupil, class, lesson …): order is kept per key.
    pub key: String,
    /// The encoded event message.
    pub payload: Vec<u8>,
    /// When it happened, by the service's clock.
    pub occurred_at: Timestamp,
}
