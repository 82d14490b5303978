//! A secret address by which a phone's calendar reads the timetable.
//!
//! Invariant: an address is good only while whoever made it has the right to what it shows.

use jiff::Timestamp;
use jiff::civil::Date;
use zhurnal_proto::id::{AccountId, CalendarSubscriptionId, ClassId, PersonId};

use super::refusal::Refusal;

/// Most subscriptions of an account at a school: a few children on a few devices.
pub const MOST: usize = 10;

/// Whose days a feed shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    /// A pupil's.
    Pupil(PersonId),
    /// Those of the employee who subscribes.
    Teacher(PersonId),
    /// A class's.
    Class(ClassId),
}

/// A subscription.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CalendarSubscription {
    /// Id.
    pub id: CalendarSubscriptionId,
    /// Account that made it.
    pub account: AccountId,
    /// The card that has the right: guardian, pupil or employee.
    pub person: PersonId,
    /// Whose days.
    pub subject: Subject,
    /// When it was made.
    pub created_at: Timestamp,
    /// Day of the last read.
    pub last_used_on: Option<Date>,
}

/// Refuses one more beside those that the account has.
pub fn one_more(present: usize) -> Result<(), Refusal> {
    if present < MOST {
        Ok(())
    } else {
        Err(Refusal::TooManyCalendarSubscriptions)
    }
}
