//! The spreadsheet: the sheet as people know it, and a list of the same facts for
//! filters and formulas. Texts are written as texts: nothing in them can run.

mod list;
mod style;
mod summary;
#[cfg(test)]
mod tests;

use jiff::Zoned;
use rust_xlsxwriter::{DocProperties, IntoCustomDateTime, Workbook};

use self::style::Style;
use super::{ClassSheet, RenderError};

/// The file's bytes. Equal sheets give equal bytes.
pub fn xlsx(sheet: &ClassSheet) -> Result<Vec<u8>, RenderError> {
    let mut book = Workbook::new();
    let properties = DocProperties::new()
        .set_title(format!(
            "Сводная ведомость успеваемости и посещаемости, {} класс",
            sheet.class
        ))
        .set_company(&sheet.school)
        .set_creation_datetime(Made(&sheet.made_at));
    book.set_properties(&properties);
    let style = Style::new();
    summary::write(book.add_worksheet(), sheet, &style)?;
    list::write(book.add_worksheet(), sheet, &style)?;
    Ok(book.save_to_buffer()?)
}

/// The moment of making, instead of the crate's own clock.
struct Made<'a>(&'a Zoned);

impl IntoCustomDateTime for Made<'_> {
    fn utc_datetime(self) -> String {
        self.0
            .timestamp()
            .strftime("%Y-%m-%dT%H:%M:%SZ")
            .to_string()
    }
}
