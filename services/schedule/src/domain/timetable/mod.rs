//! Versions of the weekly timetable: made as drafts, in force from a day once approved.
//!
//! Invariant: only a draft changes. On every day of the year one approved version is in
//! force: the one with the latest first day that has come, and of several with that first
//! day the one approved last.

pub mod change;
pub mod conflicts;
pub mod cycle;
pub mod in_step;

use jiff::Timestamp;
use jiff::civil::Date;
use uuid::Uuid;
use zhurnal_proto::id::{GroupId, PersonId, SubjectId, TimetableEntryId, TimetableId};

use self::cycle::{Cycle, Week};
use super::academic_year::AcademicYear;
use super::refusal::Refusal;

/// Most drafts of a year: more are forgotten ones.
pub const MOST_DRAFTS: usize = 20;
/// Most weekly lessons of a version.
pub const MOST_ENTRIES: usize = 10_000;

/// A weekly lesson.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    /// Id.
    pub id: TimetableEntryId,
    /// Weekday, 1 = Monday.
    pub weekday: u8,
    /// Lesson number.
    pub number: u8,
    /// Week of the cycle.
    pub week: Week,
    /// Group.
    pub group: GroupId,
    /// Subject.
    pub subject: SubjectId,
    /// Teacher.
    pub teacher: PersonId,
    /// Room, by the id of the store.
    pub room: Option<Uuid>,
}

/// Since when a version holds, and who said so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Approval {
    /// First day.
    pub valid_from: Date,
    /// Card; none for whoever has no card at the school, and for the imported version.
    pub by: Option<PersonId>,
    /// When.
    pub at: Timestamp,
}

/// A version without its lessons.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    /// Id.
    pub id: TimetableId,
    /// Academic year.
    pub year: AcademicYear,
    /// Number in the year, from 1.
    pub number: i32,
    /// Title; may be empty.
    pub title: String,
    /// Cycle.
    pub cycle: Cycle,
    /// `None` while it is a draft.
    pub approval: Option<Approval>,
    /// Day by which the director is to approve it (R101).
    pub approve_by: Option<Date>,
    /// Weekly lessons.
    pub entry_count: u32,
    /// Grows by one with every change.
    pub version: i64,
}

impl Version {
    /// A draft with the terms of another version.
    pub fn draft_of(source: &Self, id: TimetableId, number: i32, title: String) -> Self {
        Self {
            id,
            year: source.year,
            number,
            title,
            cycle: source.cycle,
            approval: None,
            approve_by: None,
            entry_count: source.entry_count,
            version: 1,
        }
    }

    /// The draft as the caller saw it.
    pub fn open(self, seen: Option<i64>) -> Result<Self, Refusal> {
        if self.approval.is_some() {
            return Err(Refusal::TimetableNotDraft);
        }
        match seen {
            Some(seen) if seen != self.version => Err(Refusal::TimetableStale {
                current: self.version,
            }),
            _ => Ok(self),
        }
    }

    /// Whether the approval came, or still has to come, after its day. `approved_on` = day of
    /// the approval, `None` while it is a draft.
    pub fn is_overdue(&self, approved_on: Option<Date>, today: Date) -> bool {
        self.approve_by
            .is_some_and(|due| due < approved_on.unwrap_or(today))
    }

    /// The first day must come after today and lie in the year.
    pub fn may_start(&self, valid_from: Date, today: Date) -> Result<(), Refusal> {
        if valid_from <= today {
            Err(Refusal::TimetableTooEarly)
        } else if !self.year.contains(valid_from) {
            Err(Refusal::TimetableOutsideYear)
        } else {
            Ok(())
        }
    }

    /// Approves a draft that has no errors.
    pub fn approve(
        self,
        approval: Approval,
        today: Date,
        error_count: usize,
    ) -> Result<Self, Refusal> {
        self.may_start(approval.valid_from, today)?;
        if error_count > 0 {
            return Err(Refusal::TimetableHasErrors(error_count));
        }
        Ok(Self {
            approval: Some(approval),
            version: self.version + 1,
            ..self
        })
    }
}

/// Days on which a version holds: first, and last inclusive (`None` = to the end of the year).
pub type Reign = (Date, Option<Date>);

/// Which version holds when, of one year.
#[derive(Debug, Clone)]
pub struct Reigns {
    by_first_day: Vec<(TimetableId, Reign)>,
}

impl Reigns {
    /// Of all versions of a year.
    pub fn of(versions: &[Version]) -> Self {
        let mut approved: Vec<(&Version, Approval)> = versions
            .iter()
            .filter_map(|version| Some((version, version.approval?)))
            .collect();
        approved.sort_by_key(|(version, it)| (it.valid_from, it.at, version.number));
        let next_day = |at: usize| approved.get(at + 1).map(|(_, next)| next.valid_from);
        let by_first_day = approved
            .iter()
            .enumerate()
            .filter_map(|(at, (version, it))| {
                let valid_to = match next_day(at) {
                    // Another version was approved for the same day: this one never holds.
                    Some(next) if next == it.valid_from => return None,
                    Some(next) => next.yesterday().ok(),
                    None => None,
                };
                Some((version.id, (it.valid_from, valid_to)))
            });
        Self {
            by_first_day: by_first_day.collect(),
        }
    }

    /// The version in force on a day; before the first one, the first.
    pub fn on(&self, day: Date) -> Option<TimetableId> {
        let in_force = self
            .by_first_day
            .iter()
            .rfind(|(_, (from, _))| *from <= day)
            .or(self.by_first_day.first());
        in_force.map(|(id, _)| *id)
    }

    /// When a version holds; `None` for a draft and for one that never does.
    pub fn of_version(&self, id: TimetableId) -> Option<Reign> {
        let found = self.by_first_day.iter().find(|(one, _)| *one == id);
        found.map(|(_, reign)| *reign)
    }

    /// The day before the next version begins after `valid_from`.
    pub fn end_of(&self, valid_from: Date) -> Option<Date> {
        let next = self
            .by_first_day
            .iter()
            .find(|(_, (from, _))| *from > valid_from);
        next.and_then(|(_, (from, _))| from.yesterday().ok())
    }
}

#[cfg(test)]
mod tests;
