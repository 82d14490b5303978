//! The mean of marks, exact: never floating point (R24).

use num_rational::Ratio;

use super::mark::MarkValue;

/// The mean of what has a number; `None` when nothing has.
pub fn mean(values: impl IntoIterator<Item = MarkValue>) -> Option<Ratio<i64>> {
    let (sum, count) = values
        .into_iter()
        .filter_map(MarkValue::exact)
        .fold((Ratio::from_integer(0), 0i64), |(sum, count), value| {
            (sum + value, count + 1)
        });
    (count > 0).then(|| sum / count)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::mark::tests::any_value;

    #[test]
    fn thirds_stay_thirds() {
        let marks = [
            MarkValue::Points(4),
            MarkValue::Points(5),
            MarkValue::Points(5),
            MarkValue::Passed,
        ];
        assert_eq!(mean(marks), Some(Ratio::new(14, 3)));
    }

    #[test]
    fn without_numbers_there_is_no_mean() {
        assert_eq!(mean([]), None);
        assert_eq!(mean([MarkValue::Passed, MarkValue::Failed]), None);
    }

    proptest! {
        #[test]
        fn the_mean_lies_between_the_least_and_the_greatest(values in prop::collection::vec(any_value(), 0..200)) {
            let numbers: Vec<_> = values.iter().filter_map(|value| value.exact()).collect();
            match mean(values) {
                None => prop_assert!(numbers.is_empty()),
                Some(mean) => {
                    prop_assert!(numbers.iter().min() <= Some(&mean) && Some(&mean) <= numbers.iter().max());
                    let total: Ratio<i64> = numbers.iter().sum();
                    prop_assert_eq!(mean * i64::try_from(numbers.len()).unwrap(), total);
                }
            }
        }

        #[test]
        fn the_order_of_marks_does_not_matter(mut values in prop::collection::vec(any_value(), 0..50)) {
            let before = mean(values.clone());
            values.reverse();
            prop_assert_eq!(before, mean(values));
        }
    }
}
