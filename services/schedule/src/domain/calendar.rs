//! The calendar of a school year (R229): which day is a school day of which grade.
//!
//! Invariant: a school day of a grade is in one of the grade's periods, on a
//! weekday of the study week, not in a gap between quarters (those are holidays
//! for every grade, also for 10 and 11 with their half-years) and no day off.

use std::collections::BTreeMap;

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};

use super::academic_year::AcademicYear;

/// Days of the study week.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StudyWeek {
    /// Monday to Friday.
    FiveDays,
    /// Monday to Saturday.
    SixDays,
}

impl StudyWeek {
    /// 5 or 6.
    pub fn of_days(days: u32) -> Option<Self> {
        match days {
            5 => Some(Self::FiveDays),
            6 => Some(Self::SixDays),
            _ => None,
        }
    }

    /// 5 or 6.
    pub fn days(self) -> u8 {
        match self {
            Self::FiveDays => 5,
            Self::SixDays => 6,
        }
    }

    /// Whether lessons may stand on the weekday.
    pub fn has(self, weekday: Weekday) -> bool {
        weekday.to_monday_one_offset() <= self.days().cast_signed()
    }
}

/// Kind of study period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PeriodKind {
    /// Четверть.
    Quarter,
    /// Полугодие.
    HalfYear,
    /// Триместр.
    Trimester,
}

/// A study period of some grades.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Period {
    /// `1 четверть`.
    pub title: String,
    /// Kind.
    pub kind: PeriodKind,
    /// First day.
    pub starts_on: Date,
    /// Last day, inclusive.
    pub ends_on: Date,
    /// First grade.
    pub grade_from: u8,
    /// Last grade, inclusive.
    pub grade_to: u8,
}

impl Period {
    fn covers(&self, day: Date) -> bool {
        (self.starts_on..=self.ends_on).contains(&day)
    }

    /// Whether the grade has this period.
    pub fn is_of(&self, grade: u8) -> bool {
        (self.grade_from..=self.grade_to).contains(&grade)
    }

    /// Whether some grade would be in both periods on some day.
    pub fn clashes_with(&self, other: &Self) -> bool {
        self.grade_from <= other.grade_to
            && other.grade_from <= self.grade_to
            && self.starts_on <= other.ends_on
            && other.starts_on <= self.ends_on
    }
}

/// Who made a day a day off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DayOffSource {
    /// The regional calendar.
    Regional,
    /// The school's own list.
    School,
}

/// A day without lessons.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DayOff {
    /// Date.
    pub date: Date,
    /// Title.
    pub title: String,
    /// Source.
    pub source: DayOffSource,
}

/// The school's own days off and those of the regional calendar that fall into
/// the year, by date. Where both name a day, the school's title stays.
pub fn merge_days_off(year: AcademicYear, regional: &[DayOff], own: &[DayOff]) -> Vec<DayOff> {
    let mut by_date: BTreeMap<Date, &DayOff> = BTreeMap::new();
    for day in regional
        .iter()
        .chain(own)
        .filter(|day| year.contains(day.date))
    {
        by_date.insert(day.date, day);
    }
    by_date.into_values().cloned().collect()
}

/// A school's year.
#[derive(Debug, Clone)]
pub struct Calendar {
    week: StudyWeek,
    periods: Vec<Period>,
    days_off: Vec<DayOff>,
    holidays: Vec<(Date, Date)>,
}

impl Calendar {
    /// The calendar of periods and days off that have been checked and merged.
    pub fn new(week: StudyWeek, periods: Vec<Period>, days_off: Vec<DayOff>) -> Self {
        let holidays = gaps(&periods);
        Self {
            week,
            periods,
            days_off,
            holidays,
        }
    }

    /// Study week.
    pub fn week(&self) -> StudyWeek {
        self.week
    }

    /// Periods as given.
    pub fn periods(&self) -> &[Period] {
        &self.periods
    }

