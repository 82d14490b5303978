//! An academic year: 1 September to 31 August, written `2026/2027`.

use std::fmt;
use std::str::FromStr;

use jiff::civil::{Date, date};

/// Years that a plan may be about.
const KNOWN: std::ops::RangeInclusive<i16> = 2000..=2199;

/// An academic year, by the calendar year in which it starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AcademicYear(i16);

/// A text that is not `YYYY/YYYY` of two consecutive years.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("ожидается учебный год вида 2026/2027")]
pub struct InvalidAcademicYear;

impl AcademicYear {
    /// First day, 1 September.
    pub fn first_day(self) -> Date {
        date(self.0, 9, 1)
    }

    /// Last day, 31 August, inclusive.
    pub fn last_day(self) -> Date {
        date(self.0 + 1, 8, 31)
    }

    /// The year after it.
    pub fn a_year_later(self) -> Self {
        Self(self.0 + 1)
    }

    /// The year before it.
    pub fn a_year_earlier(self) -> Self {
        Self(self.0 - 1)
    }

    /// Whether the day is in the year.
    pub fn contains(self, day: Date) -> bool {
        (self.first_day()..=self.last_day()).contains(&day)
    }
}

impl fmt::Display for AcademicYear {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.0, self.0 + 1)
    }
}

impl FromStr for AcademicYear {
    type Err = InvalidAcademicYear;

    fn from_str(text: &str) -> Result<Self, InvalidAcademicYear> {
        let (start, end) = text.split_once('/').ok_or(InvalidAcademicYear)?;
        let year = |digits: &str| {
            let plain = digits.len() == 4 && digits.bytes().all(|b| b.is_ascii_digit());
            plain
                .then(|| digits.parse::<i16>().ok())
                .flatten()
                .ok_or(InvalidAcademicYear)
        };
        let (start, end) = (year(start)?, year(end)?);
        if KNOWN.contains(&start) && end == start + 1 {
            Ok(Self(start))
        } else {
            Err(InvalidAcademicYear)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_year_reads_back_what_it_shows() {
        let year: AcademicYear = "2026/2027".parse().unwrap();
        assert_eq!(year.to_string(), "2026/2027");
        assert_eq!(
            (year.first_day(), year.last_day()),
            (date(2026, 9, 1), date(2027, 8, 31))
        );
        assert!(year.contains(date(2027, 5, 26)) && !year.contains(date(2026, 8, 31)));
    }

    #[test]
    fn years_that_do_not_follow_each_other_are_refused() {
        for text in [
            "2026",
            "2026/2026",
            "2026/2028",
            "2027/2026",
            "26/27",
            "2026-2027",
            "+026/2027",
            "1026/1027",
            "2026/2027 ",
        ] {
            assert_eq!(
                text.parse::<AcademicYear>(),
                Err(InvalidAcademicYear),
                "{text}"
            );
        }
    }
}
