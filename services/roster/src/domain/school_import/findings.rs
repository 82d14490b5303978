//! What an import has to say: errors, warnings, normalisations and notices, each with its place.
//!
//! Invariant: `value`, `before` and `after` are the only fields that can hold personal data, and
//! `Debug` prints none of them.

use std::{borrow::Cow, fmt};

pub use super::reason::Reason;
use super::{book::column_letter, template::SheetKind};

/// A row of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RowRef {
    /// Its sheet.
    pub sheet: SheetKind,
    /// Its number in the spreadsheet, 1 for the first.
    pub row: u32,
}

impl fmt::Display for RowRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "лист «{}», строка {}", self.sheet.title(), self.row)
    }
}

/// A column of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// The header as the file has it; where the column is missing, as the form has it.
    pub header: String,
    /// Its letters in the spreadsheet, empty where the column is missing.
    pub letter: String,
}

impl Column {
    pub(super) fn at(header: &str, position: u16) -> Self {
        Self {
            header: header.to_owned(),
            letter: column_letter(position),
        }
    }
}

impl fmt::Display for Column {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.letter.is_empty() {
            f.write_str(&self.header)
        } else {
            write!(f, "{} ({})", self.header, self.letter)
        }
    }
}

/// An error or a warning.
#[derive(Clone, PartialEq, Eq)]
pub struct Issue {
    /// The sheet's title as the file has it.
    pub sheet: String,
    /// The row's number in the spreadsheet; 0 where the whole sheet is meant.
    pub row: u32,
    /// The column, `None` where the whole row is meant.
    pub column: Option<Column>,
    /// What stands in the cell, invisible characters written out. Empty where nothing does.
    pub value: String,
    /// Stable code.
    pub reason: Reason,
    /// What is wrong, in Russian, without personal data.
    pub message: String,
    /// What to do, in Russian, without personal data.
    pub hint: String,
    /// The row, where the sheet is one of the form.
    pub at: Option<RowRef>,
}

/// A harmless slip that was put right.
#[derive(Clone, PartialEq, Eq)]
pub struct Normalisation {
    /// The row.
    pub at: RowRef,
    /// The sheet's title as the file has it.
    pub sheet: String,
    /// The column.
    pub column: Column,
    /// As it stood.
    pub before: String,
    /// As it is taken.
    pub after: String,
    /// What kind of slip.
    pub reason: Reason,
}

/// Something to know, with nothing to do.
#[derive(Clone, PartialEq, Eq)]
pub struct Notice {
    /// The sheet's title as the file has it.
    pub sheet: String,
    /// The rows meant, ascending; empty where the whole sheet is meant.
    pub rows: Vec<u32>,
    /// The column, where one is meant.
    pub column: Option<Column>,
    /// Stable code.
    pub reason: Reason,
    /// In Russian, without personal data.
    pub message: String,
}

impl fmt::Debug for Issue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}[{}:{}", self.reason.code(), self.sheet, self.row)?;
        if let Some(column) = &self.column {
            write!(f, ":{column}")?;
        }
        f.write_str("]")
    }
}

impl fmt::Debug for Normalisation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}[{}:{}:{}]",
            self.reason.code(),
            self.sheet,
            self.at.row,
            self.column
        )
    }
}

impl fmt::Debug for Notice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}[{}:{:?}]", self.reason.code(), self.sheet, self.rows)
    }
}

/// What is wrong with one value, before it has a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Stable code.
    pub reason: Reason,
    /// In Russian, without personal data.
    pub message: Cow<'static, str>,
    /// In Russian, without personal data.
    pub hint: Cow<'static, str>,
}

impl Problem {
    pub(super) fn new(
        reason: Reason,
        message: impl Into<Cow<'static, str>>,
        hint: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self {
            reason,
            message: message.into(),
            hint: hint.into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_issue_in_a_log_names_the_place_and_not_the_value() {
        let issue = Issue {
            sheet: "Ученики".into(),
            row: 53,
            column: Some(Column::at("Фамилия", 1)),
            value: "Новиков".into(),
            reason: Reason::InvisibleCharacters,
            message: String::new(),
            hint: String::new(),
            at: None,
        };
        assert_eq!(
            format!("{issue:?}"),
            "INVISIBLE_CHARACTERS[Ученики:53:Фамилия (B)]"
        );
    }
}
