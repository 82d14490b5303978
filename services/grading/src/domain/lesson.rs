//! A dated lesson as the journal needs it: whose it is, whose cells it has.

use std::collections::HashSet;

use jiff::civil::{Date, Time};
use zhurnal_proto::id::{ClassId, GroupId, JournalId, LessonId, PersonId, SchoolId, SubjectId};

use super::rejection::Rejection;

/// What the timetable says of a lesson.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LessonState {
    /// Is to be held.
    Planned,
    /// Held at another time; its date and number are the new ones.
    Moved,
    /// Will not be held.
    Cancelled,
}

/// A lesson of the timetable copy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lesson {
    /// Id.
    pub id: LessonId,
    /// School.
    pub school: SchoolId,
    /// Journal that its group, subject and year make.
    pub journal: JournalId,
    /// Subject.
    pub subject: SubjectId,
    /// First calendar year of the academic year: 2026 for 2026/2027.
    pub academic_year: i16,
    /// Civil date in the school's zone.
    pub date: Date,
    /// Grade, 1 to 11.
    pub grade: u8,
    /// Class; none when the group is of several.
    pub class: Option<ClassId>,
    /// Group.
    pub group: GroupId,
    /// State.
    pub state: LessonState,
    /// Teacher by the timetable.
    pub teacher: Option<PersonId>,
    /// Substitute: while set, the lesson is the substitute's alone.
    pub substitute: Option<PersonId>,
    /// End of the class's last lesson that day.
    pub last_end: Time,
    /// Its journal has no marks.
    pub unmarked: bool,
}

impl Lesson {
    /// Who writes in this column.
    pub fn responsible(&self) -> Option<PersonId> {
        self.substitute.or(self.teacher)
    }

    /// The person may write in this column.
    pub fn is_of(&self, person: PersonId) -> bool {
        self.responsible() == Some(person)
    }

    /// Why no marks are given at it: in grade 1, and in a journal without marks.
    pub fn without_marks(&self) -> Option<Rejection> {
        match (self.unmarked, self.grade) {
            (true, _) => Some(Rejection::UnmarkedGroup),
            (false, 1) => Some(Rejection::GradeHasNoMarks),
            (false, _) => None,
        }
    }
}

/// A lesson with the pupils who are in its group on its date.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// The lesson.
    pub lesson: Lesson,
    /// Pupils in the group on the lesson's date.
    pub members: HashSet<PersonId>,
    /// Those of them whose journal is kept on paper on that date (R34).
    pub on_paper: HashSet<PersonId>,
}

#[cfg(test)]
pub(crate) mod tests {
    use jiff::civil::{date, time};
    use uuid::Uuid;

    use super::*;

    pub(crate) fn person(number: u128) -> PersonId {
        PersonId::from_uuid(Uuid::from_u128(number))
    }

    /// Tuesday 1 September 2026, taught by person 1.
    pub(crate) fn a_lesson() -> Lesson {
        Lesson {
            id: LessonId::from_uuid(Uuid::from_u128(100)),
            school: SchoolId::from_uuid(Uuid::from_u128(10)),
            journal: JournalId::from_uuid(Uuid::from_u128(20)),
            subject: SubjectId::from_uuid(Uuid::from_u128(50)),
            academic_year: 2026,
            date: date(2026, 9, 1),
            grade: 5,
            class: Some(ClassId::from_uuid(Uuid::from_u128(30))),
            group: GroupId::from_uuid(Uuid::from_u128(40)),
            state: LessonState::Planned,
            teacher: Some(person(1)),
            substitute: None,
            last_end: time(14, 10, 0, 0),
            unmarked: false,
        }
    }

    #[test]
    fn while_there_is_a_substitute_the_lesson_is_not_the_teachers() {
        let lesson = Lesson {
            substitute: Some(person(2)),
            ..a_lesson()
        };
        assert!(lesson.is_of(person(2)));
        assert!(!lesson.is_of(person(1)));
        assert!(a_lesson().is_of(person(1)));
        assert!(
            !Lesson {
                teacher: None,
                ..a_lesson()
            }
            .is_of(person(1))
        );
    }
}
