//! Means of marks: exact fractions, rounded only when shown or made a mark.
//!
//! Invariant: rounding is half up, in the pupil's favour (R24); never floating point.

use std::fmt;

use num_rational::Ratio;

/// Keeps sums with a mean far from the end of 128 bits.
const LARGEST_DENOMINATOR: u128 = 1 << 100;

/// An exact, positive mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Average(Ratio<u128>);

impl Average {
    /// Mean of `count` marks whose sum is `halves` halves; `None` without marks.
    pub fn of_halves(halves: u32, count: u32) -> Option<Self> {
        (count > 0).then(|| Self(Ratio::new(halves.into(), 2 * u128::from(count))))
    }

    /// Mean of means, each with the same weight. Exact while the common denominator is
    /// below 2^100, as for any real class; past that made of hundredths.
    pub fn of_means(means: &[Average]) -> Option<Self> {
        let count = u128::try_from(means.len()).ok().filter(|n| *n > 0)?;
        let sum = means.iter().try_fold((0u128, 1u128), |sum, one| {
            add(sum, (*one.0.numer(), *one.0.denom()))
        });
        let exact = sum.and_then(|(n, d)| Some(Ratio::new(n, d.checked_mul(count)?)));
        let exact = exact.filter(|mean| *mean.denom() < LARGEST_DENOMINATOR);
        let from_hundredths = || {
            Ratio::new(
                means.iter().map(|m| u128::from(m.hundredths())).sum(),
                100 * count,
            )
        };
        Some(Self(exact.unwrap_or_else(from_hundredths)))
    }

    /// Hundredths, half up: what is printed.
    pub fn hundredths(self) -> u32 {
        let (n, d) = (*self.0.numer(), *self.0.denom());
        u32::try_from((200 * n + d) / (2 * d)).unwrap_or(u32::MAX)
    }

    /// The mark that it comes to, half up (R23, R24).
    pub fn mark(self) -> u8 {
        let rounded = (self.0 + Ratio::new(1, 2)).to_integer();
        u8::try_from(rounded).unwrap_or(u8::MAX)
    }
}

fn add((an, ad): (u128, u128), (bn, bd): (u128, u128)) -> Option<(u128, u128)> {
    let sum = an.checked_mul(bd)?.checked_add(bn.checked_mul(ad)?)?;
    let reduced = Ratio::new(sum, ad.checked_mul(bd)?);
    Some((*reduced.numer(), *reduced.denom()))
}

impl fmt::Display for Average {
    /// Two decimals and a comma: `4,33`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let hundredths = self.hundredths();
        write!(f, "{},{:02}", hundredths / 100, hundredths % 100)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn of(halves: u32, count: u32) -> Average {
        Average::of_halves(halves, count).unwrap()
    }

    #[test]
    fn a_half_goes_up_in_the_pupils_favour() {
        assert_eq!(of(9, 1).mark(), 5, "4/5 alone is four and a half");
        assert_eq!(of(7 + 8 + 8, 3).mark(), 4, "3,83");
        assert_eq!(of(13, 2).mark(), 3, "3,25");
        assert_eq!(of(14, 2).mark(), 4, "3,50");
    }

    #[test]
    fn means_are_printed_with_two_decimals_and_a_comma() {
        assert_eq!(of(26, 3).to_string(), "4,33");
        assert_eq!(of(28, 3).to_string(), "4,67");
        assert_eq!(of(10, 1).to_string(), "5,00");
        assert_eq!(of(1_786, 200).to_string(), "4,47", "4,465 goes up");
    }

    #[test]
    fn without_marks_there_is_no_mean() {
        assert_eq!(Average::of_halves(0, 0), None);
        assert_eq!(Average::of_means(&[]), None);
    }

    #[test]
    fn a_mean_of_means_is_exact() {
        let means = [of(26, 3), of(9, 1)];
        assert_eq!(Average::of_means(&means).unwrap().0, Ratio::new(53, 12));
    }

    #[test]
    fn a_mean_of_means_without_a_common_denominator_is_right_to_a_hundredth() {
        let odd = [
            331u32, 337, 347, 349, 353, 359, 367, 373, 379, 383, 389, 397, 401, 409, 419, 421, 431,
            433,
        ];
        let means: Vec<Average> = odd.iter().map(|n| of(2 * 4 * n + 1, *n)).collect();
        assert_eq!(Average::of_means(&means).unwrap().to_string(), "4,00");
    }

    proptest! {
        #[test]
        fn the_printed_mean_is_within_half_a_hundredth(marks in prop::collection::vec(4u32..=10, 1..200)) {
            let (halves, count) = (marks.iter().sum(), marks.len() as u32);
            let shown = i64::from(of(halves, count).hundredths());
            // |shown/100 - halves/(2 count)| <= 1/200
            let off = (shown * i64::from(count) - 50 * i64::from(halves)).abs();
            prop_assert!(2 * off <= i64::from(count));
        }

        #[test]
        fn a_mark_is_never_below_the_mean_by_more_than_less_than_half(marks in prop::collection::vec(4u32..=10, 1..60)) {
            let (halves, count): (u32, u32) = (marks.iter().sum(), marks.len() as u32);
            let mark = u32::from(of(halves, count).mark());
            prop_assert!(2 * mark * count + count > halves && 2 * mark * count <= halves + count);
        }
    }
}
