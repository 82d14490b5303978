//! Teaching loads and their change during the year (R230).
//!
//! Invariant: what a day before the change had, it keeps; no teacher has the same load of a
//! group twice on a day. A load that ends before it begins is in force on no day: it is kept
//! for those who know its id.

pub mod carry;
pub mod summary;

use jiff::civil::Date;
use zhurnal_proto::id::{GroupId, PersonId, SubjectId, TeachingLoadId};

use super::academic_year::AcademicYear;

/// A teaching load.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Load {
    /// Id.
    pub id: TeachingLoadId,
    /// Group.
    pub group: GroupId,
    /// Subject.
    pub subject: SubjectId,
    /// Teacher.
    pub teacher: PersonId,
    /// Hours a week times 100.
    pub weekly_hours_hundredths: u32,
    /// First day.
    pub starts_on: Date,
    /// Last day, inclusive; `None` = end of the year.
    pub ends_on: Option<Date>,
}

impl Load {
    /// Whether it is in force on the day.
    pub fn covers(&self, day: Date) -> bool {
        self.starts_on <= day && self.ends_on.is_none_or(|last| last >= day)
    }

    /// Whether it is in force on no day at all.
    pub fn is_void(&self) -> bool {
        self.ends_on.is_some_and(|last| last < self.starts_on)
    }

    /// Whether a day has the same load of the same teacher from both.
    fn doubles(&self, other: &Self) -> bool {
        let same =
            (self.group, self.subject, self.teacher) == (other.group, other.subject, other.teacher);
        let begins_within = |one: &Self, day: Date| one.ends_on.is_none_or(|last| day <= last);
        same && self.id != other.id
            && !self.is_void()
            && !other.is_void()
            && begins_within(self, other.starts_on)
            && begins_within(other, self.starts_on)
    }
}

/// One step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// A load that was not there; open to the end of the year.
    Add(Load),
    /// Another teacher or other hours from a day on.
    Change {
        /// Load.
        load: TeachingLoadId,
        /// First day of the change.
        from: Date,
        /// Teacher, if another.
        teacher: Option<PersonId>,
        /// Hours a week times 100, if others.
        hours: Option<u32>,
        /// Id of what begins on that day, when the load is divided there.
        new_id: TeachingLoadId,
    },
    /// No load from a day on.
    End {
        /// Load.
        load: TeachingLoadId,
        /// First day without it.
        from: Date,
    },
}

/// Why a step is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// No such load.
    #[error("такой нагрузки нет")]
    UnknownLoad,
    /// Before today, or before the load begins.
    #[error("изменить нагрузку можно не раньше сегодняшнего дня и не раньше её начала")]
    TooEarly,
    /// Not of the year.
    #[error("эта дата не входит в учебный год")]
    OutsideYear,
    /// The load is over on that day.
    #[error("нагрузка на эту дату уже закончилась")]
    LoadEnded,
    /// Same teacher, same hours.
    #[error("ничего не изменилось")]
    NothingChanges,
    /// The teacher has this load of the group already.
    #[error("у этого учителя уже есть такая нагрузка в этой группе")]
    Twice,
}

impl Fault {
    /// Stable name.
    pub fn rule(self) -> &'static str {
        match self {
            Self::UnknownLoad => "UNKNOWN_LOAD",
            Self::TooEarly => "TOO_EARLY",
            Self::OutsideYear => "OUTSIDE_YEAR",
            Self::LoadEnded => "LOAD_ENDED",
            Self::NothingChanges => "NOTHING_CHANGES",
            Self::Twice => "TWICE",
        }
    }
}

/// Whose lessons of a weekly timetable get another teacher, or (`None`) none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Handover {
    /// Group.
    pub group: GroupId,
    /// Subject.
    pub subject: SubjectId,
    /// Teacher so far.
    pub from: PersonId,
    /// Teacher from then on.
    pub to: Option<PersonId>,
}

/// Loads after all steps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changed {
    /// Loads that are new or changed, in order of the steps.
    pub loads: Vec<Load>,
    /// What a timetable has to follow.
    pub handovers: Vec<Handover>,
    /// First day of the first change.
    pub from: Date,
}

