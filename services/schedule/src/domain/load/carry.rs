//! Loads of a year carried over to the next one (R118, R230).
//!
//! Invariant: a group and subject that have a load in the new year already get none.

use std::collections::{HashMap, HashSet};

use jiff::civil::Date;
use zhurnal_proto::id::{GroupId, PersonId, SubjectId};

use super::Load;

/// Grades that end a level of education: the next one begins with teachers chosen anew.
const LEVEL_ENDS: [u8; 3] = [4, 9, 11];

/// What becomes of a load.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Goes on with the group that its group has become.
    Carried(GroupId),
    /// That group has a load of the subject already.
    AlreadyThere(GroupId),
    /// The teacher is not on the staff any more.
    TeacherLeft(GroupId),
    /// The group does not go on.
    NoSuccessor,
    /// The level of education ends.
    LevelEnds,
}

/// What the loads are carried over by.
#[derive(Debug)]
pub struct Terms<'a> {
    /// Last day of lessons of the past year: loads in force on it are looked at.
    pub last_day: Date,
    /// Grades of the groups of classes of the past year; a level of education is a class's.
    pub class_grades: &'a HashMap<GroupId, u8>,
    /// What they have become.
    pub successors: &'a HashMap<GroupId, GroupId>,
    /// Who is on the staff on the first day of the new year.
    pub staff: &'a HashSet<PersonId>,
}

/// Loads in force at the end of a year with what becomes of them; `now` = loads of the new year.
pub fn carry(before: &[Load], now: &[Load], terms: &Terms<'_>) -> Vec<(Load, Outcome)> {
    let there: HashSet<(GroupId, SubjectId)> = now
        .iter()
        .filter(|load| !load.is_void())
        .map(|load| (load.group, load.subject))
        .collect();
    let outcome = |load: &Load| {
        let grade = terms.class_grades.get(&load.group);
        if grade.is_some_and(|grade| LEVEL_ENDS.contains(grade)) {
            return Outcome::LevelEnds;
        }
        match terms.successors.get(&load.group) {
            None => Outcome::NoSuccessor,
            Some(next) if there.contains(&(*next, load.subject)) => Outcome::AlreadyThere(*next),
            Some(next) if !terms.staff.contains(&load.teacher) => Outcome::TeacherLeft(*next),
            Some(next) => Outcome::Carried(*next),
        }
    };
    before
        .iter()
        .filter(|load| load.covers(terms.last_day))
        .map(|load| (*load, outcome(load)))
        .collect()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use uuid::Uuid;
    use zhurnal_proto::id::TeachingLoadId;

    use super::*;

    fn group(number: u128) -> GroupId {
        GroupId::from_uuid(Uuid::from_u128(number))
    }

    fn person(number: u128) -> PersonId {
        PersonId::from_uuid(Uuid::from_u128(number))
    }

    fn load(of: u128, subject: u128, teacher: u128, ends_on: Option<Date>) -> Load {
        Load {
            id: TeachingLoadId::from_uuid(Uuid::from_u128(of * 100 + subject)),
            group: group(of),
            subject: SubjectId::from_uuid(Uuid::from_u128(subject)),
            teacher: person(teacher),
            weekly_hours_hundredths: 200,
            starts_on: date(2026, 9, 1),
            ends_on,
        }
    }

    fn outcomes(before: &[Load], now: &[Load]) -> Vec<Outcome> {
        let terms = Terms {
            last_day: date(2027, 5, 26),
            class_grades: &HashMap::from([(group(1), 5), (group(2), 9)]),
            successors: &HashMap::from([
                (group(1), group(11)),
                (group(2), group(12)),
                (group(3), group(13)),
            ]),
            staff: &HashSet::from([person(7)]),
        };
        let found = carry(before, now, &terms);
        found.into_iter().map(|(_, outcome)| outcome).collect()
    }

    #[test]
    fn a_load_goes_on_with_its_group_unless_the_teacher_left_or_the_level_ends() {
        let before = [
            load(1, 1, 7, None),
            load(1, 2, 8, None),
            load(2, 1, 7, None),
            load(3, 1, 7, Some(date(2027, 5, 31))),
            load(4, 1, 7, None),
            // Handed over in winter.
            load(1, 3, 7, Some(date(2026, 12, 31))),
        ];
        assert_eq!(
            outcomes(&before, &[]),
            [
                Outcome::Carried(group(11)),
                Outcome::TeacherLeft(group(11)),
                Outcome::LevelEnds,
                Outcome::Carried(group(13)),
                Outcome::NoSuccessor,
            ]
        );
    }

    #[test]
    fn what_the_new_year_has_stays_and_what_was_taken_out_there_comes_again() {
        let there = load(11, 1, 9, None);
        let void = load(13, 1, 9, Some(date(2026, 8, 31)));
        let before = [load(1, 1, 7, None), load(3, 1, 7, None)];
        assert_eq!(
            outcomes(&before, &[there, void]),
            [
                Outcome::AlreadyThere(group(11)),
                Outcome::Carried(group(13))
            ]
        );
    }
}
