//! What a phone's calendar shows of the timetable: lessons, events, free days.
//!
//! Invariant: nothing names a person, and nothing that people wrote beside a title is told:
//! the address of a feed may leak.

mod entries;
mod ics;

use jiff::civil::Date;
use jiff::{Span, Timestamp};

pub use entries::{FreeDays, Planned, Viewer, event, free_days, lesson};
pub use ics::write;

/// Days shown before today.
const BEFORE: i32 = 14;
/// Days shown after today.
const AFTER: i32 = 183;

/// First and last day of a feed.
pub fn days(today: Date) -> (Date, Date) {
    let days = |count: i32| Span::new().days(count);
    (
        today.saturating_sub(days(BEFORE)),
        today.saturating_add(days(AFTER)),
    )
}

/// A feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Feed {
    /// Name of the calendar.
    pub title: String,
    /// IANA name of the school's zone; empty = not known.
    pub time_zone: String,
    /// What is in it.
    pub entries: Vec<Entry>,
}

/// One thing of a feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The same for the same thing, whatever changes about it.
    pub uid: String,
    /// When it was changed last.
    pub stamp: Timestamp,
    /// Grows with every change, from 0.
    pub sequence: i64,
    /// When it is.
    pub when: When,
    /// Title.
    pub title: String,
    /// Room or place; empty = none.
    pub place: String,
    /// More about it; empty = nothing.
    pub note: String,
    /// Will not take place, or not with whoever reads the feed.
    pub cancelled: bool,
}

/// When an entry is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// From an instant to another, on so many days in succession.
    Hours {
        /// Start on the first day.
        from: Timestamp,
        /// End on the first day.
        to: Timestamp,
        /// Days, at least one.
        days: i32,
    },
    /// Whole days, both inclusive.
    Days(Date, Date),
}

#[cfg(test)]
mod tests;
