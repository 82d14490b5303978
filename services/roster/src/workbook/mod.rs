//! Reading XLSX, and archives of CSV, that nobody vouches for.
//!
//! A school's file comes through the web from any account that may import. Everything that the file
//! says about itself is doubted: sizes in its directory, counts in its XML, positions of its cells.
//! The parts are inflated as a stream through one meter, the XML is pulled event by event, and what
//! is kept is bounded by [`Limits`]. No DTD, no entities, no macros, no external links are looked at;
//! a formula is kept as a formula, its remembered result is not taken for a value.
//!
//! Invariant: whatever the bytes, reading ends with a [`Book`] or a [`ReadError`], after inflating at
//! most `Limits::unpacked_bytes`.

mod cells;
mod dates;
mod delimited;
mod error;
mod limits;
mod manifest;
mod meter;
mod package;
mod sniff;
mod strings;
mod styles;
#[cfg(test)]
mod tests;
mod xml;

use std::io::Read;

pub use delimited::CsvFile;
pub use error::{Found, ReadError};
pub use limits::{Limits, Stats};

use crate::domain::school_import::{Book, SheetKind, book::Sheet};
use delimited::Dialect;
use meter::Meter;
use package::Package;

/// Takes a file from a stream, not a byte more than a workbook may have.
pub fn take_file(stream: impl Read, limits: &Limits) -> Result<Vec<u8>, ReadError> {
    let mut bytes = Vec::new();
    let most = u64::try_from(limits.file_bytes)
        .unwrap_or(u64::MAX)
        .saturating_add(1);
    stream
        .take(most)
        .read_to_end(&mut bytes)
        .map_err(|_| ReadError::damaged("файл не дочитан"))?;
    if bytes.len() > limits.file_bytes {
        return Err(ReadError::FileTooLarge {
            limit: limits.file_bytes,
        });
    }
    Ok(bytes)
}

/// What a file holds.
pub enum Held {
    /// The sheets of the school's form. Other sheets are named in the book and left unread.
    Book(Book),
    /// CSV files of an archive, and the names of what else is in it.
    Tables(Vec<CsvFile>, Vec<String>),
}

/// The file that says that an archive is a package of OneRoster.
pub const MANIFEST: &str = "manifest.csv";

/// Reads a file of a school, a workbook or an archive of tables.
pub fn read_file(bytes: &[u8], limits: &Limits) -> Result<(Held, Stats), ReadError> {
    let meter = Meter::new(limits);
    sniff::expect_zip(bytes, meter.limits())?;
    let mut package = Package::open(bytes, &meter)?;
    let held = if package.is_workbook() {
        let wanted = |title: &str| SheetKind::of_title(title).is_some();
        Held::Book(read_sheets_of(&mut package, wanted)?)
    } else {
        tables(&mut package)?
    };
    drop(package);
    Ok((held, meter.stats(bytes.len())))
}

fn tables(package: &mut Package<'_>) -> Result<Held, ReadError> {
    let (names, others) = package.tables()?;
    let is_manifest = |name: &str| name.eq_ignore_ascii_case(MANIFEST);
    let dialect = if names.iter().any(|(_, name)| is_manifest(name)) {
        Dialect::Standard
    } else {
        Dialect::Spreadsheet
    };
    let mut files = Vec::with_capacity(names.len());
    for (part, name) in &names {
        files.push(delimited::read(package, (part, name), dialect)?);
    }
    Ok(Held::Tables(files, others))
}

#[cfg(test)]
fn read_sheets(
    bytes: &[u8],
    meter: &Meter<'_>,
    wanted: impl Fn(&str) -> bool,
) -> Result<Book, ReadError> {
    sniff::expect_zip(bytes, meter.limits())?;
    read_sheets_of(&mut Package::open(bytes, meter)?, wanted)
}

fn read_sheets_of(
    package: &mut Package<'_>,
    wanted: impl Fn(&str) -> bool,
) -> Result<Book, ReadError> {
    let workbook = manifest::read(package)?;
    let formats = match &workbook.styles {
        Some(part) => styles::read(package, part)?,
        None => Vec::new(),
    };
    let strings = match &workbook.strings {
        Some(part) => strings::read(package, part)?,
        None => Vec::new(),
    };
    let mut book = Book::default();
    for sheet in &workbook.sheets {
        if !wanted(&sheet.title) {
            book.other_sheets.push(sheet.title.clone());
            continue;
        }
        let source = cells::Source {
            strings: &strings,
            formats: &formats,
            from_1904: workbook.from_1904,
        };
        let rows = cells::read(package, &sheet.part, &sheet.title, &source)?;
        book.sheets.push(Sheet {
            title: sheet.title.clone(),
            rows,
        });
    }
    Ok(book)
}
