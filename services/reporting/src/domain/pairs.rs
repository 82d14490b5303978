//! Pupils × subjects: who is owed marks in what, and how many there are (R89, R90).

use std::collections::{BTreeMap, HashMap};
use std::ops::AddAssign;

use zhurnal_proto::id::{ClassId, GroupId, PersonId, SubjectId};

/// A pupil in a subject.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pair {
    /// Class of the pupil.
    pub class: ClassId,
    /// Pupil.
    pub pupil: PersonId,
    /// Subject.
    pub subject: SubjectId,
    /// Marks of any kind.
    pub marks: u32,
}

/// Every pupil with every subject that one of the pupil's groups is taught, once.
pub fn pairs(
    pupils: &[(PersonId, ClassId)],
    memberships: &[(GroupId, PersonId)],
    taught: &[(GroupId, SubjectId)],
    marks: &HashMap<(PersonId, SubjectId), u32>,
) -> Vec<Pair> {
    let mut subjects: HashMap<GroupId, Vec<SubjectId>> = HashMap::new();
    for (group, subject) in taught {
        subjects.entry(*group).or_default().push(*subject);
    }
    let classes: HashMap<PersonId, ClassId> = pupils.iter().copied().collect();
    let mut pairs: BTreeMap<(PersonId, SubjectId), Pair> = BTreeMap::new();
    for (group, pupil) in memberships {
        let Some(class) = classes.get(pupil).copied() else {
            continue;
        };
        for subject in subjects.get(group).into_iter().flatten().copied() {
            let marks = marks.get(&(*pupil, subject)).copied().unwrap_or(0);
            pairs.insert(
                (*pupil, subject),
                Pair {
                    class,
                    pupil: *pupil,
                    subject,
                    marks,
                },
            );
        }
    }
    pairs.into_values().collect()
}

/// How many pairs a class has, and how many of them have too few marks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PairFigures {
    /// Pairs.
    pub pairs: u32,
    /// Without a mark (R89).
    pub without_marks: u32,
    /// With one mark (R90).
    pub with_one_mark: u32,
}

impl AddAssign for PairFigures {
    fn add_assign(&mut self, other: Self) {
        self.pairs += other.pairs;
        self.without_marks += other.without_marks;
        self.with_one_mark += other.with_one_mark;
    }
}

/// Figures by class.
pub fn by_class(pairs: &[Pair]) -> BTreeMap<ClassId, PairFigures> {
    let mut classes: BTreeMap<ClassId, PairFigures> = BTreeMap::new();
    for pair in pairs {
        let figures = classes.entry(pair.class).or_default();
        figures.pairs += 1;
        figures.without_marks += u32::from(pair.marks == 0);
        figures.with_one_mark += u32::from(pair.marks == 1);
    }
    classes
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn uuid(n: u128) -> Uuid {
        Uuid::from_u128(n)
    }

    #[test]
    fn a_subject_of_two_groups_of_a_pupil_is_one_pair() {
        let (pupil, class) = (PersonId::from_uuid(uuid(1)), ClassId::from_uuid(uuid(1)));
        let (whole, part) = (GroupId::from_uuid(uuid(1)), GroupId::from_uuid(uuid(2)));
        let (english, art) = (SubjectId::from_uuid(uuid(1)), SubjectId::from_uuid(uuid(2)));
        let stranger = PersonId::from_uuid(uuid(9));
        let marks = [((pupil, english), 1)].into();
        let pairs = pairs(
            &[(pupil, class)],
            &[(whole, pupil), (part, pupil), (whole, stranger)],
            &[(whole, english), (part, english), (whole, art)],
            &marks,
        );
        assert_eq!(
            pairs,
            [
                Pair {
                    class,
                    pupil,
                    subject: english,
                    marks: 1
                },
                Pair {
                    class,
                    pupil,
                    subject: art,
                    marks: 0
                }
            ]
        );
        let figures = PairFigures {
            pairs: 2,
            without_marks: 1,
            with_one_mark: 1,
        };
        assert_eq!(by_class(&pairs), [(class, figures)].into());
    }
}
