//! Values of the domain as columns, and back.

use std::str::FromStr;

use chassis::db::Corrupt;
use jiff::civil::Time;

/// Reads a text column.
pub(super) fn read<T: FromStr>(
    table: &'static str,
    column: &'static str,
    text: &str,
) -> Result<T, Corrupt> {
    text.parse().map_err(|_| Corrupt::new(table, column, text))
}

/// A time of day as stored: `HH:MM`, sorts by time.
pub(super) fn time(time: Time) -> String {
    time.strftime("%H:%M").to_string()
}

/// A count read from a sum.
pub(super) fn count(
    table: &'static str,
    column: &'static str,
    number: i64,
) -> Result<u32, Corrupt> {
    u32::try_from(number).map_err(|_| Corrupt::new(table, column, number))
}
