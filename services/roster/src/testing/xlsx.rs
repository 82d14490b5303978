//! Any book as an XLSX file.

use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook, XlsxError};

use crate::domain::school_import::book::{Book, Cell};

/// Writes what the import reads; unread sheets are written empty.
pub fn to_xlsx(book: &Book) -> Result<Vec<u8>, XlsxError> {
    let date = Format::new().set_num_format("dd.mm.yyyy");
    let time = Format::new().set_num_format("hh:mm");
    let both = Format::new().set_num_format("dd.mm.yyyy hh:mm");
    let mut workbook = Workbook::new();
    for sheet in &book.sheets {
        let page = workbook.add_worksheet().set_name(&sheet.title)?;
        for row in &sheet.rows {
            for (column, cell) in &row.cells {
                let (at, column) = (row.number - 1, *column);
                match cell {
                    Cell::Text(text) | Cell::Error(text) => page.write_string(at, column, text)?,
                    Cell::Number(number) => page.write_number(at, column, *number)?,
                    Cell::Bool(on) => page.write_boolean(at, column, *on)?,
                    Cell::Formula(text) => {
                        page.write_formula(at, column, Formula::new(text).set_result("Иванов"))?
                    }
                    Cell::Date(day) => {
                        page.write_datetime_with_format(at, column, midnight(*day)?, &date)?
                    }
                    Cell::Time(t) => {
                        let value = ExcelDateTime::from_hms(
                            u16::try_from(t.hour()).unwrap_or(0),
                            u8::try_from(t.minute()).unwrap_or(0),
                            0,
                        )?;
                        page.write_datetime_with_format(at, column, value, &time)?
                    }
                    Cell::DateTime(moment) => {
                        let value = midnight(moment.date())?.and_hms(
                            u16::try_from(moment.hour()).unwrap_or(0),
                            u8::try_from(moment.minute()).unwrap_or(0),
                            0,
                        )?;
                        page.write_datetime_with_format(at, column, value, &both)?
                    }
                };
            }
        }
    }
    for title in &book.other_sheets {
        workbook.add_worksheet().set_name(title)?;
    }
    workbook.save_to_buffer()
}

fn midnight(day: jiff::civil::Date) -> Result<ExcelDateTime, XlsxError> {
    let year = u16::try_from(day.year()).unwrap_or(0);
    ExcelDateTime::from_ymd(
        year,
        u8::try_from(day.month()).unwrap_or(0),
        u8::try_from(day.day()).unwrap_or(0),
    )
}
