//! CSV files named as the sheets of the form: `Ученики.csv`, `Сотрудники.csv`.

use crate::domain::school_import::SheetKind;
use crate::domain::school_import::book::{Book, Cell, Row, Sheet};
use crate::workbook::CsvFile;

/// The files as a book. What is no sheet of the form is named and left unread.
pub(super) fn book(files: Vec<CsvFile>, others: Vec<String>) -> Book {
    let mut book = Book {
        sheets: Vec::new(),
        other_sheets: others,
    };
    for file in files {
        let stem = file
            .name
            .rsplit_once('.')
            .map_or(file.name.as_str(), |(stem, _)| stem);
        if SheetKind::of_title(stem).is_none() {
            book.other_sheets.push(file.name);
            continue;
        }
        let title = stem.to_owned();
        let rows = file
            .records
            .into_iter()
            .map(|(number, cells)| row(number, cells));
        book.sheets.push(Sheet {
            title,
            rows: rows.collect(),
        });
    }
    book
}

fn row(number: u32, cells: Vec<String>) -> Row {
    let cells = (0u16..).zip(cells).filter(|(_, cell)| !cell.is_empty());
    Row {
        number,
        cells: cells.map(|(at, cell)| (at, Cell::Text(cell))).collect(),
    }
}
