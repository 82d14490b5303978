//! Civil weeks and academic years.

use jiff::{ToSpan, civil::Date};

/// Monday of the day's week.
pub fn monday_of(day: Date) -> Date {
    let back = i64::from(day.weekday().to_monday_zero_offset());
    day.saturating_sub(back.days())
}

/// The seven days from a Monday.
pub fn days_of(monday: Date) -> impl Iterator<Item = Date> {
    (0..7).map(move |offset| monday.saturating_add(offset.days()))
}

/// First calendar year of `2026/2027`.
pub fn first_year(academic_year: &str) -> Option<i16> {
    let (first, second) = academic_year.split_once('/')?;
    let (first, second): (i16, i16) = (first.parse().ok()?, second.parse().ok()?);
    (first.checked_add(1) == Some(second) && (1900..3000).contains(&first)).then_some(first)
}

/// Text of an academic year by its first calendar year.
pub fn academic_year(first: i16) -> String {
    format!("{first}/{}", i32::from(first) + 1)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_week_begins_on_monday() {
        assert_eq!(monday_of(date(2026, 9, 1)), date(2026, 8, 31));
        assert_eq!(monday_of(date(2026, 8, 31)), date(2026, 8, 31));
        assert_eq!(monday_of(date(2026, 9, 6)), date(2026, 8, 31));
        assert_eq!(days_of(date(2026, 8, 31)).last(), Some(date(2026, 9, 6)));
    }

    #[test]
    fn an_academic_year_is_two_years_that_follow() {
        assert_eq!(first_year("2026/2027"), Some(2026));
        assert_eq!(academic_year(2026), "2026/2027");
        for text in ["2026", "2026/2028", "2026-2027", "", "a/b", "0/1"] {
            assert_eq!(first_year(text), None, "{text}");
        }
    }
}
