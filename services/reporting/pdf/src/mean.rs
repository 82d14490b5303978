//! A mean of marks as an exact fraction; rounding happens only when it is printed.

use std::fmt;

/// An exact, non-negative mean, printed with two decimals, half up and with a comma: `4,33`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mean {
    numerator: u64,
    denominator: u64,
}

impl Mean {
    /// `None` when there is nothing to divide by, that is, no marks.
    #[must_use]
    pub fn new(numerator: u64, denominator: u64) -> Option<Self> {
        (denominator > 0).then_some(Self {
            numerator,
            denominator,
        })
    }
}

impl fmt::Display for Mean {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (n, d) = (u128::from(self.numerator), u128::from(self.denominator));
        let hundredths = (n * 200 + d) / (2 * d);
        write!(f, "{},{:02}", hundredths / 100, hundredths % 100)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn printed(numerator: u64, denominator: u64) -> String {
        Mean::new(numerator, denominator).unwrap().to_string()
    }

    #[test]
    fn half_a_hundredth_goes_up_and_less_goes_down() {
        assert_eq!(printed(13, 3), "4,33");
        assert_eq!(printed(14, 3), "4,67");
        assert_eq!(printed(4_465, 1_000), "4,47");
        assert_eq!(printed(44_649, 10_000), "4,46");
        assert_eq!(printed(5, 1), "5,00");
        assert_eq!(printed(u64::MAX, u64::MAX), "1,00");
    }

    #[test]
    fn no_marks_give_no_mean() {
        assert_eq!(Mean::new(0, 0), None);
    }
}