    /// Days off as given.
    pub fn days_off(&self) -> &[DayOff] {
        &self.days_off
    }

    /// Holidays of every grade, first and last day.
    pub fn holidays(&self) -> &[(Date, Date)] {
        &self.holidays
    }

    /// Whether the day is in the holidays between quarters.
    pub fn is_holiday(&self, day: Date) -> bool {
        self.holidays
            .iter()
            .any(|(from, to)| (*from..=*to).contains(&day))
    }

    /// Whether the grade has lessons on the day.
    pub fn is_school_day(&self, grade: u8, day: Date) -> bool {
        self.week.has(day.weekday())
            && !self.is_holiday(day)
            && !self.days_off.iter().any(|off| off.date == day)
            && self
                .periods
                .iter()
                .any(|period| period.is_of(grade) && period.covers(day))
    }

    /// School days of the grade, in order, each once.
    pub fn school_days(&self, grade: u8) -> Vec<Date> {
        let of_grade = || self.periods.iter().filter(|period| period.is_of(grade));
        let Some(first) = of_grade().map(|p| p.starts_on).min() else {
            return Vec::new();
        };
        let Some(last) = of_grade().map(|p| p.ends_on).max() else {
            return Vec::new();
        };
        first
            .series(1.day())
            .take_while(|day| *day <= last)
            .filter(|day| self.is_school_day(grade, *day))
            .collect()
    }
}

