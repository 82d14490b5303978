//! A school's plan of a year, checked as a whole before anything is stored.
//!
//! Invariant: in a [`Plan`] every lesson and load names a group of the plan, every
//! weekly lesson has a bell and a grade with periods, and no group is twice in a slot.

use std::collections::{HashMap, HashSet};

use jiff::civil::Date;
use jiff::tz::TimeZone;
use zhurnal_proto::id::{ClassId, GroupId, PersonId};

use super::academic_year::AcademicYear;
use super::bells::{Bell, BellFault, Bells};
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

/// What part of the plan a problem is in: index in its list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// The time zone.
    TimeZone,
    /// A period.
    Period(usize),
    /// A day off.
    DayOff(usize),
    /// A bell.
    Bell(usize),
    /// A group.
    Group(usize),
    /// A load.
    Load(usize),
    /// A weekly lesson.
    WeeklyLesson(usize),
}

/// What is wrong there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// No such zone.
    #[error("неизвестный часовой пояс")]
    UnknownTimeZone,
    /// A date that the academic year does not have.
    #[error("{0} не входит в учебный год")]
    OutsideYear(Date),
    /// The last day is before the first, or the last grade below the first.
    #[error("начало позже конца")]
    Reversed,
    /// Another period has the same grade on the same day.
    #[error("период пересекается с другим периодом той же параллели")]
    PeriodsOverlap,
    /// A bell that cannot be rung.
    #[error(transparent)]
    Bell(BellFault),
    /// The group is named twice.
    #[error("группа указана дважды")]
    Twice,
    /// The group is not in the plan's list.
    #[error("группы нет в списке групп плана")]
    UnknownGroup,
    /// The study week does not have the weekday.
    #[error("в этот день недели школа не учится")]
    WeekdayNotStudied,
    /// No bell of that number in the group's shift.
    #[error("для этого номера урока нет звонка в смене группы")]
    NoBell,
    /// No period of the group's grade.
    #[error("для параллели группы нет учебных периодов")]
    NoPeriod,
    /// The group has another lesson then.
    #[error("у группы уже есть урок в это время")]
    SlotTaken,
}

impl Fault {
    /// Stable name.
    pub fn rule(self) -> &'static str {
        match self {
            Self::UnknownTimeZone => "UNKNOWN_TIME_ZONE",
            Self::OutsideYear(_) => "OUTSIDE_YEAR",
            Self::Reversed => "REVERSED",
            Self::PeriodsOverlap => "PERIODS_OVERLAP",
            Self::Bell(BellFault::EndsBeforeStart) => "REVERSED",
            Self::Bell(BellFault::Overlaps) => "BELLS_OVERLAP",
            Self::Bell(BellFault::Twice) | Self::Twice => "TWICE",
            Self::UnknownGroup => "UNKNOWN_GROUP",
            Self::WeekdayNotStudied => "WEEKDAY_NOT_STUDIED",
            Self::NoBell => "NO_BELL",
            Self::NoPeriod => "NO_PERIOD",
            Self::SlotTaken => "SLOT_TAKEN",
        }
    }
}

/// One problem of a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Problem {
    /// Where.
    pub place: Place,
    /// What.
    pub fault: Fault,
}

#[derive(Default)]
struct Problems(Vec<Problem>);

impl Problems {
    fn add(&mut self, place: Place, fault: Fault) {
        self.0.push(Problem { place, fault });
    }

