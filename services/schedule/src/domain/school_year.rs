//! The calendar of a school year as the office changes it (R46, R229): checked as a whole,
//! with the days that become others.
//!
//! Invariant: days up to today stay as they are: whether they are school days, of which
//! period, and how long their lessons are.

use std::collections::{BTreeSet, HashSet};

use jiff::ToSpan;
use jiff::civil::Date;
use zhurnal_proto::id::PeriodId;

use super::academic_year::AcademicYear;
use super::calendar::{Calendar, DayOff, DayOffSource, Holiday, Period, ShortenedDay, StudyWeek};
use super::dated_lessons::GRADES;
use super::plan::{Fault, List, Place, Problem, Problems};

/// What a calendar is made of.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Content {
    /// Periods; a new one has no id.
    pub periods: Vec<(Option<PeriodId>, Period)>,
    /// Holidays beside the gaps between periods.
    pub holidays: Vec<Holiday>,
    /// Days off.
    pub days_off: Vec<DayOff>,
    /// Days with shorter lessons.
    pub shortened: Vec<ShortenedDay>,
}

/// A school year in which something changes.
#[derive(Debug, Clone)]
pub struct Terms {
    /// Academic year.
    pub year: AcademicYear,
    /// Study week.
    pub week: StudyWeek,
    /// Today by the school's clock.
    pub today: Date,
    /// Grades that the school teaches.
    pub grades: BTreeSet<u8>,
}

impl Content {
    /// As a calendar.
    pub fn calendar(&self, week: StudyWeek) -> Calendar {
        let periods = self.periods.iter().map(|(_, period)| period.clone());
        Calendar::new(week, periods.collect(), self.days_off.clone())
            .with(self.holidays.clone(), self.shortened.clone())
    }

    /// Days off that the region names are the region's, also those that it has named before.
    pub fn attribute(&mut self, regional: &[DayOff], before: &[DayOff]) {
        let was = |day: &&DayOff| day.source == DayOffSource::Regional;
        let of_region: HashSet<Date> = regional
            .iter()
            .chain(before.iter().filter(was))
            .map(|day| day.date)
            .collect();
        for day in &mut self.days_off {
            day.source = if of_region.contains(&day.date) {
                DayOffSource::Regional
            } else {
                DayOffSource::School
            };
        }
    }

    /// Whether every day of the region that falls into the year is a day off.
    pub fn has_all(&self, year: AcademicYear, regional: &[DayOff]) -> bool {
        let own: HashSet<Date> = self.days_off.iter().map(|day| day.date).collect();
        let mut named = regional.iter().filter(|day| year.contains(day.date));
        named.all(|day| own.contains(&day.date))
    }

    fn period_on(&self, grade: u8, day: Date) -> Option<usize> {
        let is_on = |(_, one): &(_, Period)| one.is_of(grade) && one.covers(day);
        self.periods.iter().position(is_on)
    }

    /// Checks the content that is to take the place of `before`.
    pub fn check(&self, before: &Self, terms: &Terms) -> Result<(), Vec<Problem>> {
        let mut problems = Problems::default();
        problems.periods(terms.year, self.periods.iter().map(|(_, period)| period));
        self.check_ids(before, &mut problems);
        for grade in &terms.grades {
            if !self.periods.iter().any(|(_, one)| one.is_of(*grade)) {
                let fault = Fault::GradeWithoutPeriod(*grade);
                problems.add(Place::List(List::Periods), fault);
            }
        }
        self.check_holidays(terms.year, &mut problems);
        self.check_days(terms, &mut problems);
        if problems.0.is_empty() {
            self.check_past(before, terms, &mut problems);
        }
        if problems.0.is_empty() {
            Ok(())
        } else {
            Err(problems.0)
        }
    }

    fn check_ids(&self, before: &Self, problems: &mut Problems) {
        let known: HashSet<PeriodId> = before.periods.iter().filter_map(|(id, _)| *id).collect();
        let mut named = HashSet::new();
        for (at, id) in self.periods.iter().map(|(id, _)| *id).enumerate() {
            let Some(id) = id else { continue };
            if !known.contains(&id) {
                problems.add(Place::Period(at), Fault::UnknownPeriod);
            } else if !named.insert(id) {
                problems.add(Place::Period(at), Fault::PeriodTwice);
            }
        }
    }

    fn check_holidays(&self, year: AcademicYear, problems: &mut Problems) {
        for (at, one) in self.holidays.iter().enumerate() {
            let place = Place::Holiday(at);
            let outside = |day: &Date| !year.contains(*day);
            if let Some(day) = [one.starts_on, one.ends_on].into_iter().find(outside) {
                problems.add(place, Fault::OutsideYear(day));
            }
            if one.ends_on < one.starts_on || one.grade_to < one.grade_from {
                problems.add(place, Fault::Reversed);
            } else if self.holidays[..at].iter().any(|it| it.clashes_with(one)) {
                problems.add(place, Fault::HolidaysOverlap);
            }
        }
    }