/// Gaps between quarters: days after the first and before the last quarter that
/// no quarter of any grade covers. A school without quarters has them between
/// its trimesters; half-years hold holidays inside and say nothing.
fn gaps(periods: &[Period]) -> Vec<(Date, Date)> {
    let of_kind = |kind| periods.iter().filter(move |period| period.kind == kind);
    let kind = if of_kind(PeriodKind::Quarter).next().is_some() {
        PeriodKind::Quarter
    } else {
        PeriodKind::Trimester
    };
    let mut spans: Vec<(Date, Date)> = of_kind(kind)
        .map(|period| (period.starts_on, period.ends_on))
        .collect();
    spans.sort();
    let mut gaps = Vec::new();
    let mut covered_to: Option<Date> = None;
    for (from, to) in spans {
        if let Some(end) = covered_to
            && let (Ok(after), Ok(before)) = (end.tomorrow(), from.yesterday())
            && after <= before
        {
            gaps.push((after, before));
        }
        covered_to = Some(covered_to.map_or(to, |end| end.max(to)));
    }
    gaps
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn period(kind: PeriodKind, from: Date, to: Date, grades: (u8, u8)) -> Period {
        Period {
            title: "период".into(),
            kind,
            starts_on: from,
            ends_on: to,
            grade_from: grades.0,
            grade_to: grades.1,
        }
    }

    /// Quarters of 1 to 9 and half-years of 10 and 11, as at school 12.
    fn periods() -> Vec<Period> {
        use PeriodKind::{HalfYear, Quarter};
        vec![
            period(Quarter, date(2026, 9, 1), date(2026, 10, 23), (1, 9)),
            period(Quarter, date(2026, 11, 2), date(2026, 12, 30), (1, 9)),
            period(Quarter, date(2027, 1, 11), date(2027, 3, 19), (1, 9)),
            period(Quarter, date(2027, 3, 29), date(2027, 5, 26), (1, 9)),
            period(HalfYear, date(2026, 9, 1), date(2026, 12, 30), (10, 11)),
            period(HalfYear, date(2027, 1, 11), date(2027, 5, 26), (10, 11)),
        ]
    }

    fn off(day: Date, source: DayOffSource, title: &str) -> DayOff {
        DayOff {
            date: day,
            title: title.into(),
            source,
        }
    }

    #[test]
    fn gaps_between_quarters_are_holidays_of_the_senior_grades_too() {
        let calendar = Calendar::new(StudyWeek::FiveDays, periods(), Vec::new());
        assert_eq!(
            calendar.holidays(),
            [
                (date(2026, 10, 24), date(2026, 11, 1)),
                (date(2026, 12, 31), date(2027, 1, 10)),
                (date(2027, 3, 20), date(2027, 3, 28)),
            ]
        );
        assert!(!calendar.is_school_day(10, date(2026, 10, 26)));
        assert!(
            calendar.is_school_day(10, date(2026, 10, 23))
                && calendar.is_school_day(11, date(2026, 11, 2))
        );
        assert_eq!(calendar.school_days(5), calendar.school_days(11));
    }

    #[test]
    fn first_graders_own_holidays_are_nobody_elses() {
        let mut periods = periods();
        periods.remove(2);
        periods.push(period(
            PeriodKind::Quarter,
            date(2027, 1, 11),
            date(2027, 3, 19),
            (2, 9),
        ));
        periods.push(period(
            PeriodKind::Quarter,
            date(2027, 1, 11),
            date(2027, 2, 12),
            (1, 1),
        ));
        periods.push(period(
            PeriodKind::Quarter,
            date(2027, 2, 22),
            date(2027, 3, 19),
            (1, 1),
        ));
        let calendar = Calendar::new(StudyWeek::FiveDays, periods, Vec::new());
        let in_between = date(2027, 2, 17);
        assert!(!calendar.is_holiday(in_between));
        assert!(!calendar.is_school_day(1, in_between));
        assert!(calendar.is_school_day(2, in_between) && calendar.is_school_day(11, in_between));
    }

    #[test]
    fn a_school_of_trimesters_rests_between_trimesters() {
        let trimester = |from, to, grades| period(PeriodKind::Trimester, from, to, grades);
        let calendar = Calendar::new(
            StudyWeek::FiveDays,
            vec![
                trimester(date(2026, 9, 1), date(2026, 11, 13), (1, 9)),
                trimester(date(2026, 11, 23), date(2027, 2, 26), (1, 9)),
                period(
                    PeriodKind::HalfYear,
                    date(2026, 9, 1),
                    date(2026, 12, 30),
                    (10, 11),
                ),
            ],
            Vec::new(),
        );
        assert!(!calendar.is_school_day(10, date(2026, 11, 16)));
        assert!(calendar.is_school_day(10, date(2026, 11, 23)));
    }

    #[test]
    fn saturday_is_a_school_day_of_the_six_day_week_only() {
        let saturday = date(2026, 9, 5);
        let of = |week| Calendar::new(week, periods(), Vec::new());
        assert!(!of(StudyWeek::FiveDays).is_school_day(5, saturday));
        assert!(of(StudyWeek::SixDays).is_school_day(5, saturday));
        assert!(!of(StudyWeek::SixDays).is_school_day(5, date(2026, 9, 6)));
    }

    #[test]
    fn a_grade_without_periods_has_no_school_days() {
        let calendar = Calendar::new(StudyWeek::FiveDays, periods()[..4].to_vec(), Vec::new());
        assert_eq!(calendar.school_days(10), Vec::<Date>::new());
    }

    #[test]
    fn the_schools_title_stays_where_both_lists_name_a_day() {
        use DayOffSource::{Regional, School};
        let year = "2026/2027".parse().unwrap();
        let merged = merge_days_off(
            year,
            &[
                off(date(2027, 5, 3), Regional, "Перенос"),
                off(date(2026, 11, 4), Regional, "День народного единства"),
            ],
            &[
                off(date(2027, 5, 3), School, "Перенос с 1 мая"),
                off(date(2026, 12, 25), School, "День школы"),
                off(date(2028, 1, 1), School, "Чужой год"),
            ],
        );
        let shown: Vec<_> = merged
            .iter()
            .map(|day| (day.date, day.title.as_str(), day.source))
            .collect();
        assert_eq!(
            shown,
            [
                (date(2026, 11, 4), "День народного единства", Regional),
                (date(2026, 12, 25), "День школы", School),
                (date(2027, 5, 3), "Перенос с 1 мая", School),
            ]
        );
    }
}
