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

/// First calendar year of the academic year of a day among those that there are, the earliest
/// first: the last one that has begun, or the first of all. A year begins on 1 September.
pub fn year_of(day: Date, years: &[i16]) -> Option<i16> {
    let begun = |first: &&i16| Date::new(**first, 9, 1).is_ok_and(|begins| begins <= day);
    years.iter().rev().find(begun).or(years.first()).copied()
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

    #[test]
    fn a_year_is_that_of_today_from_the_first_of_september() {
        let years = [2025, 2026];
        for (day, year) in [
            (date(2026, 8, 31), 2025),
            (date(2026, 9, 1), 2026),
            (date(2030, 1, 1), 2026),
            (date(2025, 8, 31), 2025),
        ] {
            assert_eq!(year_of(day, &years), Some(year), "{day}");
        }
        assert_eq!(year_of(date(2026, 9, 1), &[]), None);
    }
}
