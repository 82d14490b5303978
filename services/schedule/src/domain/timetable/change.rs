//! Steps of a change, done to a draft in order.

use std::collections::BTreeMap;

use jiff::civil::Date;
use uuid::Uuid;
use zhurnal_proto::id::{GroupId, PersonId, SubjectId, TimetableEntryId};

use super::cycle::{Cycle, Week};
use super::{Entry, MOST_ENTRIES, Version};

/// Where a weekly lesson stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// Weekday, 1 = Monday.
    pub weekday: u8,
    /// Lesson number.
    pub number: u8,
    /// Week of the cycle.
    pub week: Week,
}

/// What a weekly lesson is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Content {
    /// Group.
    pub group: GroupId,
    /// Subject.
    pub subject: SubjectId,
    /// Teacher.
    pub teacher: PersonId,
    /// Room.
    pub room: Option<Uuid>,
}

/// What a version is called and when it is due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Terms {
    /// Title; may be empty.
    pub title: String,
    /// Cycle.
    pub cycle: Cycle,
    /// Day by which the director is to approve it.
    pub approve_by: Option<Date>,
}

/// One step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// A new lesson, or other values on one that is there.
    Put(Option<TimetableEntryId>, Place, Content),
    /// Moves a lesson.
    Move(TimetableEntryId, Place),
    /// Takes a lesson out.
    Remove(TimetableEntryId),
    /// Title, cycle and due date.
    SetTerms(Terms),
}

/// Why a step is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Misstep {
    /// The version has no such lesson.
    UnknownEntry,
    /// The cycle has one week.
    WeekNotInCycle,
    /// The version would be too long.
    TooManyEntries,
}

/// What the steps did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changed {
    /// The version after them.
    pub version: Version,
    /// All its lessons.
    pub entries: Vec<Entry>,
    /// Lessons that are new or other than before.
    pub put: Vec<Entry>,
    /// Lessons that are gone.
    pub removed: Vec<TimetableEntryId>,
}

/// Takes the steps in order; a refused one is named by its index.
pub fn change(
    mut version: Version,
    entries: &[Entry],
    steps: Vec<Step>,
    mut new_id: impl FnMut() -> TimetableEntryId,
) -> Result<Changed, (usize, Misstep)> {
    let before: BTreeMap<TimetableEntryId, Entry> =
        entries.iter().map(|entry| (entry.id, *entry)).collect();
    let mut after = before.clone();
    for (at, step) in steps.into_iter().enumerate() {
        take(&mut version, &mut after, step, &mut new_id).map_err(|why| (at, why))?;
    }
    let put = after
        .values()
        .filter(|entry| before.get(&entry.id) != Some(entry));
    let put = put.copied().collect();
    let removed = before.keys().filter(|id| !after.contains_key(id));
    let removed = removed.copied().collect();
    version.version += 1;
    version.entry_count = u32::try_from(after.len()).unwrap_or(u32::MAX);
    Ok(Changed {
        version,
        entries: after.into_values().collect(),
        put,
        removed,
    })
}

fn take(
    version: &mut Version,
    entries: &mut BTreeMap<TimetableEntryId, Entry>,
    step: Step,
    new_id: &mut impl FnMut() -> TimetableEntryId,
) -> Result<(), Misstep> {
    match step {
        Step::Put(id, place, content) => {
            in_cycle(version.cycle, place.week)?;
            let id = match id {
                Some(id) if entries.contains_key(&id) => id,
                Some(_) => return Err(Misstep::UnknownEntry),
                None if entries.len() >= MOST_ENTRIES => return Err(Misstep::TooManyEntries),
                None => new_id(),
            };
            entries.insert(id, entry(id, place, content));
        }
        Step::Move(id, place) => {
            in_cycle(version.cycle, place.week)?;
            let moved = entries.get_mut(&id).ok_or(Misstep::UnknownEntry)?;
            (moved.weekday, moved.number, moved.week) = (place.weekday, place.number, place.week);
        }
        Step::Remove(id) => {
            entries.remove(&id).ok_or(Misstep::UnknownEntry)?;
        }
        Step::SetTerms(terms) => {
            if entries.values().any(|entry| !terms.cycle.has(entry.week)) {
                return Err(Misstep::WeekNotInCycle);
            }
            (version.title, version.cycle) = (terms.title, terms.cycle);
            version.approve_by = terms.approve_by;
        }
    }
    Ok(())
}

fn in_cycle(cycle: Cycle, week: Week) -> Result<(), Misstep> {
    if cycle.has(week) {
        Ok(())
    } else {
        Err(Misstep::WeekNotInCycle)
    }
}

fn entry(id: TimetableEntryId, place: Place, content: Content) -> Entry {
    Entry {
        id,
        weekday: place.weekday,
        number: place.number,
        week: place.week,
        group: content.group,
        subject: content.subject,
        teacher: content.teacher,
        room: content.room,
    }
}
