//! Who decides on corrections by default: the grades of the school in equal runs,
//! one run per deputy, in the order of the staff list (R27). A school changes it later.

use std::ops::RangeInclusive;

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
