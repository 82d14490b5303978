//! The calendar of a school year (R229): which day is a school day of which grade.
//!
//! Invariant: a school day of a grade is in one of the grade's periods, on a
//! weekday of the study week, not in a gap between quarters (those are holidays
//! for every grade, also for 10 and 11 with their half-years), not in holidays of
//! its own and no day off.

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
    /// Whether the day is in it.
    pub fn covers(&self, day: Date) -> bool {
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

/// Holidays of some grades beside the gaps between periods.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holiday {
    /// Title.
    pub title: String,
    /// First day.
    pub starts_on: Date,
    /// Last day, inclusive.
    pub ends_on: Date,
    /// First grade.
    pub grade_from: u8,
    /// Last grade, inclusive.
    pub grade_to: u8,
}

impl Holiday {
    /// Whether the grade has them on the day.
    pub fn is_on(&self, grade: u8, day: Date) -> bool {
        (self.grade_from..=self.grade_to).contains(&grade)
            && (self.starts_on..=self.ends_on).contains(&day)
    }

    /// Whether some grade would have both on some day.
    pub fn clashes_with(&self, other: &Self) -> bool {
        self.grade_from <= other.grade_to
            && other.grade_from <= self.grade_to
            && self.starts_on <= other.ends_on
            && other.starts_on <= self.ends_on
    }
}

/// A school day with shorter lessons.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShortenedDay {
    /// Date.
    pub date: Date,
    /// Title.
    pub title: String,
    /// Longest lesson.
    pub lesson_minutes: u8,
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
    own_holidays: Vec<Holiday>,
    shortened: Vec<ShortenedDay>,
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
            own_holidays: Vec::new(),
            shortened: Vec::new(),
        }
    }

    /// With holidays beside the gaps and with days of shorter lessons.
    pub fn with(mut self, own_holidays: Vec<Holiday>, shortened: Vec<ShortenedDay>) -> Self {
        self.own_holidays = own_holidays;
        self.shortened = shortened;
        self
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

    /// Days with shorter lessons as given.
    pub fn shortened(&self) -> &[ShortenedDay] {
        &self.shortened
    }

    /// Holidays of every grade between its periods, first and last day.
    pub fn holidays(&self) -> &[(Date, Date)] {
        &self.holidays
    }

    /// Whether the day is in the holidays between quarters.
    pub fn is_holiday(&self, day: Date) -> bool {
        self.holidays
            .iter()
            .any(|(from, to)| (*from..=*to).contains(&day))
    }

    /// Whether the day is a day off of the whole school.
    pub fn is_day_off(&self, day: Date) -> bool {
        self.days_off.iter().any(|off| off.date == day)
    }

    /// Whether the grade has holidays beside the gaps on the day.
    pub fn has_own_holiday(&self, grade: u8, day: Date) -> bool {
        self.own_holidays.iter().any(|one| one.is_on(grade, day))
    }

    /// Longest lesson of a shortened day.
    pub fn minutes_on(&self, day: Date) -> Option<u8> {
        let found = self.shortened.iter().find(|one| one.date == day);
        found.map(|one| one.lesson_minutes)
    }

    /// Whether the grade has lessons on the day.
    pub fn is_school_day(&self, grade: u8, day: Date) -> bool {
        self.week.has(day.weekday())
            && !self.is_holiday(day)
            && !self.is_day_off(day)
            && !self.has_own_holiday(grade, day)
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
pub fn gaps(periods: &[Period]) -> Vec<(Date, Date)> {
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
mod tests;
