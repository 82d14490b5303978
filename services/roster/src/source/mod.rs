//! What an import reads, whatever the file: the book of the form, with the places that its cells
//! come from where the file is no workbook, and what was found on the way.

mod lists;
mod places;

pub(crate) use places::{Faults, Origin, Places};

use crate::domain::school_import::Book;
use crate::oneroster;
use crate::workbook::{Held, Limits, MANIFEST, ReadError, read_file};

/// A file as the engine takes it.
#[derive(Default)]
pub(crate) struct Source {
    /// The rows.
    pub book: Book,
    /// Where they come from, in files that are no sheets.
    pub places: Places,
    /// What the reader of the file has found.
    pub faults: Faults,
}

impl Source {
    /// A workbook has nothing to say beside its cells.
    pub(crate) fn of(book: Book) -> Self {
        Self {
            book,
            ..Self::default()
        }
    }
}

/// Reads a file: a workbook, an archive of lists, a package of OneRoster.
pub(crate) fn read(bytes: &[u8]) -> Result<Source, ReadError> {
    let (held, _) = read_file(bytes, &Limits::default())?;
    Ok(match held {
        Held::Book(book) => Source::of(book),
        Held::Tables(files, others) => {
            let package = |name: &str| name.eq_ignore_ascii_case(MANIFEST);
            if files.iter().any(|file| package(&file.name)) {
                oneroster::read(&files, &others)
            } else {
                Source::of(lists::book(files, others))
            }
        }
    })
}