    fn periods(&mut self, year: AcademicYear, periods: &[Period]) {
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

    fn groups<'a>(&mut self, groups: &'a [PlannedGroup]) -> HashMap<GroupId, &'a PlannedGroup> {
        let mut by_id = HashMap::with_capacity(groups.len());
        for (at, group) in groups.iter().enumerate() {
            if by_id.insert(group.id, group).is_some() {
                self.add(Place::Group(at), Fault::Twice);
            }
        }
        by_id
    }

    fn weekly(
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

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use uuid::Uuid;

    use super::*;
    use crate::domain::calendar::{DayOffSource, PeriodKind};

    fn group(n: u128) -> GroupId {
        GroupId::from_uuid(Uuid::from_u128(n))
    }

    fn lesson(weekday: u8, number: u8, group: GroupId) -> PlannedLesson {
        let teacher = PersonId::from_uuid(Uuid::from_u128(9));
        PlannedLesson {
            weekday,
            number,
            group,
            subject: "Алгебра".into(),
            teacher,
            room: String::new(),
        }
    }

    fn sound() -> Draft {
        let period = Period {
            title: "1 четверть".into(),
            kind: PeriodKind::Quarter,
            starts_on: date(2026, 9, 1),
            ends_on: date(2026, 9, 30),
            grade_from: 1,
            grade_to: 9,
        };
        let bell = |shift, number, starts: &str, ends: &str| Bell {
            shift,
            number,
            starts_at: starts.parse().unwrap(),
            ends_at: ends.parse().unwrap(),
        };
        let planned = |n, shift| PlannedGroup {
            id: group(n),
            title: format!("{n}-А"),
            class: None,
            grade: 5,
            shift,
        };
        Draft {
            year: "2026/2027".parse().unwrap(),
            week: StudyWeek::FiveDays,
            time_zone: "Europe/Simferopol".into(),
            periods: vec![period],
            days_off: Vec::new(),
            bells: vec![
                bell(1, 1, "08:00", "08:40"),
                bell(2, 1, "13:00", "13:40"),
                bell(2, 2, "13:50", "14:30"),
            ],
            groups: vec![planned(1, 1), planned(2, 2)],
            loads: Vec::new(),
            weekly: vec![
                lesson(1, 1, group(1)),
                lesson(1, 1, group(2)),
                lesson(2, 2, group(2)),
            ],
        }
    }

    fn problems(spoil: impl FnOnce(&mut Draft)) -> Vec<(Place, &'static str)> {
        let mut draft = sound();
        spoil(&mut draft);
        Plan::check(draft, &[])
            .unwrap_err()
            .into_iter()
            .map(|p| (p.place, p.fault.rule()))
            .collect()
    }

    #[test]
    fn lessons_take_their_times_from_the_bells_of_their_shift() {
        let plan = Plan::check(sound(), &[]).unwrap();
        let starts: Vec<_> = plan
            .lesson_bells
            .iter()
            .map(|bell| bell.starts_at.to_string())
            .collect();
        assert_eq!(starts, ["08:00", "13:00", "13:50"]);
    }

    #[test]
    fn regional_days_off_have_no_lessons() {
        let monday = date(2026, 9, 7);
        let off = DayOff {
            date: monday,
            title: "Выходной".into(),
            source: DayOffSource::Regional,
        };
        let (with, without) = (
            Plan::check(sound(), &[off]).unwrap(),
            Plan::check(sound(), &[]).unwrap(),
        );
        assert_eq!(
            without.dated_lessons().len() - with.dated_lessons().len(),
            2
        );
        assert!(with.dated_lessons().iter().all(|(day, _)| *day != monday));
    }

    #[test]
    fn everything_that_does_not_fit_is_named_at_its_place() {
        type Spoil = fn(&mut Draft);
        let cases: [(Spoil, Place, &str); 13] = [
            (
                |d| d.time_zone = "Europe/Nowhere".into(),
                Place::TimeZone,
                "UNKNOWN_TIME_ZONE",
            ),
            (
                |d| d.periods[0].starts_on = date(2026, 8, 31),
                Place::Period(0),
                "OUTSIDE_YEAR",
            ),
            (|d| d.periods[0].grade_to = 0, Place::Period(0), "REVERSED"),
            (
                |d| d.periods.push(d.periods[0].clone()),
                Place::Period(1),
                "PERIODS_OVERLAP",
            ),
            (|d| d.bells.push(d.bells[0]), Place::Bell(3), "TWICE"),
            (
                |d| d.bells[2].starts_at = d.bells[1].starts_at,
                Place::Bell(2),
                "BELLS_OVERLAP",
            ),
            (
                |d| d.groups.push(d.groups[0].clone()),
                Place::Group(2),
                "TWICE",
            ),
            (
                |d| d.weekly[0].group = group(7),
                Place::WeeklyLesson(0),
                "UNKNOWN_GROUP",
            ),
            (
                |d| d.weekly[0].weekday = 6,
                Place::WeeklyLesson(0),
                "WEEKDAY_NOT_STUDIED",
            ),
            (
                |d| d.weekly[0].number = 2,
                Place::WeeklyLesson(0),
                "NO_BELL",
            ),
            (
                |d| d.groups[0].grade = 10,
                Place::WeeklyLesson(0),
                "NO_PERIOD",
            ),
            (
                |d| d.weekly.push(lesson(2, 2, group(2))),
                Place::WeeklyLesson(3),
                "SLOT_TAKEN",
            ),
            (
                |d| {
                    let day = date(2027, 9, 1);
                    d.days_off.push(DayOff {
                        date: day,
                        title: "х".into(),
                        source: DayOffSource::School,
                    });
                },
                Place::DayOff(0),
                "OUTSIDE_YEAR",
            ),
        ];
        for (spoil, place, rule) in cases {
            assert_eq!(problems(spoil), [(place, rule)]);
        }
    }

    #[test]
    fn a_load_of_an_unknown_group_is_refused() {
        let teacher = PersonId::from_uuid(Uuid::from_u128(9));
        let load = PlannedLoad {
            group: group(7),
            subject: "Алгебра".into(),
            teacher,
            weekly_hours_hundredths: 50,
        };
        assert_eq!(
            problems(|d| d.loads.push(load)),
            [(Place::Load(0), "UNKNOWN_GROUP")]
        );
    }
}
