//! Values of the domain as columns, and back. A row that cannot be read back is a
//! fault of the database and is named with its table.

use std::str::FromStr;

use jiff::civil::Time;
use sea_orm::DbErr;

/// A row that no version of this service has written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("corrupt row of {table}: {column} = {value:?}")]
pub struct Corrupt {
    /// Table.
    pub table: &'static str,
    /// Column.
    pub column: &'static str,
    /// What it holds.
    pub value: String,
}

impl Corrupt {
    pub(super) fn new(table: &'static str, column: &'static str, value: impl ToString) -> Self {
        Self {
            table,
            column,
            value: value.to_string(),
        }
    }
}

impl From<Corrupt> for DbErr {
    fn from(corrupt: Corrupt) -> Self {
        DbErr::Type(corrupt.to_string())
    }
}

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