    fn check_days(&self, terms: &Terms, problems: &mut Problems) {
        let calendar = self.calendar(terms.week);
        let off = self.days_off.iter().map(|day| day.date);
        let off = off.enumerate().map(|(at, day)| (Place::DayOff(at), day));
        let short = self.shortened.iter().map(|day| day.date);
        let short = short.enumerate();
        let short = short.map(|(at, day)| (Place::ShortenedDay(at), day));
        let mut named = BTreeSet::new();
        for (place, day) in off.chain(short) {
            let is_short = matches!(place, Place::ShortenedDay(_));
            if !terms.year.contains(day) {
                problems.add(place, Fault::OutsideYear(day));
            } else if !named.insert((is_short, day)) {
                problems.add(place, Fault::DayTwice);
            } else if is_short
                && !GRADES
                    .clone()
                    .any(|grade| calendar.is_school_day(grade, day))
            {
                problems.add(place, Fault::NotASchoolDay(day));
            }
        }
    }

    /// The first day of the past that would become another, at what makes it so.
    fn check_past(&self, before: &Self, terms: &Terms, problems: &mut Problems) {
        let (old, new) = (before.calendar(terms.week), self.calendar(terms.week));
        let mut past = days(
            terms.year.first_day(),
            terms.today.min(terms.year.last_day()),
        );
        let found = past.find_map(|day| {
            let differs = |grade: &u8| {
                let period = |content: &Self| {
                    let at = content.period_on(*grade, day)?;
                    content.periods[at].0
                };
                let stood = standing(&old, *grade, day);
                stood != standing(&new, *grade, day)
                    || (stood.is_some() && period(before) != period(self))
            };
            GRADES.clone().find(differs).map(|grade| (grade, day))
        });
        if let Some((grade, day)) = found {
            let place = self.blame((&old, &new), grade, day);
            problems.add(place, Fault::Past(day));
        }
    }

    fn blame(&self, (old, new): (&Calendar, &Calendar), grade: u8, day: Date) -> Place {
        if old.is_day_off(day) != new.is_day_off(day) {
            let at = self.days_off.iter().position(|one| one.date == day);
            at.map_or(Place::List(List::DaysOff), Place::DayOff)
        } else if old.has_own_holiday(grade, day) != new.has_own_holiday(grade, day) {
            let at = self.holidays.iter().position(|one| one.is_on(grade, day));
            at.map_or(Place::List(List::Holidays), Place::Holiday)
        } else if old.minutes_on(day) != new.minutes_on(day) {
            let at = self.shortened.iter().position(|one| one.date == day);
            at.map_or(Place::List(List::ShortenedDays), Place::ShortenedDay)
        } else {
            let at = self.period_on(grade, day);
            at.map_or(Place::List(List::Periods), Place::Period)
        }
    }
}

/// How a day stands for a grade: `None` without lessons, else the longest lesson, if the day
/// is shortened.
fn standing(calendar: &Calendar, grade: u8, day: Date) -> Option<Option<u8>> {
    let is_school_day = calendar.is_school_day(grade, day);
    is_school_day.then(|| calendar.minutes_on(day))
}

fn days(from: Date, to: Date) -> impl Iterator<Item = Date> {
    from.series(1.day()).take_while(move |day| *day <= to)
}

/// Days of grades that become others, after a day up to the end of the year.
pub fn differences(
    (old, new): (&Calendar, &Calendar),
    year: AcademicYear,
    after: Date,
) -> BTreeSet<(Date, u8)> {
    let from = after.tomorrow().unwrap_or(after).max(year.first_day());
    let of_day = |day: Date| {
        let differs = move |grade: &u8| standing(old, *grade, day) != standing(new, *grade, day);
        GRADES
            .clone()
            .filter(differs)
            .map(move |grade| (day, grade))
    };
    days(from, year.last_day()).flat_map(of_day).collect()
}

/// Days of grades with lessons, after a day up to the end of the year.
pub fn school_days_after(
    calendar: &Calendar,
    year: AcademicYear,
    after: Date,
) -> BTreeSet<(Date, u8)> {
    let from = after.tomorrow().unwrap_or(after).max(year.first_day());
    let of_day = |day: Date| {
        let grades = GRADES.clone();
        grades
            .filter(move |grade| calendar.is_school_day(*grade, day))
            .map(move |grade| (day, grade))
    };
    days(from, year.last_day()).flat_map(of_day).collect()
}

#[cfg(test)]
mod tests;
