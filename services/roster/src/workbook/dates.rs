//! Dates and times that a spreadsheet keeps as numbers of days.

use jiff::{
    Span,
    civil::{Date, Time, date},
};

use crate::domain::school_import::book::Cell;

const SECONDS: f64 = 86_400.0;
/// 31 December 9999.
const LAST: f64 = 2_958_466.0;

/// The moment that a number in a date format means; `None` where it means none.
pub(super) fn moment(number: f64, from_1904: bool) -> Option<Cell> {
    if !(0.0..LAST).contains(&number) {
        return None;
    }
    let mut days = number.floor();
    let mut seconds = ((number - days) * SECONDS).round();
    if seconds >= SECONDS {
        days += 1.0;
        seconds = 0.0;
    }
    let time = time_of(seconds)?;
    if days < 1.0 && !from_1904 {
        return Some(Cell::Time(time));
    }
    let day = day_of(days, from_1904)?;
    Some(if seconds == 0.0 {
        Cell::Date(day)
    } else {
        Cell::DateTime(day.to_datetime(time))
    })
}

/// The moment that an ISO 8601 cell holds.
pub(super) fn iso(text: &str) -> Option<Cell> {
    let text = text.trim().trim_end_matches('Z');
    if let Ok(moment) = text.parse::<jiff::civil::DateTime>() {
        let midnight = moment.time() == Time::midnight();
        return Some(if midnight {
            Cell::Date(moment.date())
        } else {
            Cell::DateTime(moment)
        });
    }
    text.parse::<Time>().ok().map(Cell::Time)
}

// Both casts are of numbers that have just been checked to be whole and small.
#[allow(clippy::cast_possible_truncation)]
fn time_of(seconds: f64) -> Option<Time> {
    let seconds = seconds as i64;
    Time::midnight()
        .checked_add(Span::new().try_seconds(seconds).ok()?)
        .ok()
}

#[allow(clippy::cast_possible_truncation)]
fn day_of(days: f64, from_1904: bool) -> Option<Date> {
    let days = days as i64;
    let (first, days) = match (from_1904, days) {
        (true, days) => (date(1904, 1, 1), days),
        // The spreadsheet of 1983 took 1900 for a leap year, and all have kept it: day 60 is a day
        // that never was, and days after it are counted from one day earlier.
        (false, 60) => return None,
        (false, days @ ..60) => (date(1899, 12, 31), days),
        (false, days) => (date(1899, 12, 30), days),
    };
    first.checked_add(Span::new().try_days(days).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use jiff::civil::{datetime, time};

    use super::*;

    #[test]
    fn days_are_counted_with_the_leap_day_that_never_was() {
        assert!(moment(1.0, false) == Some(Cell::Date(date(1900, 1, 1))));
        assert!(moment(59.0, false) == Some(Cell::Date(date(1900, 2, 28))));
        assert!(moment(60.0, false).is_none());
        assert!(moment(61.0, false) == Some(Cell::Date(date(1900, 3, 1))));
        assert!(moment(42_136.0, false) == Some(Cell::Date(date(2015, 5, 12))));
        assert!(moment(40_674.0, true) == Some(Cell::Date(date(2015, 5, 12))));
    }

    #[test]
    fn fractions_are_times_rounded_to_the_second() {
        assert!(moment(8.5 / 24.0, false) == Some(Cell::Time(time(8, 30, 0, 0))));
        assert!(
            moment(42_136.75, false) == Some(Cell::DateTime(datetime(2015, 5, 12, 18, 0, 0, 0)))
        );
        assert!(moment(42_135.999_999_99, false) == Some(Cell::Date(date(2015, 5, 12))));
    }

    #[test]
    fn numbers_that_are_no_date_stay_none() {
        for number in [-1.0, f64::NAN, f64::INFINITY, 3e6] {
            assert!(moment(number, false).is_none(), "{number}");
        }
    }
}
