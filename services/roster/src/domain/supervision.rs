//! Who decides on corrections (R27). By default the grades of the school in equal runs, one
//! run per deputy, in the order of the staff list; then as the school sets it.

use std::ops::RangeInclusive;

use jiff::civil::Date;
use uuid::Uuid;
use zhurnal_proto::id::{PersonId, SupervisionId};

use super::record::Supervision;

/// Somebody who is to be in charge of a run of grades.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// Card.
    pub person_id: PersonId,
    /// Grades, 1 to 11.
    pub grades: RangeInclusive<u8>,
}

impl Wanted {
    fn is(&self, kept: &Supervision) -> bool {
        (self.person_id, &self.grades) == (kept.person_id, &kept.grades())
    }
}

/// Why somebody cannot be put in charge; the number is a place in the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// The last grade comes before the first.
    GradeOrder(usize),
    /// The person is in charge of one of the grades already, by an earlier place.
    Overlap(usize),
}

/// The first of the wanted that cannot be.
pub fn check(wanted: &[Wanted]) -> Result<(), Refusal> {
    for (at, one) in wanted.iter().enumerate() {
        if one.grades.is_empty() {
            return Err(Refusal::GradeOrder(at));
        }
        let meets = |earlier: &&Wanted| {
            earlier.person_id == one.person_id
                && earlier.grades.start() <= one.grades.end()
                && one.grades.start() <= earlier.grades.end()
        };
        if wanted.iter().take(at).any(|earlier| meets(&earlier)) {
            return Err(Refusal::Overlap(at));
        }
    }
    Ok(())
}

/// What a change makes of the school's supervisions.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Changed {
    /// Given their last day.
    pub ended: Vec<Supervision>,
    /// New ones.
    pub begun: Vec<Supervision>,
}

impl Changed {
    /// Whether nothing is different.
    pub fn is_empty(&self) -> bool {
        self.ended.is_empty() && self.begun.is_empty()
    }
}

/// Puts the wanted in charge from the day on. Who was and is not wanted ends on the day
/// before (one that began on the day, or is to begin, then counts on no day); who is in
/// charge of the same grades already stays as it is.
pub fn put(
    kept: &[Supervision],
    wanted: &[Wanted],
    day: Date,
    mut new_id: impl FnMut() -> Uuid,
) -> Changed {
    let open = |one: &&Supervision| one.ends_on.is_none_or(|last| last >= day);
    let (stay, go): (Vec<&Supervision>, Vec<&Supervision>) = kept
        .iter()
        .filter(open)
        .partition(|one| one.starts_on <= day && wanted.iter().any(|w| w.is(one)));
    let ended = go.into_iter().map(|one| Supervision {
        ends_on: day.yesterday().ok(),
        ..one.clone()
    });
    let is_new = |w: &&Wanted| !stay.iter().any(|one| w.is(one));
    let begun = wanted.iter().filter(is_new).map(|w| Supervision {
        id: SupervisionId::from_uuid(new_id()),
        person_id: w.person_id,
        grade_from: *w.grades.start(),
        grade_to: *w.grades.end(),
        starts_on: day,
        ends_on: None,
    });
    Changed {
        ended: ended.collect(),
        begun: begun.collect(),
    }
}

/// How many changes there were: each adds a supervision or ends one.
pub fn version(kept: &[Supervision]) -> i64 {
    let ended = kept.iter().filter(|one| one.ends_on.is_some()).count();
    i64::try_from(kept.len() + ended + 1).unwrap_or(i64::MAX)
}

