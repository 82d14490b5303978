//! The book as an XLSX file. Every cell is text, so that nothing in it can run, and the same book
//! gives the same bytes.

use rust_xlsxwriter::{DocProperties, Format, IntoCustomDateTime, Workbook, XlsxError};

use crate::domain::school_import::Book;

/// Characters that the widest column shows.
const WIDEST: usize = 48;

/// The file's bytes.
pub(super) fn write(book: &Book) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    workbook.set_properties(&DocProperties::new().set_creation_datetime(Timeless));
    // A spreadsheet keeps such a cell text also when somebody edits it.
    let text = Format::new().set_num_format("@").set_quote_prefix();
    let header = Format::new().set_bold().set_num_format("@");
    for sheet in &book.sheets {
        let page = workbook.add_worksheet().set_name(&sheet.title)?;
        page.set_freeze_panes(1, 0)?;
        let mut widths: Vec<(u16, usize)> = Vec::new();
        for row in &sheet.rows {
            let format = if row.number == 1 { &header } else { &text };
            for (column, cell) in &row.cells {
                let shown = cell.shown();
                let width = shown.chars().count().clamp(8, WIDEST);
                match widths.iter_mut().find(|(at, _)| at == column) {
                    Some((_, known)) => *known = width.max(*known),
                    None => widths.push((*column, width)),
                }
                page.write_string_with_format(row.number - 1, *column, &shown, format)?;
            }
        }
        for (column, width) in widths {
            let width = u16::try_from(width + 2).unwrap_or(u16::MAX);
            page.set_column_width(column, f64::from(width))?;
        }
    }
    workbook.save_to_buffer()
}

/// The same moment in every file, instead of the crate's own clock.
struct Timeless;

impl IntoCustomDateTime for Timeless {
    fn utc_datetime(self) -> String {
        "2000-01-01T00:00:00Z".to_owned()
    }
}
