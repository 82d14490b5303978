//! The checks of a plan's parts; all problems are collected.

use std::collections::{HashMap, HashSet};

use zhurnal_proto::id::GroupId;

use super::problem::{Fault, Place, Problem};
use super::{PlannedGroup, PlannedLesson};
use crate::domain::academic_year::AcademicYear;
use crate::domain::bells::{Bell, Bells};
use crate::domain::calendar::{Calendar, Period};
use crate::domain::dated_lessons::WeeklySlot;

#[derive(Default)]
pub(in crate::domain) struct Problems(pub(in crate::domain) Vec<Problem>);

impl Problems {
    pub(in crate::domain) fn add(&mut self, place: Place, fault: Fault) {
        self.0.push(Problem { place, fault });
    }

    pub(in crate::domain) fn periods<'a>(
        &mut self,
        year: AcademicYear,
        periods: impl IntoIterator<Item = &'a Period>,
    ) {
        let periods: Vec<&Period> = periods.into_iter().collect();
        for (at, period) in periods.iter().enumerate() {
            for day in [period.starts_on, period.ends_on]
                .into_iter()
                .filter(|day| !year.contains(*day))
            {
                self.add(Place::Period(at), Fault::OutsideYear(day));
            }
            if period.ends_on < period.starts_on || period.grade_to < period.grade_from {
                self.add(Place::Period(at), Fault::Reversed);
            } else if periods[..at]
                .iter()
                .any(|earlier| earlier.clashes_with(period))
            {
                self.add(Place::Period(at), Fault::PeriodsOverlap);
            }
        }
    }

    pub(super) fn groups<'a>(
        &mut self,
        groups: &'a [PlannedGroup],
    ) -> HashMap<GroupId, &'a PlannedGroup> {
        let mut by_id = HashMap::with_capacity(groups.len());
        for (at, group) in groups.iter().enumerate() {
            if by_id.insert(group.id, group).is_some() {
                self.add(Place::Group(at), Fault::Twice);
            }
        }
        by_id
    }

    pub(super) fn weekly(
        &mut self,
        calendar: &Calendar,
        bells: &Bells,
        groups: &HashMap<GroupId, &PlannedGroup>,
        weekly: &[PlannedLesson],
    ) -> Vec<(WeeklySlot, Bell)> {
        let mut taken = HashSet::with_capacity(weekly.len());
        let mut stands = Vec::with_capacity(weekly.len());
        for (at, lesson) in weekly.iter().enumerate() {
            let Some(group) = groups.get(&lesson.group) else {
                self.add(Place::WeeklyLesson(at), Fault::UnknownGroup);
                continue;
            };
            if lesson.weekday > calendar.week().days() {
                self.add(Place::WeeklyLesson(at), Fault::WeekdayNotStudied);
            }
            if !calendar
                .periods()
                .iter()
                .any(|period| period.is_of(group.grade))
            {
                self.add(Place::WeeklyLesson(at), Fault::NoPeriod);
            }
            if !taken.insert((lesson.group, lesson.weekday, lesson.number)) {
                self.add(Place::WeeklyLesson(at), Fault::SlotTaken);
            }
            let Some(bell) = bells.get(group.shift, lesson.number) else {
                self.add(Place::WeeklyLesson(at), Fault::NoBell);
                continue;
            };
            let slot = WeeklySlot {
                grade: group.grade,
                weekday: lesson.weekday,
                number: lesson.number,
            };
            stands.push((slot, *bell));
        }
        stands
    }
}
