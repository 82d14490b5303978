//! The cycle of one or two weeks (R236), counted from a stated Monday.

use jiff::civil::{Date, Weekday};

/// In which weeks of the cycle a weekly lesson is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Week {
    /// Every week.
    Every,
    /// The first of two.
    First,
    /// The second of two.
    Second,
}

impl Week {
    /// Of its number: 0 = every week, 1, 2.
    pub fn of_number(number: u32) -> Option<Self> {
        match number {
            0 => Some(Self::Every),
            1 => Some(Self::First),
            2 => Some(Self::Second),
            _ => None,
        }
    }

    /// Its number.
    pub fn number(self) -> u8 {
        match self {
            Self::Every => 0,
            Self::First => 1,
            Self::Second => 2,
        }
    }

    /// Whether the lesson is held in week 1 or 2 of the cycle.
    pub fn is_in(self, week: u8) -> bool {
        self == Self::Every || self.number() == week
    }

    /// Whether two lessons are ever in the same week.
    pub fn meets(self, other: Self) -> bool {
        self == Self::Every || other == Self::Every || self == other
    }

    /// Hours a week times 100 that a lesson gives.
    pub fn hundredths(self) -> u32 {
        if self == Self::Every { 100 } else { 50 }
    }
}

/// A cycle.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cycle {
    weeks: u8,
    starts_on: Date,
}

impl Cycle {
    /// Of 1 or 2 weeks, the first of which begins on that Monday.
    pub fn new(weeks: u8, starts_on: Date) -> Option<Self> {
        let sound = (1..=2).contains(&weeks) && starts_on.weekday() == Weekday::Monday;
        sound.then_some(Self { weeks, starts_on })
    }

    /// Of one week; `day` lies in it.
    pub fn weekly(day: Date) -> Self {
        Self {
            weeks: 1,
            starts_on: monday_of(day),
        }
    }

    /// 1 or 2.
    pub fn weeks(self) -> u8 {
        self.weeks
    }

    /// Monday of a first week.
    pub fn starts_on(self) -> Date {
        self.starts_on
    }

    /// Whether the cycle has the week.
    pub fn has(self, week: Week) -> bool {
        week == Week::Every || self.weeks == 2
    }

    /// Week of the cycle on a day, also before its stated Monday: 1 or 2.
    pub fn week_on(self, day: Date) -> u8 {
        let days = (monday_of(day) - self.starts_on).get_days();
        let week = (days / 7).rem_euclid(i32::from(self.weeks));
        if week == 0 { 1 } else { 2 }
    }

    /// Least hours a week times 100 that a lesson can give.
    pub fn least_hundredths(self) -> u32 {
        if self.weeks == 2 { 50 } else { 100 }
    }
}

fn monday_of(day: Date) -> Date {
    let since = i64::from(day.weekday().to_monday_zero_offset());
    day.saturating_sub(jiff::Span::new().days(since))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn weeks_alternate_from_the_stated_monday_and_before_it() {
        let cycle = Cycle::new(2, date(2027, 1, 11)).unwrap();
        let weeks = [
            (date(2026, 12, 28), 1),
            (date(2027, 1, 10), 2),
            (date(2027, 1, 11), 1),
            (date(2027, 1, 17), 1),
            (date(2027, 1, 18), 2),
            (date(2027, 1, 25), 1),
        ];
        for (day, week) in weeks {
            assert_eq!(cycle.week_on(day), week, "{day}");
        }
        let weekly = Cycle::weekly(date(2027, 1, 13));
        assert_eq!(weekly.starts_on(), date(2027, 1, 11));
        assert_eq!((weekly.week_on(date(2027, 1, 20)), weekly.weeks()), (1, 1));
    }

    #[test]
    fn a_cycle_begins_on_a_monday_and_has_one_or_two_weeks() {
        assert_eq!(Cycle::new(2, date(2027, 1, 12)), None);
        assert_eq!(Cycle::new(3, date(2027, 1, 11)), None);
        assert_eq!(Cycle::new(0, date(2027, 1, 11)), None);
    }

    #[test]
    fn lessons_of_different_weeks_never_meet() {
        use Week::{Every, First, Second};
        assert!(!First.meets(Second) && First.meets(First) && Every.meets(Second));
        assert!(First.is_in(1) && !First.is_in(2) && Every.is_in(2));
        for week in [Every, First, Second] {
            assert_eq!(Week::of_number(week.number().into()), Some(week));
        }
        assert_eq!(Week::of_number(3), None);
    }
}
