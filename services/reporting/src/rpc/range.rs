//! The days that a request means.

use chassis::status;
use jiff::civil::{Date, date};
use tonic::Status;

use super::parse;
use crate::domain::days::{Days, DaysError};
use crate::domain::period::{self, Period};

/// From and to as written; either may be left out.
#[derive(Debug, Clone, Copy)]
pub struct Wanted {
    from: Option<Date>,
    to: Option<Date>,
}

impl Wanted {
    /// Reads both.
    pub fn read(from: &str, to: &str) -> Result<Self, Status> {
        Ok(Self {
            from: parse::optional_date("from", from)?,
            to: parse::optional_date("to", to)?,
        })
    }

    /// The days: without a first one from the start of the period that is present on
    /// the last one, without a last one until today.
    pub fn days(self, periods: &[Period], grade: Option<u8>, today: Date) -> Result<Days, Status> {
        let reference = self.to.unwrap_or(today);
        let from = self.from.unwrap_or_else(|| {
            period::present(periods, grade, reference)
                .map_or_else(|| first_of_september(reference), |p| p.days.from())
        });
        // Before the year has begun there is nothing yet, and no error either.
        let to = self.to.unwrap_or_else(|| today.max(from));
        Days::new(from, to).map_err(|error| {
            let rule = match error {
                DaysError::Reversed => "REVERSED",
                DaysError::TooLong => "RANGE_TOO_LONG",
            };
            status::invalid_field("to", rule, &error.to_string())
        })
    }
}

/// The start of the academic year that the day lies in, before any calendar is known.
fn first_of_september(day: Date) -> Date {
    let year = if day.month() >= 9 {
        day.year()
    } else {
        day.year() - 1
    };
    date(year, 9, 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quarter() -> Vec<Period> {
        let days = Days::new(date(2026, 11, 2), date(2026, 12, 30)).unwrap();
        vec![Period {
            title: "2 четверть".into(),
            days,
            grade_from: 1,
            grade_to: 9,
        }]
    }

    fn days(from: &str, to: &str, today: Date) -> (Date, Date) {
        let days = Wanted::read(from, to)
            .unwrap()
            .days(&quarter(), None, today)
            .unwrap();
        (days.from(), days.to())
    }

    #[test]
    fn without_days_the_present_period_until_today_is_meant() {
        assert_eq!(
            days("", "", date(2026, 11, 20)),
            (date(2026, 11, 2), date(2026, 11, 20))
        );
        assert_eq!(
            days("2026-11-10", "", date(2026, 11, 20)),
            (date(2026, 11, 10), date(2026, 11, 20))
        );
        assert_eq!(
            days("", "2026-12-25", date(2026, 11, 20)),
            (date(2026, 11, 2), date(2026, 12, 25))
        );
    }

    #[test]
    fn before_the_first_period_the_range_is_one_day() {
        assert_eq!(
            days("", "", date(2026, 8, 20)),
            (date(2026, 11, 2), date(2026, 11, 2))
        );
    }

    #[test]
    fn without_a_calendar_the_year_begins_in_september() {
        let days = Wanted::read("", "")
            .unwrap()
            .days(&[], None, date(2027, 3, 5))
            .unwrap();
        assert_eq!(days.from(), date(2026, 9, 1));
    }

    #[test]
    fn a_range_that_is_none_is_refused_by_field() {
        let refused = |from, to| {
            Wanted::read(from, to)
                .unwrap()
                .days(&[], None, date(2026, 11, 20))
                .unwrap_err()
        };
        let rules: Vec<String> = [
            refused("2026-11-10", "2026-11-09"),
            refused("2024-01-01", "2026-01-01"),
        ]
        .iter()
        .flat_map(status::violations)
        .map(|violation| violation.reason)
        .collect();
        assert_eq!(rules, ["REVERSED", "RANGE_TOO_LONG"]);
    }
}
