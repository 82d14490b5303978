//! Dated lessons follow the version in force, without losing what is tied to them.
//!
//! Invariant: after the steps every lesson that the version wants on a day is there once,
//! planned, or was cancelled by people and stays so; a lesson keeps its id while group,
//! subject and date stay.

use std::collections::BTreeMap;

use jiff::civil::Date;
use uuid::Uuid;
use zhurnal_proto::id::{GroupId, LessonId, PersonId, SubjectId, TimetableEntryId};

use super::Entry;
use super::conflicts::Ground;
use super::cycle::Cycle;
use crate::domain::bells::{Bell, TimeOfDay};
use crate::domain::dated_lessons::SchoolDays;

/// What of a dated lesson follows the timetable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shape {
    /// Lesson number.
    pub number: u8,
    /// Start.
    pub starts_at: TimeOfDay,
    /// End.
    pub ends_at: TimeOfDay,
    /// Teacher.
    pub teacher: PersonId,
    /// Room.
    pub room: Option<Uuid>,
}

/// How a dated lesson stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Is to be held, by a substitute if there is one.
    Planned(Option<PersonId>),
    /// People have cancelled it.
    Cancelled,
    /// An earlier version has taken it out.
    Removed,
}

/// A dated lesson as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Held {
    /// Id.
    pub id: LessonId,
    /// What of it follows the timetable.
    pub shape: Shape,
    /// How it stands.
    pub standing: Standing,
}

/// A lesson that a version wants on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wanted {
    /// Weekly lesson.
    pub entry: TimetableEntryId,
    /// What it is to be.
    pub shape: Shape,
}

/// Lessons of one group in one subject on one day.
pub type Key = (Date, GroupId, SubjectId);

/// What is to be done with a dated lesson.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// A new one.
    Add(Key, Wanted),
    /// Another shape for one that is there or was taken out; who stands in after it.
    Change(LessonId, Wanted, Option<PersonId>),
    /// Taken out.
    Remove(LessonId),
}

/// What was found to do.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Steps {
    /// In order of date, group, subject.
    pub steps: Vec<Step>,
    /// Lessons that are added, brought back ones included.
    pub added: u32,
    /// Lessons that keep their id and change.
    pub changed: u32,
    /// Lessons that are taken out.
    pub removed: u32,
    /// Lessons that stay.
    pub unchanged: u32,
    /// Changed and removed ones that have a substitute.
    pub substituted: u32,
}

/// The lessons that a version wants from a day to a day, both inclusive. Lessons without
/// a bell are none: such a version is not approved.
pub fn wanted(
    ground: &Ground,
    days: &SchoolDays,
    (cycle, entries): (Cycle, &[Entry]),
    (from, to): (Date, Date),
) -> BTreeMap<Key, Vec<Wanted>> {
    let mut all: BTreeMap<Key, Vec<Wanted>> = BTreeMap::new();
    let shortened = days.shortened_bells(&ground.bells);
    for entry in entries {
        let Some(group) = ground.groups.get(&entry.group) else {
            continue;
        };
        let on = days.on(group.grade, entry.weekday).iter();
        let on = on.filter(|day| from <= **day && **day <= to);
        for day in on.filter(|day| entry.week.is_in(cycle.week_on(**day))) {
            let bells = shortened.get(day).unwrap_or(&ground.bells);
            let Some(bell) = bells.get(group.shift, entry.number) else {
                continue;
            };
            let key = (*day, entry.group, entry.subject);
            all.entry(key).or_default().push(wanted_at(entry, bell));
        }
    }
    all
}

fn wanted_at(entry: &Entry, bell: &Bell) -> Wanted {
    Wanted {
        entry: entry.id,
        shape: Shape {
            number: entry.number,
            starts_at: bell.starts_at,
            ends_at: bell.ends_at,
            teacher: entry.teacher,
            room: entry.room,
        },
    }
}

/// What brings the dated lessons in step.
pub fn steps(mut held: BTreeMap<Key, Vec<Held>>, wanted: BTreeMap<Key, Vec<Wanted>>) -> Steps {
    let mut steps = Steps::default();
    for (key, wanted) in wanted {
        steps.day(key, held.remove(&key).unwrap_or_default(), wanted);
    }
    for (key, held) in held {
        steps.day(key, held, Vec::new());
    }
    steps
}

impl Steps {
    /// Pairs of one number first, then in order. Lessons that are to be held come before
    /// cancelled ones; those that are taken out already are brought back last.
    fn day(&mut self, key: Key, mut held: Vec<Held>, mut wanted: Vec<Wanted>) {
        held.sort_by_key(|one| (rank(one.standing), one.shape.number, one.id));
        wanted.sort_by_key(|one| (one.shape.number, one.entry));
        held.retain(|one| {
            let same = |other: &Wanted| other.shape.number == one.shape.number;
            let at = (one.standing != Standing::Removed)
                .then(|| wanted.iter().position(same))
                .flatten();
            match at {
                Some(at) => {
                    let taken = wanted.remove(at);
                    self.pair(*one, taken);
                    false
                }
                None => true,
            }
        });
        let mut held = held.into_iter();
        for wanted in wanted {
            match held.next() {
                Some(one) => self.pair(one, wanted),
                None => {
                    self.added += 1;
                    self.steps.push(Step::Add(key, wanted));
                }
            }
        }
        held.for_each(|one| self.left_over(one));
    }

    fn pair(&mut self, one: Held, wanted: Wanted) {
        match one.standing {
            Standing::Cancelled => self.unchanged += 1,
            Standing::Removed => {
                self.added += 1;
                self.steps.push(Step::Change(one.id, wanted, None));
            }
            Standing::Planned(_) if one.shape == wanted.shape => self.unchanged += 1,
            Standing::Planned(substitute) => {
                self.changed += 1;
                self.substituted += u32::from(substitute.is_some());
                // Nobody stands in for themselves.
                let substitute = substitute.filter(|person| *person != wanted.shape.teacher);
                self.steps.push(Step::Change(one.id, wanted, substitute));
            }
        }
    }

    fn left_over(&mut self, one: Held) {
        if let Standing::Planned(substitute) = one.standing {
            self.removed += 1;
            self.substituted += u32::from(substitute.is_some());
            self.steps.push(Step::Remove(one.id));
        }
    }
}

fn rank(standing: Standing) -> u8 {
    match standing {
        Standing::Planned(_) => 0,
        Standing::Cancelled => 1,
        Standing::Removed => 2,
    }
}

#[cfg(test)]
mod tests;
