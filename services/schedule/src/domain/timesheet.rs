//! Timesheet (табель, R116): it follows from the lessons and is never entered.

use std::collections::BTreeMap;

use jiff::civil::Date;
use zhurnal_proto::id::PersonId;

/// Lessons of a day that are alike for the timesheet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stint {
    /// Date.
    pub date: Date,
    /// Teacher by the timetable.
    pub teacher: PersonId,
    /// Substitute.
    pub substitute: Option<PersonId>,
    /// Will not be held.
    pub cancelled: bool,
    /// How many.
    pub lessons: u32,
}

/// Lessons of a teacher in some days.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Row {
    /// By the timetable.
    pub planned: u32,
    /// Of them given by a substitute.
    pub replaced: u32,
    /// Of them cancelled.
    pub cancelled: u32,
    /// Given for others.
    pub substituted: u32,
    /// Given in all, by day; days without any are left out.
    pub days: BTreeMap<Date, u32>,
}

impl Row {
    /// Given in all.
    pub fn given(&self) -> u32 {
        self.days.values().sum()
    }
}

/// The rows, by teacher.
pub fn timesheet(stints: &[Stint]) -> BTreeMap<PersonId, Row> {
    let mut rows: BTreeMap<PersonId, Row> = BTreeMap::new();
    for stint in stints {
        let own = rows.entry(stint.teacher).or_default();
        own.planned += stint.lessons;
        let given_by = match (stint.cancelled, stint.substitute) {
            (true, _) => {
                own.cancelled += stint.lessons;
                continue;
            }
            (false, None) => own,
            (false, Some(substitute)) => {
                own.replaced += stint.lessons;
                let other = rows.entry(substitute).or_default();
                other.substituted += stint.lessons;
                other
            }
        };
        *given_by.days.entry(stint.date).or_default() += stint.lessons;
    }
    rows
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;

    fn person(n: u128) -> PersonId {
        PersonId::from_uuid(Uuid::from_u128(n))
    }

    fn stint() -> impl Strategy<Value = Stint> {
        let substitute = proptest::option::of(4u128..8);
        (1i8..=30, 1u128..4, substitute, any::<bool>(), 1u32..7).prop_map(
            |(day, teacher, substitute, cancelled, lessons)| Stint {
                date: date(2026, 9, day),
                teacher: person(teacher),
                substitute: substitute.map(person),
                cancelled,
                lessons,
            },
        )
    }

    proptest! {
        #[test]
        fn every_lesson_is_given_once_or_cancelled(stints in proptest::collection::vec(stint(), 0..40)) {
            let rows = timesheet(&stints);
            let all: u32 = stints.iter().map(|one| one.lessons).sum();
            let cancelled: u32 = rows.values().map(|row| row.cancelled).sum();
            prop_assert_eq!(rows.values().map(|row| row.planned).sum::<u32>(), all);
            prop_assert_eq!(rows.values().map(Row::given).sum::<u32>() + cancelled, all);
            for row in rows.values() {
                prop_assert_eq!(row.given(), row.planned - row.replaced - row.cancelled + row.substituted);
                prop_assert!(row.days.values().all(|given| *given > 0));
            }
        }
    }

    #[test]
    fn a_substitution_moves_the_hour_and_a_cancelled_one_is_nobodys() {
        let stint = |substitute, cancelled| Stint {
            date: date(2026, 9, 7),
            teacher: person(1),
            substitute,
            cancelled,
            lessons: 1,
        };
        let rows = timesheet(&[
            stint(None, false),
            stint(Some(person(2)), false),
            stint(Some(person(2)), true),
        ]);
        let own = &rows[&person(1)];
        assert_eq!(
            (own.planned, own.replaced, own.cancelled, own.given()),
            (3, 1, 1, 1)
        );
        let other = &rows[&person(2)];
        assert_eq!((other.planned, other.substituted, other.given()), (0, 1, 1));
    }
}
