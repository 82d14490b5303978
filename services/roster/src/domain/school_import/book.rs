//! What an import reads: sheets of cells, already out of their file. XLSX today, CSV tomorrow.
//!
//! Invariant: only cells that hold something are here, rows and columns ascend.

use std::fmt;

use jiff::civil::{Date, DateTime, Time};

/// A workbook as far as an import needs it.
#[derive(Clone, Default, PartialEq)]
pub struct Book {
    /// The sheets that were read, in the order of the file.
    pub sheets: Vec<Sheet>,
    /// Titles of sheets that were left unread because the import has no use for them.
    pub other_sheets: Vec<String>,
}

/// One sheet.
#[derive(Clone, Default, PartialEq)]
pub struct Sheet {
    /// The title on the tab, as written.
    pub title: String,
    /// Rows that have at least one cell, ascending.
    pub rows: Vec<Row>,
}

/// One row that has at least one cell.
#[derive(Clone, Default, PartialEq)]
pub struct Row {
    /// As the spreadsheet numbers it: 1 for the first.
    pub number: u32,
    /// (column, cell), column 0 for A, ascending.
    pub cells: Vec<(u16, Cell)>,
}

impl Row {
    /// The cell of a column, `None` where it is empty.
    pub fn cell(&self, column: u16) -> Option<&Cell> {
        let at = self.cells.binary_search_by_key(&column, |(c, _)| *c).ok()?;
        self.cells.get(at).map(|(_, cell)| cell)
    }
}

/// The content of a cell.
#[derive(Clone, PartialEq)]
pub enum Cell {
    /// Text, exactly as stored, spaces and all.
    Text(String),
    /// A number without a date format.
    Number(f64),
    /// A number shown as a date.
    Date(Date),
    /// A number shown as a time of day.
    Time(Time),
    /// A number shown as a date with a time of day.
    DateTime(DateTime),
    /// ИСТИНА or ЛОЖЬ.
    Bool(bool),
    /// An error value such as `#REF!`.
    Error(String),
    /// A formula, without the `=`. Its last computed value is not trusted and not kept.
    Formula(String),
}

impl Cell {
    /// The cell as a person sees it: whole numbers without a fraction, dates as ДД.ММ.ГГГГ.
    pub fn shown(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Number(n) => format!("{n}"),
            Self::Date(d) => d.strftime("%d.%m.%Y").to_string(),
            Self::Time(t) => t.strftime("%H:%M").to_string(),
            Self::DateTime(dt) => dt.strftime("%d.%m.%Y %H:%M").to_string(),
            Self::Bool(true) => "ИСТИНА".to_owned(),
            Self::Bool(false) => "ЛОЖЬ".to_owned(),
            Self::Error(code) => code.clone(),
            Self::Formula(text) => format!("={text}"),
        }
    }

    /// Whether a person sees nothing in the cell.
    pub fn is_blank(&self) -> bool {
        matches!(self, Self::Text(text) if text.trim().is_empty())
    }
}

/// The letters of a column: 0 is A, 26 is AA.
pub fn column_letter(column: u16) -> String {
    let mut n = u32::from(column) + 1;
    let mut letters = Vec::new();
    while n > 0 {
        let digit = u8::try_from((n - 1) % 26).unwrap_or(0);
        letters.push(char::from(b'A' + digit));
        n = (n - 1) / 26;
    }
    letters.iter().rev().collect()
}

// Cells hold names of children: what a log could print is only what kind of thing is where.

impl fmt::Debug for Cell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Text(_) => "Text",
            Self::Number(_) => "Number",
            Self::Date(_) => "Date",
            Self::Time(_) => "Time",
            Self::DateTime(_) => "DateTime",
            Self::Bool(_) => "Bool",
            Self::Error(_) => "Error",
            Self::Formula(_) => "Formula",
        })
    }
}

impl fmt::Debug for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Row({}, {} cells)", self.number, self.cells.len())
    }
}

impl fmt::Debug for Sheet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Sheet({:?}, {} rows)", self.title, self.rows.len())
    }
}

impl fmt::Debug for Book {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Book")
            .field("sheets", &self.sheets)
            .field("other_sheets", &self.other_sheets)
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_lettered_as_in_a_spreadsheet() {
        assert_eq!(
            ["A", "Z", "AA", "AZ", "BA", "XFD"],
            [0, 25, 26, 51, 52, 16383]
                .map(column_letter)
                .map(|s| s.leak() as &str)
        );
    }

    #[test]
    fn a_whole_number_is_shown_without_a_fraction() {
        assert_eq!(Cell::Number(5.0).shown(), "5");
        assert_eq!(Cell::Number(79_781_464_801.0).shown(), "79781464801");
        assert_eq!(Cell::Number(0.5).shown(), "0.5");
    }

    #[test]
    fn debug_output_does_not_hold_what_is_in_the_cells() {
        let row = Row {
            number: 2,
            cells: vec![(0, Cell::Text("Ёлкина".into()))],
        };
        let book = Book {
            sheets: vec![Sheet {
                title: "Ученики".into(),
                rows: vec![row],
            }],
            other_sheets: vec![],
        };
        assert!(
            !format!(
                "{book:?} {:?} {:?}",
                book.sheets[0].rows, book.sheets[0].rows[0].cells
            )
            .contains("Ёлкина")
        );
    }
}
