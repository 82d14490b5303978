//! Who could stand in for the teacher of a lesson.

use std::collections::{BTreeMap, BTreeSet};

use zhurnal_proto::id::PersonId;

use super::lesson::Lesson;
use super::refusal::Refusal;

/// A teacher without a lesson at the time of another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FreeTeacher {
    /// Card.
    pub id: PersonId,
    /// Has a load of the same subject.
    pub teaches_subject: bool,
    /// Lessons that day.
    pub lesson_count: usize,
}

/// Of the teachers who are free at the time of the lesson: those of its subject first,
/// then those who are at the school that day with the fewest lessons. `day` are the
/// school's lessons of that day.
pub fn free_teachers(
    lesson: &Lesson,
    day: &[Lesson],
    teachers: &BTreeSet<PersonId>,
    of_subject: &BTreeSet<PersonId>,
) -> Result<Vec<FreeTeacher>, Refusal> {
    let holder = lesson.taught_by().ok_or(Refusal::LessonNotPlanned)?;
    let mut taught: BTreeMap<PersonId, Vec<&Lesson>> = BTreeMap::new();
    for one in day {
        if let Some(teacher) = one.taught_by() {
            taught.entry(teacher).or_default().push(one);
        }
    }
    let busy = |lessons: &[&Lesson]| lessons.iter().any(|one| one.slot.overlaps(&lesson.slot));
    let mut free: Vec<FreeTeacher> = teachers
        .iter()
        .filter(|teacher| **teacher != holder)
        .map(|teacher| (*teacher, taught.remove(teacher).unwrap_or_default()))
        .filter(|(_, lessons)| !busy(lessons))
        .map(|(id, lessons)| FreeTeacher {
            id,
            teaches_subject: of_subject.contains(&id),
            lesson_count: lessons.len(),
        })
        .collect();
    free.sort_by_key(|one| {
        let away = one.lesson_count == 0;
        (!one.teaches_subject, away, one.lesson_count, one.id)
    });
    Ok(free)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use uuid::Uuid;
    use zhurnal_proto::id::{GroupId, LessonId, SubjectId};

    use super::*;
    use crate::domain::lesson::{LessonState, Slot};

    const fn person(n: u128) -> PersonId {
        PersonId::from_uuid(Uuid::from_u128(n))
    }

    fn lesson(id: u128, teacher: u128, from: &str, to: &str) -> Lesson {
        Lesson {
            id: LessonId::from_uuid(Uuid::from_u128(id)),
            slot: Slot {
                date: date(2026, 9, 7),
                starts_at: from.parse().unwrap(),
                ends_at: to.parse().unwrap(),
            },
            group: GroupId::from_uuid(Uuid::from_u128(10)),
            subject: SubjectId::from_uuid(Uuid::from_u128(11)),
            teacher: person(teacher),
            state: LessonState::Planned { substitution: None },
            remote: false,
            version: 1,
        }
    }

    fn ids(free: &[FreeTeacher]) -> Vec<PersonId> {
        free.iter().map(|one| one.id).collect()
    }

    #[test]
    fn the_subjects_teachers_come_first_then_who_is_at_the_school() {
        let own = lesson(1, 1, "08:00", "08:40");
        let day = [
            own.clone(),
            lesson(2, 2, "08:20", "09:00"),
            lesson(3, 3, "08:40", "09:20"),
            lesson(4, 3, "09:30", "10:10"),
            lesson(5, 5, "09:30", "10:10"),
        ];
        let teachers = (1..=6).map(person).collect();
        let free = free_teachers(&own, &day, &teachers, &[person(6)].into()).unwrap();
        assert_eq!(ids(&free), [person(6), person(5), person(3), person(4)]);
        assert_eq!(
            free[2],
            FreeTeacher {
                id: person(3),
                teaches_subject: false,
                lesson_count: 2
            }
        );
    }

    #[test]
    fn who_gave_the_hour_away_is_free_and_who_took_it_is_not() {
        let own = lesson(1, 1, "08:00", "08:40");
        let given = lesson(2, 2, "08:00", "08:40")
            .put_teacher(person(3), "болезнь".into(), &[])
            .unwrap();
        let dropped = lesson(3, 4, "08:00", "08:40")
            .cancel("карантин".into())
            .unwrap();
        let teachers = (1..=4).map(person).collect();
        let day = [own.clone(), given, dropped];
        let free = free_teachers(&own, &day, &teachers, &BTreeSet::new()).unwrap();
        assert_eq!(ids(&free), [person(2), person(4)]);
    }

    #[test]
    fn nobody_stands_in_at_a_cancelled_lesson() {
        let own = lesson(1, 1, "08:00", "08:40")
            .cancel("карантин".into())
            .unwrap();
        let free = free_teachers(&own, &[], &[person(2)].into(), &BTreeSet::new());
        assert_eq!(free, Err(Refusal::LessonNotPlanned));
    }
}
