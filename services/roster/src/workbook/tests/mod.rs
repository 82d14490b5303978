//! The reader on good files of several writers, and on hostile ones.

mod archive;
mod hostile;
mod reading;

use super::{Found, Held, Limits, ReadError, Stats, meter::Meter, read_file, read_sheets};
use crate::domain::school_import::Book;

/// Reads every sheet, and says what it took even where reading failed.
fn read_all(bytes: &[u8], limits: &Limits) -> (Result<Book, ReadError>, Stats) {
    let meter = Meter::new(limits);
    let read = read_sheets(bytes, &meter, |_| true);
    (read, meter.stats(bytes.len()))
}

/// Reads a file that is a workbook.
fn read_school(bytes: &[u8], limits: &Limits) -> Result<(Book, Stats), ReadError> {
    match read_file(bytes, limits)? {
        (Held::Book(book), stats) => Ok((book, stats)),
        (Held::Tables(..), _) => Err(ReadError::NotXlsx(Found::Archive)),
    }
}
