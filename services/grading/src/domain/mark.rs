//! The value of a mark.
//!
//! Invariant: a value has one text, and the text gives the value back.

use std::fmt;

use num_rational::Ratio;

/// Lowest point that a policy may allow (`1` is off by default).
const LOWEST: u8 = 1;
/// Highest point of the scale.
const HIGHEST: u8 = 5;

/// What a teacher writes into a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MarkValue {
    /// A point of the five-point scale.
    Points(u8),
    /// A split mark such as `4/5`: one mark, worth the middle of both.
    Split(u8, u8),
    /// `зач`.
    Passed,
    /// `незач`.
    Failed,
}

/// The text is no mark under the policy.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a mark")]
pub struct InvalidMark;

impl MarkValue {
    /// Reads what a person wrote; `one_allowed` is the policy's word on `1`.
    pub fn parse(text: &str, one_allowed: bool) -> Result<MarkValue, InvalidMark> {
        let value = MarkValue::read(&text.trim().to_lowercase()).ok_or(InvalidMark)?;
        let lowest = match value {
            MarkValue::Points(point) => point,
            MarkValue::Split(one, other) => one.min(other),
            MarkValue::Passed | MarkValue::Failed => HIGHEST,
        };
        if lowest == LOWEST && !one_allowed {
            Err(InvalidMark)
        } else {
            Ok(value)
        }
    }

    /// Reads the canonical text of a stored value, whatever the policy says now.
    pub fn stored(text: &str) -> Result<MarkValue, InvalidMark> {
        MarkValue::read(text).ok_or(InvalidMark)
    }

    fn read(text: &str) -> Option<MarkValue> {
        match text {
            "зач" => return Some(MarkValue::Passed),
            "незач" => return Some(MarkValue::Failed),
            _ => {}
        }
        match text.split_once('/') {
            None => point(text).map(MarkValue::Points),
            Some((one, other)) => Some(MarkValue::Split(point(one)?, point(other)?)),
        }
    }

    /// What it counts in a mean; pass and fail do not count.
    pub fn exact(self) -> Option<Ratio<i64>> {
        match self {
            MarkValue::Points(point) => Some(Ratio::from_integer(i64::from(point))),
            MarkValue::Split(one, other) => Some(Ratio::new(i64::from(one) + i64::from(other), 2)),
            MarkValue::Passed | MarkValue::Failed => None,
        }
    }
}

fn point(text: &str) -> Option<u8> {
    let [digit] = text.as_bytes() else {
        return None;
    };
    let point = digit.checked_sub(b'0')?;
    (LOWEST..=HIGHEST).contains(&point).then_some(point)
}

impl fmt::Display for MarkValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            MarkValue::Points(point) => write!(f, "{point}"),
            MarkValue::Split(one, other) => write!(f, "{one}/{other}"),
            MarkValue::Passed => f.write_str("зач"),
            MarkValue::Failed => f.write_str("незач"),
        }
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use proptest::prelude::*;

    use super::*;

    pub(crate) fn any_value() -> impl Strategy<Value = MarkValue> {
        prop_oneof![
            (1u8..=5).prop_map(MarkValue::Points),
            (1u8..=5, 1u8..=5).prop_map(|(one, other)| MarkValue::Split(one, other)),
            Just(MarkValue::Passed),
            Just(MarkValue::Failed),
        ]
    }

    #[test]
    fn the_scale_is_two_to_five_and_one_only_by_policy() {
        for text in [
            "2",
            "3",
            "4",
            "5",
            " 5 ",
            "4/5",
            "5/2",
            "зач",
            "незач",
            "Зач",
        ] {
            assert!(MarkValue::parse(text, false).is_ok(), "{text}");
        }
        for text in ["1", "4/1"] {
            assert_eq!(MarkValue::parse(text, false), Err(InvalidMark));
            assert!(MarkValue::parse(text, true).is_ok());
        }
    }

    #[test]
    fn anything_else_is_no_mark() {
        for text in [
            "", "0", "6", "10", "-5", "+5", "5.", "4,5", "4/5/5", "/", "4/", "/5", "н", "пять",
            "５",
        ] {
            assert_eq!(MarkValue::parse(text, true), Err(InvalidMark), "{text}");
        }
    }

    #[test]
    fn a_split_mark_is_one_mark_of_nine_halves() {
        assert_eq!(
            MarkValue::parse("4/5", false).unwrap().exact(),
            Some(Ratio::new(9, 2))
        );
    }

    #[test]
    fn pass_and_fail_have_no_number() {
        assert_eq!(MarkValue::Passed.exact(), None);
        assert_eq!(MarkValue::Failed.exact(), None);
    }

    proptest! {
        #[test]
        fn a_value_is_read_back_from_its_text(value in any_value()) {
            prop_assert_eq!(MarkValue::stored(&value.to_string()), Ok(value));
            prop_assert_eq!(MarkValue::parse(&value.to_string(), true), Ok(value));
        }

        #[test]
        fn a_number_stays_on_the_scale(value in any_value()) {
            if let Some(exact) = value.exact() {
                prop_assert!(exact >= Ratio::from_integer(1) && exact <= Ratio::from_integer(5));
            }
        }

        #[test]
        fn no_text_makes_the_parser_panic(text in ".{0,12}") {
            let _ = MarkValue::parse(&text, true);
        }
    }
}