/// Splits the grades between so many deputies: run `i` is for deputy `i`. Runs are
/// contiguous, differ by at most one grade, the longer ones first. With more deputies
/// than grades the last ones get none.
pub fn split(grades: RangeInclusive<u8>, deputies: usize) -> Vec<RangeInclusive<u8>> {
    let total =
        usize::from(grades.end().saturating_sub(*grades.start())) + usize::from(!grades.is_empty());
    let runs = deputies.min(total);
    let mut first = *grades.start();
    let mut out = Vec::with_capacity(runs);
    for at in 0..runs {
        let length = total / runs + usize::from(at < total % runs);
        let last = first + u8::try_from(length).unwrap_or(1) - 1;
        out.push(first..=last);
        first = last.saturating_add(1);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn eleven_grades_fall_to_two_deputies_as_six_and_five() {
        assert_eq!(split(1..=11, 2), [1..=6, 7..=11]);
        assert_eq!(split(1..=11, 3), [1..=4, 5..=8, 9..=11]);
        assert_eq!(split(5..=5, 3), [5..=5]);
        assert!(split(1..=11, 0).is_empty());
    }

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    fn deputy(number: u128) -> PersonId {
        PersonId::from_uuid(Uuid::from_u128(number))
    }

    fn wanted(person: u128, grades: RangeInclusive<u8>) -> Wanted {
        let person_id = deputy(person);
        Wanted { person_id, grades }
    }

    fn kept(id: u128, of: &Wanted, from: &str, to: Option<&str>) -> Supervision {
        Supervision {
            id: SupervisionId::from_uuid(Uuid::from_u128(id)),
            person_id: of.person_id,
            grade_from: *of.grades.start(),
            grade_to: *of.grades.end(),
            starts_on: day(from),
            ends_on: to.map(day),
        }
    }

    #[test]
    fn who_is_not_wanted_ends_the_day_before_and_who_is_stays_as_it_was() {
        let today = day("2026-11-23");
        let (first, second, third) = (wanted(1, 1..=6), wanted(2, 7..=11), wanted(2, 5..=11));
        let before = [
            kept(1, &first, "2026-09-01", None),
            kept(2, &second, "2026-09-01", None),
            kept(3, &third, "2026-08-01", Some("2026-08-31")),
            kept(4, &third, "2026-11-23", None),
            kept(5, &first, "2027-01-11", None),
        ];
        let changed = put(&before, &[first.clone(), wanted(3, 7..=11)], today, || {
            Uuid::from_u128(9)
        });
        assert_eq!(
            changed.ended,
            [
                kept(2, &second, "2026-09-01", Some("2026-11-22")),
                kept(4, &third, "2026-11-23", Some("2026-11-22")),
                kept(5, &first, "2027-01-11", Some("2026-11-22")),
            ]
        );
        assert_eq!(
            changed.begun,
            [kept(9, &wanted(3, 7..=11), "2026-11-23", None)]
        );
        let again = put(&before[..2], &[second, first], today, Uuid::nil);
        assert!(again.is_empty());
        assert_eq!(version(&[]), 1);
        assert_eq!(version(&before), 7);
    }

    #[test]
    fn one_person_is_in_charge_of_a_grade_once() {
        assert_eq!(
            check(&[wanted(1, 1..=4), wanted(1, 6..=6), wanted(2, 1..=11)]),
            Ok(())
        );
        assert_eq!(
            check(&[wanted(1, 1..=4), wanted(2, 4..=5), wanted(1, 4..=4)]),
            Err(Refusal::Overlap(2))
        );
        let (first, last) = (5, 4);
        assert_eq!(
            check(&[wanted(1, 1..=1), wanted(1, first..=last)]),
            Err(Refusal::GradeOrder(1))
        );
    }

    proptest! {
        #[test]
        fn every_grade_has_exactly_one_deputy(first in 1u8..=11, length in 1u8..=11, deputies in 1usize..=15) {
            let last = (first + length - 1).min(11).max(first);
            let runs = split(first..=last, deputies);
            let covered: Vec<u8> = runs.iter().cloned().flatten().collect();
            prop_assert_eq!(covered, (first..=last).collect::<Vec<_>>());
            let lengths: Vec<usize> = runs.iter().map(|run| run.clone().count()).collect();
            prop_assert!(lengths.iter().max().unwrap() - lengths.iter().min().unwrap() <= 1);
        }
    }
}
