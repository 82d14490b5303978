//! Which lessons should be in the journal by now (R123, R158).
//!
//! Lateness of what was recorded is grading's word and comes with its events; here
//! is only the question of what is missing.

use jiff::{
    ToSpan,
    civil::{Date, DateTime, Time},
};

/// When the entry of a lesson is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EntryDue {
    /// So many minutes after the class's last lesson of that day (R123).
    AfterLastLesson(u16),
    /// At this time of that day (R158).
    At(Time),
}

/// A moment of the school's day, as lessons are compared with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cut {
    /// The school's today: lessons of days before are over and their entry overdue.
    pub today: Date,
    /// Lessons of today that end by this time are over.
    pub over_by: Time,
    /// Entries of today are overdue where the last lesson ends by this time;
    /// `None`: nowhere.
    pub overdue_by: Option<Time>,
}

impl Cut {
    /// The cut at a moment of the school's zone.
    pub fn at(now: DateTime, rule: EntryDue) -> Self {
        let over_by = now.time();
        let overdue_by = match rule {
            EntryDue::AfterLastLesson(minutes) => {
                over_by.checked_sub(i64::from(minutes).minutes()).ok()
            }
            EntryDue::At(time) => (over_by >= time).then_some(Time::MAX),
        };
        Self {
            today: now.date(),
            over_by,
            overdue_by,
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::{date, time};

    use super::*;

    fn cut(hour: i8, minute: i8, rule: EntryDue) -> Option<Time> {
        Cut::at(date(2026, 9, 1).at(hour, minute, 0, 0), rule).overdue_by
    }

    #[test]
    fn an_entry_is_overdue_an_hour_after_the_last_lesson() {
        let hour = EntryDue::AfterLastLesson(60);
        assert_eq!(cut(15, 10, hour), Some(time(14, 10, 0, 0)));
        assert_eq!(
            cut(0, 59, hour),
            None,
            "yesterday's lessons are overdue by their date"
        );
        assert_eq!(cut(1, 0, hour), Some(time(0, 0, 0, 0)));
    }

    #[test]
    fn at_a_fixed_hour_every_lesson_of_the_day_becomes_overdue_at_once() {
        let five = EntryDue::At(time(17, 0, 0, 0));
        assert_eq!(cut(16, 59, five), None);
        assert_eq!(cut(17, 0, five), Some(Time::MAX));
    }
}
