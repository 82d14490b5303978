//! A day, or some lessons of it, cancelled or held remotely in one step, and undone likewise.
//!
//! Invariant: a change that was undone stays undone; a day that is over does not change.

use jiff::Timestamp;
use jiff::civil::Date;
use zhurnal_proto::id::{ClassId, DayChangeId, PersonId};

use super::refusal::Refusal;

/// What happens to the lessons.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// They are cancelled.
    Cancelled,
    /// They are held remotely.
    Remote,
}

/// Which lessons of a day.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Extent {
    /// Classes; none = all of the school.
    pub classes: Vec<ClassId>,
    /// Lesson numbers; none = all.
    pub numbers: Vec<u8>,
}

impl Extent {
    /// Whether a lesson of a class and number is in it. One of several classes is only when
    /// all classes are.
    pub fn covers(&self, class: Option<ClassId>, number: u8) -> bool {
        let of_class = class.is_some_and(|class| self.classes.contains(&class));
        (self.classes.is_empty() || of_class)
            && (self.numbers.is_empty() || self.numbers.contains(&number))
    }
}

/// Who did it and when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Act {
    /// Card; none for whoever has no card at the school.
    pub by: Option<PersonId>,
    /// When.
    pub at: Timestamp,
}

/// A change of a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DayChange {
    /// Id.
    pub id: DayChangeId,
    /// Date.
    pub date: Date,
    /// What happens.
    pub kind: Kind,
    /// Why.
    pub reason: String,
    /// To which lessons.
    pub extent: Extent,
    /// Lessons that were changed.
    pub lesson_count: u32,
    /// Who made it.
    pub made: Act,
    /// Who undid it.
    pub undone: Option<Act>,
    /// Grows by one with every change.
    pub version: i64,
}

/// A day may change until it is over.
pub fn may_change(date: Date, today: Date) -> Result<(), Refusal> {
    if date < today {
        Err(Refusal::DayIsOver)
    } else {
        Ok(())
    }
}

impl DayChange {
    /// Undoes it.
    pub fn undo(self, seen: Option<i64>, act: Act, today: Date) -> Result<Self, Refusal> {
        if self.undone.is_some() {
            return Err(Refusal::DayChangeUndone);
        }
        if seen != Some(self.version) {
            return Err(Refusal::DayChangeStale {
                current: self.version,
            });
        }
        may_change(self.date, today)?;
        Ok(Self {
            undone: Some(act),
            version: self.version + 1,
            ..self
        })
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use uuid::Uuid;

    use super::*;

    fn class(n: u128) -> ClassId {
        ClassId::from_uuid(Uuid::from_u128(n))
    }

    fn change() -> DayChange {
        DayChange {
            id: DayChangeId::from_uuid(Uuid::from_u128(1)),
            date: date(2026, 11, 20),
            kind: Kind::Cancelled,
            reason: "карантин".into(),
            extent: Extent::default(),
            lesson_count: 3,
            made: act(),
            undone: None,
            version: 1,
        }
    }

    fn act() -> Act {
        Act {
            by: None,
            at: Timestamp::UNIX_EPOCH,
        }
    }

    #[test]
    fn an_extent_covers_its_classes_and_numbers_and_of_several_classes_only_the_whole() {
        let all = Extent::default();
        assert!(all.covers(Some(class(1)), 3) && all.covers(None, 3));
        let some = Extent {
            classes: vec![class(1)],
            numbers: vec![5, 6],
        };
        assert!(some.covers(Some(class(1)), 5));
        assert!(!some.covers(Some(class(1)), 4) && !some.covers(Some(class(2)), 5));
        assert!(!some.covers(None, 5));
    }

    #[test]
    fn a_change_is_undone_once_and_not_after_its_day() {
        let day = date(2026, 11, 20);
        let undone = change().undo(Some(1), act(), day).unwrap();
        assert_eq!((undone.undone, undone.version), (Some(act()), 2));
        assert_eq!(
            undone.undo(Some(2), act(), day),
            Err(Refusal::DayChangeUndone)
        );
        let stale = change().undo(Some(7), act(), day);
        assert_eq!(stale, Err(Refusal::DayChangeStale { current: 1 }));
        let late = change().undo(Some(1), act(), date(2026, 11, 21));
        assert_eq!(late, Err(Refusal::DayIsOver));
    }
}