/// Takes the steps in order; the fault says which step it is.
pub fn change(
    present: &[Load],
    steps: &[Step],
    (today, year): (Date, AcademicYear),
) -> Result<Changed, (usize, Fault)> {
    let mut work = Work {
        all: present.to_vec(),
        touched: Vec::new(),
        handovers: Vec::new(),
        today,
        year,
    };
    let mut from: Option<Date> = None;
    for (at, step) in steps.iter().enumerate() {
        let day = work.take(step).map_err(|fault| (at, fault))?;
        from = Some(from.map_or(day, |first| first.min(day)));
    }
    let loads = work.touched.iter();
    let loads = loads.filter_map(|id| work.all.iter().find(|load| load.id == *id));
    Ok(Changed {
        loads: loads.copied().collect(),
        handovers: work.handovers,
        from: from.unwrap_or(today),
    })
}

struct Work {
    all: Vec<Load>,
    touched: Vec<TeachingLoadId>,
    handovers: Vec<Handover>,
    today: Date,
    year: AcademicYear,
}

impl Work {
    /// Takes a step; its first day.
    fn take(&mut self, step: &Step) -> Result<Date, Fault> {
        match *step {
            Step::Add(load) => {
                self.in_year(load.starts_on)?;
                self.put(load)?;
                Ok(load.starts_on)
            }
            Step::Change {
                load,
                from,
                teacher,
                hours,
                new_id,
            } => {
                let before = self.open(load, from)?;
                let after = Load {
                    teacher: teacher.unwrap_or(before.teacher),
                    weekly_hours_hundredths: hours.unwrap_or(before.weekly_hours_hundredths),
                    ..before
                };
                self.divide(before, after, from, new_id)?;
                Ok(from)
            }
            Step::End { load, from } => {
                let before = self.open(load, from)?;
                self.put(until(before, from))?;
                self.hand_over(before, None);
                Ok(from)
            }
        }
    }

    fn divide(
        &mut self,
        before: Load,
        after: Load,
        from: Date,
        new_id: TeachingLoadId,
    ) -> Result<(), Fault> {
        if after == before {
            return Err(Fault::NothingChanges);
        }
        if from == before.starts_on {
            self.put(after)?;
        } else {
            self.put(until(before, from))?;
            self.put(Load {
                id: new_id,
                starts_on: from,
                ..after
            })?;
        }
        if after.teacher != before.teacher {
            self.hand_over(before, Some(after.teacher));
        }
        Ok(())
    }

    /// The load, which may change from that day on.
    fn open(&self, id: TeachingLoadId, from: Date) -> Result<Load, Fault> {
        let known = self.all.iter().find(|load| load.id == id);
        let load = known.copied().ok_or(Fault::UnknownLoad)?;
        self.in_year(from)?;
        if from < self.today || from < load.starts_on {
            Err(Fault::TooEarly)
        } else if !load.covers(from) {
            Err(Fault::LoadEnded)
        } else {
            Ok(load)
        }
    }

    fn in_year(&self, day: Date) -> Result<(), Fault> {
        if self.year.contains(day) {
            Ok(())
        } else {
            Err(Fault::OutsideYear)
        }
    }

    fn put(&mut self, load: Load) -> Result<(), Fault> {
        if self.all.iter().any(|other| load.doubles(other)) {
            return Err(Fault::Twice);
        }
        match self.all.iter_mut().find(|known| known.id == load.id) {
            Some(known) => *known = load,
            None => self.all.push(load),
        }
        if !self.touched.contains(&load.id) {
            self.touched.push(load.id);
        }
        Ok(())
    }

    fn hand_over(&mut self, before: Load, to: Option<PersonId>) {
        self.handovers.push(Handover {
            group: before.group,
            subject: before.subject,
            from: before.teacher,
            to,
        });
    }
}

/// The load up to the day before.
fn until(load: Load, from: Date) -> Load {
    Load {
        ends_on: from.yesterday().ok(),
        ..load
    }
}

#[cfg(test)]
mod tests;
