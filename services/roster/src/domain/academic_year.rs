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
}
