//! A range of days, both ends included.
//!
//! Invariant: the first day is not after the last one.

use jiff::civil::Date;

/// Longest range that is read at once: an academic year and its summer.
pub const MOST_DAYS: i32 = 400;

/// Days from `from` to `to`, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Days {
    from: Date,
    to: Date,
}

/// Why two dates are no range.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DaysError {
    /// The last day is before the first.
    #[error("последний день раньше первого")]
    Reversed,
    /// Longer than [`MOST_DAYS`].
    #[error("не больше 400 дней")]
    TooLong,
}

impl Days {
    /// The range, if it is one.
    pub fn new(from: Date, to: Date) -> Result<Self, DaysError> {
        if to < from {
            return Err(DaysError::Reversed);
        }
        if (to - from).get_days() >= MOST_DAYS {
            return Err(DaysError::TooLong);
        }
        Ok(Self { from, to })
    }

    /// One day.
    pub fn day(day: Date) -> Self {
        Self { from: day, to: day }
    }

    /// First day.
    pub fn from(self) -> Date {
        self.from
    }

    /// Last day, included.
    pub fn to(self) -> Date {
        self.to
    }

    /// The day lies in the range.
    pub fn contains(self, day: Date) -> bool {
        self.from <= day && day <= self.to
    }

    /// The last day of the range that has come; the first one when none has.
    pub fn latest(self, today: Date) -> Date {
        today.clamp(self.from, self.to)
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_range_has_at_least_one_day_and_at_most_four_hundred() {
        let day = date(2026, 9, 1);
        assert!(Days::new(day, day).is_ok());
        assert_eq!(Days::new(day, date(2026, 8, 31)), Err(DaysError::Reversed));
        assert!(Days::new(day, date(2027, 10, 5)).is_ok());
        assert_eq!(Days::new(day, date(2027, 10, 6)), Err(DaysError::TooLong));
    }

    #[test]
    fn the_latest_day_never_leaves_the_range() {
        let quarter = Days::new(date(2026, 9, 1), date(2026, 10, 23)).unwrap();
        assert_eq!(quarter.latest(date(2026, 9, 15)), date(2026, 9, 15));
        assert_eq!(quarter.latest(date(2026, 12, 1)), date(2026, 10, 23));
        assert_eq!(quarter.latest(date(2026, 8, 1)), date(2026, 9, 1));
    }
}
