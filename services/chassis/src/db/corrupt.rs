//! A row that cannot be read back is a fault of the database, named with its table.

use sea_orm::DbErr;

/// A row that no version of the service has written.
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
    /// What stands in a column and cannot be.
    pub fn new(table: &'static str, column: &'static str, value: impl ToString) -> Self {
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
