//! Rollover of the academic year (переход на новый год, R118): the plan of what becomes
//! of classes, pupils and groups, and what it does.
//!
//! Invariant: a plan changes nothing; applying it does what the same plan has shown.

mod draft;
mod passing;
mod rules;
#[cfg(test)]
mod tests;

use std::collections::{HashMap, HashSet};

use jiff::civil::Date;
use zhurnal_proto::id::{ClassId, GroupId, PersonId};

pub use draft::{catch_up, draft};
pub use passing::{Obstacle, Passed, Passing, pass};
pub use rules::Broken;

use super::record::{Enrolment, Group, GroupMembership, SchoolClass};
use super::school_import::value::AcademicYear;

/// A class of the next year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NextClass {
    /// Id that it will have.
    pub id: ClassId,
    /// Id of the group of the whole class.
    pub group: GroupId,
    /// Grade.
    pub grade: u8,
    /// Letter.
    pub letter: String,
    /// Shift.
    pub shift: u8,
    /// Card of the class teacher.
    pub class_teacher_id: Option<PersonId>,
}

impl NextClass {
    /// `5-А`.
    pub fn title(&self) -> String {
        format!("{}-{}", self.grade, self.letter)
    }
}

/// Where the pupils of a present class go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClassPassage {
    /// Present class.
    pub class: ClassId,
    /// Class of the next year; `None`: they graduate or are named one by one.
    pub next: Option<ClassId>,
}

/// A pupil who does not go with the class.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PupilPassage {
    /// Card.
    pub pupil: PersonId,
    /// Class of the next year; `None`: graduates.
    pub next: Option<ClassId>,
}

/// What becomes of a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Carry {
    /// Ends with the year.
    Not,
    /// Is made anew without members.
    Empty,
    /// Is made anew with the members who go on.
    WithMembers,
}

/// A group other than that of a whole class.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GroupPassage {
    /// Present group.
    pub group: GroupId,
    /// Id in the next year.
    pub next: GroupId,
    /// What becomes of it.
    pub carry: Carry,
}

/// The choices of a rollover.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// Classes of the next year.
    pub next_classes: Vec<NextClass>,
    /// Present classes.
    pub classes: Vec<ClassPassage>,
    /// Pupils excepted from their classes.
    pub pupils: Vec<PupilPassage>,
    /// Groups.
    pub groups: Vec<GroupPassage>,
    /// Last day of those who graduate.
    pub graduates_until: Date,
}

/// What becomes of a pupil.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// The next grade.
    Promoted(ClassId),
    /// The same grade again.
    Stays(ClassId),
    /// Leaves with grade 9 or 11.
    Graduates,
}

impl Outcome {
    /// The class of the next year.
    pub fn class(self) -> Option<ClassId> {
        match self {
            Self::Promoted(class) | Self::Stays(class) => Some(class),
            Self::Graduates => None,
        }
    }
}

/// What a plan rests on.
#[derive(Debug)]
pub struct Facts {
    /// The year that is closed.
    pub year: AcademicYear,
    /// Its classes, by grade and letter.
    pub classes: Vec<SchoolClass>,
    /// Its groups.
    pub groups: Vec<Group>,
    /// Open enrolments in its classes, in the order of the names.
    pub enrolments: Vec<Enrolment>,
    /// Memberships of its groups that reach beyond the first day of a graduate's absence:
    /// all that are open.
    pub memberships: Vec<GroupMembership>,
    /// Cards of those on the staff.
    pub staff: HashSet<PersonId>,
    /// Numbers of orders that are drafts.
    pub drafts: Vec<String>,
    /// Another school of the same title is in the next year.
    pub next_year_taken: bool,
    /// Today at the school.
    pub today: Date,
}

impl Facts {
    /// The first day of the next year.
    pub fn first_day(&self) -> Date {
        let last = self.year.last_day();
        last.tomorrow().unwrap_or(last)
    }

    /// The next year, `2027/2028`.
    pub fn next_year(&self) -> String {
        let begins = self.year.starts_in() + 1;
        format!("{begins}/{}", begins + 1)
    }

    fn class(&self, id: ClassId) -> Option<&SchoolClass> {
        self.classes.iter().find(|class| class.id == id)
    }
}

impl Plan {
    fn next_class(&self, id: ClassId) -> Option<&NextClass> {
        self.next_classes.iter().find(|class| class.id == id)
    }

    fn passages(&self) -> HashMap<ClassId, Option<ClassId>> {
        self.classes
            .iter()
            .map(|one| (one.class, one.next))
            .collect()
    }
}

/// Pupils graduate with the grade.
pub fn graduates(grade: u8) -> bool {
    grade == 9 || grade == 11
}
