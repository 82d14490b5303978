//! How many hours a plan must have (R128).
//!
//! The curriculum gives hours a week and the year has study weeks, so the year's hours
//! are one times the other. The dated lessons are not what a plan is held to: a Monday
//! subject loses more of them to days off than a Thursday one, and a cancelled lesson
//! does not shorten the programme.

use jiff::civil::Date;

/// A load of the group in the subject.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LoadSpan {
    /// Hours a week times 100.
    pub weekly_hours_hundredths: u32,
    /// First day.
    pub starts_on: Date,
    /// Last day, inclusive; `None` = end of the year.
    pub ends_on: Option<Date>,
}

impl LoadSpan {
    /// Whether it is in force on the day.
    pub fn covers(&self, day: Date) -> bool {
        self.starts_on <= day && !self.has_ended(day)
    }

    /// Whether it is over on the day. A load that has not begun is not: its teacher
    /// plans the year before it begins.
    pub fn has_ended(&self, day: Date) -> bool {
        self.ends_on.is_some_and(|last| last < day)
    }
}

/// School days of a grade in a year.
#[derive(Debug, Clone, Copy)]
pub struct StudyYear<'a> {
    /// School days, in order.
    pub days: &'a [Date],
    /// Days of the study week, 5 or 6.
    pub week_days: u8,
}

impl StudyYear<'_> {
    /// Study weeks: school days by days of the study week, to the nearest whole one
    /// (171 days of a five-day week are 34 weeks).
    pub fn weeks(&self) -> u32 {
        let week = usize::from(self.week_days.max(1));
        let weeks = (2 * self.days.len() + week) / (2 * week);
        u32::try_from(weeks).unwrap_or(u32::MAX)
    }

    /// Hours that the loads give in the year, to the nearest whole one: weekly hours ×
    /// study weeks, for a load of a part of the year × that part.
    pub fn required_hours(&self, loads: &[LoadSpan]) -> u32 {
        let all = self.days.len() as u64;
        if all == 0 {
            return 0;
        }
        let in_force = |load: &LoadSpan| self.days.iter().filter(|day| load.covers(**day)).count();
        let hundredths_of_days: u64 = loads
            .iter()
            .map(|load| u64::from(load.weekly_hours_hundredths) * in_force(load) as u64)
            .sum();
        let (hours, of) = (hundredths_of_days * u64::from(self.weeks()), 100 * all);
        u32::try_from((2 * hours + of) / (2 * of)).unwrap_or(u32::MAX)
    }

    /// Hours a week of the loads in force on the day, or on the first or last school
    /// day when the day is not in the year; times 100.
    pub fn weekly_hours_hundredths(&self, loads: &[LoadSpan], day: Date) -> u32 {
        let (Some(first), Some(last)) = (self.days.first(), self.days.last()) else {
            return 0;
        };
        let day = day.clamp(*first, *last);
        let in_force = loads.iter().filter(|load| load.covers(day));
        in_force.map(|load| load.weekly_hours_hundredths).sum()
    }
}

#[cfg(test)]
mod tests {
    use jiff::ToSpan;
    use jiff::civil::date;

    use super::*;

    fn days(count: usize) -> Vec<Date> {
        date(2026, 9, 1).series(1.day()).take(count).collect()
    }

    fn load(weekly_hours_hundredths: u32) -> LoadSpan {
        LoadSpan {
            weekly_hours_hundredths,
            starts_on: date(2026, 9, 1),
            ends_on: None,
        }
    }

    #[test]
    fn weeks_are_whole_and_hours_follow_from_them() {
        let days = days(171);
        let year = StudyYear {
            days: &days,
            week_days: 5,
        };
        assert_eq!(year.weeks(), 34);
        // 171 days would give 205.2 hours of six a week; the curriculum says 204.
        for (weekly, hours) in [
            (100, 34),
            (200, 68),
            (600, 204),
            (50, 17),
            (25, 9),
            (150, 51),
        ] {
            assert_eq!(year.required_hours(&[load(weekly)]), hours, "{weekly}");
        }
        assert_eq!(year.required_hours(&[]), 0);
    }

    #[test]
    fn loads_of_a_part_of_the_year_share_its_hours() {
        let days = days(170);
        let year = StudyYear {
            days: &days,
            week_days: 5,
        };
        let half = days[84];
        let first = LoadSpan {
            ends_on: Some(half),
            ..load(200)
        };
        let second = LoadSpan {
            starts_on: days[85],
            ..load(200)
        };
        assert_eq!(year.required_hours(&[first]), 34);
        assert_eq!(year.required_hours(&[first, second]), 68);
        // Two teachers at once: both give their hours.
        assert_eq!(year.required_hours(&[load(100), load(100)]), 68);
        assert_eq!(year.weekly_hours_hundredths(&[first, second], half), 200);
        let before = date(2026, 8, 20);
        assert_eq!(year.weekly_hours_hundredths(&[first, second], before), 200);
    }

    #[test]
    fn a_year_without_school_days_asks_for_nothing() {
        let year = StudyYear {
            days: &[],
            week_days: 5,
        };
        assert_eq!((year.weeks(), year.required_hours(&[load(200)])), (0, 0));
        assert_eq!(
            year.weekly_hours_hundredths(&[load(200)], date(2026, 9, 1)),
            0
        );
    }

    #[test]
    fn a_load_that_has_not_begun_has_not_ended() {
        let load = LoadSpan {
            ends_on: Some(date(2026, 12, 30)),
            ..load(100)
        };
        assert!(!load.has_ended(date(2026, 8, 1)) && !load.covers(date(2026, 8, 1)));
        assert!(load.covers(date(2026, 12, 30)) && load.has_ended(date(2026, 12, 31)));
    }
}
