//! A school's plan of a year, checked as a whole before anything is stored.
//!
//! Invariant: in a [`Plan`] every lesson and load names a group of the plan, every
//! weekly lesson has a bell and a grade with periods, and no group is twice in a slot.

mod check;
mod problem;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use zhurnal_proto::id::{ClassId, GroupId, PersonId};

pub(in crate::domain) use check::Problems;
pub use problem::{Fault, List, Place, Problem};

use super::academic_year::AcademicYear;
use super::bells::{Bell, Bells};
use super::calendar::{Calendar, DayOff, Period, StudyWeek, merge_days_off};
use super::dated_lessons::{SchoolDays, WeeklySlot};

/// A plan as it came.
#[derive(Debug, Clone)]
pub struct Draft {
    /// Academic year.
    pub year: AcademicYear,
    /// Study week.
    pub week: StudyWeek,
    /// IANA time zone.
    pub time_zone: String,
    /// Periods.
    pub periods: Vec<Period>,
    /// The school's own days off.
    pub days_off: Vec<DayOff>,
    /// Bells.
    pub bells: Vec<Bell>,
    /// Groups that the plan names.
    pub groups: Vec<PlannedGroup>,
    /// Load.
    pub loads: Vec<PlannedLoad>,
    /// Weekly timetable.
    pub weekly: Vec<PlannedLesson>,
}

/// A group that the plan names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedGroup {
    /// Group.
    pub id: GroupId,
    /// Title.
    pub title: String,
    /// Class; `None` when of several.
    pub class: Option<ClassId>,
    /// Grade whose periods hold for it.
    pub grade: u8,
    /// Shift whose bells hold for it.
    pub shift: u8,
}

/// A teaching load.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedLoad {
    /// Group.
    pub group: GroupId,
    /// Title of the subject.
    pub subject: String,
    /// Teacher.
    pub teacher: PersonId,
    /// Hours a week times 100.
    pub weekly_hours_hundredths: u32,
}

/// A lesson of the weekly timetable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedLesson {
    /// Weekday, 1 = Monday.
    pub weekday: u8,
    /// Lesson number.
    pub number: u8,
    /// Group.
    pub group: GroupId,
    /// Title of the subject.
    pub subject: String,
    /// Teacher.
    pub teacher: PersonId,
    /// Room; empty = none.
    pub room: String,
}

/// A plan that holds together.
#[derive(Debug, Clone)]
pub struct Plan {
    /// Academic year.
    pub year: AcademicYear,
    /// IANA time zone.
    pub time_zone: String,
    /// Calendar with all days off.
    pub calendar: Calendar,
    /// Bells.
    pub bells: Bells,
    /// Groups.
    pub groups: Vec<PlannedGroup>,
    /// Load.
    pub loads: Vec<PlannedLoad>,
    /// Weekly timetable.
    pub weekly: Vec<PlannedLesson>,
    /// Where each weekly lesson stands, by index.
    pub slots: Vec<WeeklySlot>,
    /// Bell of each weekly lesson, by index.
    pub lesson_bells: Vec<Bell>,
}

impl Plan {
    /// Checks the draft and merges the regional days off into it.
    pub fn check(draft: Draft, regional: &[DayOff]) -> Result<Self, Vec<Problem>> {
        let mut problems = Problems::default();
        if TimeZone::get(&draft.time_zone).is_err() {
            problems.add(Place::TimeZone, Fault::UnknownTimeZone);
        }
        problems.periods(draft.year, &draft.periods);
        for (at, day) in draft
            .days_off
            .iter()
            .enumerate()
            .filter(|(_, day)| !draft.year.contains(day.date))
        {
            problems.add(Place::DayOff(at), Fault::OutsideYear(day.date));
        }
        let bells = Bells::new(&draft.bells).unwrap_or_else(|faults| {
            faults
                .into_iter()
                .for_each(|(at, fault)| problems.add(Place::Bell(at), Fault::Bell(fault)));
            Bells::default()
        });
        let groups = problems.groups(&draft.groups);
        for (at, _) in draft
            .loads
            .iter()
            .enumerate()
            .filter(|(_, load)| !groups.contains_key(&load.group))
        {
            problems.add(Place::Load(at), Fault::UnknownGroup);
        }
        if !problems.0.is_empty() {
            return Err(problems.0);
        }
        let days_off = merge_days_off(draft.year, regional, &draft.days_off);
        let calendar = Calendar::new(draft.week, draft.periods, days_off);
        let stands = problems.weekly(&calendar, &bells, &groups, &draft.weekly);
        if !problems.0.is_empty() {
            return Err(problems.0);
        }
        let (slots, lesson_bells) = stands.into_iter().unzip();
        let Draft {
            year,
            time_zone,
            groups,
            loads,
            weekly,
            ..
        } = draft;
        Ok(Self {
            year,
            time_zone,
            calendar,
            bells,
            groups,
            loads,
            weekly,
            slots,
            lesson_bells,
        })
    }

    /// First day of the first period.
    pub fn first_day(&self) -> Date {
        let first = self
            .calendar
            .periods()
            .iter()
            .map(|period| period.starts_on)
            .min();
        first.unwrap_or(self.year.first_day())
    }

    /// How many dated lessons the year has.
    pub fn lesson_count(&self) -> usize {
        SchoolDays::of(&self.calendar).count(self.slots.iter().copied())
    }

    /// Date and index of the weekly lesson for every lesson of the year, in order.
    pub fn dated_lessons(&self) -> Vec<(Date, usize)> {
        SchoolDays::of(&self.calendar).dated(&self.slots)
    }
}

#[cfg(test)]
mod tests;
