//! The present academic year of a school, from 1 September to 31 August.

use jiff::civil::Date;

use super::school_import::value::{AcademicYear, Value};

/// The day itself, or the nearest one that the year `2026/2027` has. A year that
/// cannot be read limits nothing.
pub fn within(year: &str, day: Date) -> Date {
    match AcademicYear::parse(year) {
        Ok(year) => day.clamp(year.first_day(), year.last_day()),
        Err(_) => day,
    }
}

/// The calendar year in which `2026/2027` begins.
pub fn begins(year: &str) -> Option<i16> {
    let year = AcademicYear::parse(year).ok()?;
    Some(year.first_day().year())
}

/// The calendar year in which the academic year of a day begins; what is planned in
/// July and August is of the next one.
pub fn begins_before(day: Date) -> i16 {
    day.year() - i16::from(day.month() < 7)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_day_outside_the_year_becomes_its_first_or_last() {
        assert_eq!(within("2026/2027", date(2026, 8, 20)), date(2026, 9, 1));
        assert_eq!(within("2026/2027", date(2026, 11, 22)), date(2026, 11, 22));
        assert_eq!(within("2026/2027", date(2027, 9, 1)), date(2027, 8, 31));
    }

    #[test]
    fn the_summer_plans_for_the_next_year() {
        assert_eq!(begins_before(date(2026, 6, 30)), 2025);
        assert_eq!(begins_before(date(2026, 7, 1)), 2026);
        assert_eq!(begins_before(date(2027, 1, 10)), 2026);
    }
}
