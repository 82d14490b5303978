//! A package as the book of the form: every line becomes a row of a sheet, is named with what is
//! wrong with it, or is named as left out.
//!
//! The reader knows ids, dates, statuses and what refers to what; whether a value is one that a
//! school can have is the engine's question, as for every other file.

mod classes;
mod enrollments;
mod families;
mod manifest;
mod people;
mod places;
mod report;
mod roles;
mod tables;

use super::files::File;
use crate::domain::school_import::book::Book;
use crate::source::Source;
use crate::workbook::CsvFile;
use report::Report;

/// Reads the files of a package; `others` are names of what is no CSV.
pub(crate) fn read(files: &[CsvFile], others: &[String]) -> Source {
    let mut report = Report::default();
    let tables = manifest::open(files, others, &mut report);
    let place = places::read(&tables, &mut report);
    let known = roles::read(&tables, place.school.as_deref(), &mut report);
    let classes = classes::read(&tables, &place, &mut report);
    let taken = enrollments::read(&tables, (&place, &known, &classes), &mut report);
    let staff = people::staff(&tables, &known, &mut report);
    let pupils = people::pupils(&tables, (&known, &classes, &taken), &mut report);
    families::read(&tables, &known, &pupils, &mut report);
    classes::homerooms(&classes, &taken, &staff, &mut report);
    classes::groups(&classes, &taken, &pupils, &mut report);
    let (sheets, places, faults) = report.finish();
    Source {
        book: Book {
            sheets,
            other_sheets: Vec::new(),
        },
        places,
        faults,
    }
}
