//! Hours of teachers and classes, the latter beside the curriculum.

use std::collections::{BTreeMap, BTreeSet};

use zhurnal_proto::id::{ClassId, GroupId, PersonId, SubjectId};

/// Hours of one load on the day that is looked at.
#[derive(Debug, Clone, Copy)]
pub struct Hours {
    /// Group.
    pub group: GroupId,
    /// Subject.
    pub subject: SubjectId,
    /// Teacher.
    pub teacher: PersonId,
    /// Hours a week times 100.
    pub hundredths: u32,
}

/// A class and the groups that its pupils are in.
#[derive(Debug, Clone)]
pub struct Class {
    /// Class.
    pub id: ClassId,
    /// Grade.
    pub grade: u8,
    /// Groups of all its pupils.
    pub whole: BTreeSet<GroupId>,
    /// Groups of some of its pupils.
    pub parts: BTreeSet<GroupId>,
}

/// Hours of the curriculum by grade and subject, times 100.
pub type Curriculum = BTreeMap<(u8, SubjectId), u32>;

/// All hours of a teacher.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct TeacherSum {
    /// Times 100.
    pub hundredths: u32,
    /// Loads.
    pub loads: u32,
}

/// Hours of a class in a subject, times 100.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct SubjectSum {
    /// By the curriculum.
    pub curriculum: u32,
    /// Of the part with the fewest.
    pub least: u32,
    /// Of the part with the most.
    pub most: u32,
}

impl SubjectSum {
    /// What the part with the fewest lacks.
    pub fn missing(&self) -> u32 {
        self.curriculum.saturating_sub(self.least)
    }

    /// What the part with the most has over the curriculum.
    pub fn excess(&self) -> u32 {
        self.most.saturating_sub(self.curriculum)
    }
}

/// Sums by teacher.
pub fn by_teacher(loads: &[Hours]) -> BTreeMap<PersonId, TeacherSum> {
    let mut sums: BTreeMap<PersonId, TeacherSum> = BTreeMap::new();
    for load in loads {
        let sum = sums.entry(load.teacher).or_default();
        sum.hundredths += load.hundredths;
        sum.loads += 1;
    }
    sums
}

/// Sums of a class by subject: those of the curriculum and those it has.
pub fn of_class(
    class: &Class,
    loads: &[Hours],
    curriculum: &Curriculum,
) -> BTreeMap<SubjectId, SubjectSum> {
    let mut whole: BTreeMap<SubjectId, u32> = BTreeMap::new();
    let mut parts: BTreeMap<SubjectId, BTreeMap<GroupId, u32>> = BTreeMap::new();
    for load in loads {
        if class.whole.contains(&load.group) {
            *whole.entry(load.subject).or_default() += load.hundredths;
        } else if class.parts.contains(&load.group) {
            let of_subject = parts.entry(load.subject).or_default();
            *of_subject.entry(load.group).or_default() += load.hundredths;
        }
    }
    let planned = curriculum.range((class.grade, SubjectId::from_uuid(uuid::Uuid::nil()))..);
    let planned: BTreeMap<SubjectId, u32> = planned
        .take_while(|((grade, _), _)| *grade == class.grade)
        .map(|((_, subject), hours)| (*subject, *hours))
        .collect();
    let subjects: BTreeSet<SubjectId> = planned
        .keys()
        .chain(whole.keys())
        .chain(parts.keys())
        .copied()
        .collect();
    let sum = |subject: SubjectId| {
        let common = whole.get(&subject).copied().unwrap_or(0);
        let of_parts = parts.get(&subject);
        let least = of_parts.and_then(|parts| parts.values().min().copied());
        let most = of_parts.and_then(|parts| parts.values().max().copied());
        SubjectSum {
            curriculum: planned.get(&subject).copied().unwrap_or(0),
            least: common + least.unwrap_or(0),
            most: common + most.unwrap_or(0),
        }
    };
    subjects.into_iter().map(|one| (one, sum(one))).collect()
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn id<T: zhurnal_proto::id::Id>(number: u128) -> T {
        T::from_uuid(Uuid::from_u128(number))
    }

    fn hours(group: u128, subject: u128, teacher: u128, hundredths: u32) -> Hours {
        Hours {
            group: id(group),
            subject: id(subject),
            teacher: id(teacher),
            hundredths,
        }
    }

    fn class() -> Class {
        Class {
            id: id(1),
            grade: 5,
            whole: BTreeSet::from([id(10)]),
            parts: BTreeSet::from([id(11), id(12)]),
        }
    }

    #[test]
    fn a_teacher_has_the_hours_of_all_loads() {
        let sums = by_teacher(&[
            hours(10, 1, 7, 300),
            hours(11, 2, 7, 150),
            hours(12, 2, 8, 200),
        ]);
        let sum = |hundredths, loads| TeacherSum { hundredths, loads };
        assert_eq!(
            sums,
            BTreeMap::from([(id(7), sum(450, 2)), (id(8), sum(200, 1))])
        );
    }

    #[test]
    fn parts_of_a_class_are_taught_at_once_and_the_shortest_one_is_missing_hours() {
        let loads = [
            hours(10, 1, 7, 500),
            hours(11, 2, 7, 300),
            hours(12, 2, 8, 200),
            hours(99, 1, 7, 900),
        ];
        let curriculum = Curriculum::from([
            ((5, id(1)), 400),
            ((5, id(2)), 300),
            ((5, id(3)), 100),
            ((6, id(1)), 700),
        ]);
        let sums = of_class(&class(), &loads, &curriculum);
        let figures: Vec<_> = sums
            .values()
            .map(|one| (one.least, one.most, one.missing(), one.excess()))
            .collect();
        assert_eq!(
            figures,
            [(500, 500, 0, 100), (200, 300, 100, 0), (0, 0, 100, 0)]
        );
    }

    #[test]
    fn hours_that_no_curriculum_asks_for_are_over() {
        let sums = of_class(&class(), &[hours(10, 4, 7, 100)], &Curriculum::new());
        assert_eq!(sums[&id(4)].excess(), 100);
    }
}
