//! A school as a package: one file after the other, the same bytes for the same school.

mod people;
mod places;

use std::io::{self, Write};

use sha2::{Digest, Sha256};
use zip::write::SimpleFileOptions;
use zip::{DateTime, ZipWriter};

use super::files::{File, OTHERS};
use crate::export::Snapshot;

/// Why there is no package.
#[derive(Debug, thiserror::Error)]
pub(crate) enum WriteError {
    /// The table.
    #[error(transparent)]
    Csv(#[from] csv::Error),
    /// The archive.
    #[error(transparent)]
    Zip(#[from] zip::result::ZipError),
    /// Bytes in memory.
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// The package's bytes.
pub(crate) fn write(of: &Snapshot) -> Result<Vec<u8>, WriteError> {
    let mut archive = ZipWriter::new(io::Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().last_modified_time(DateTime::default());
    for file in File::ALL {
        let mut sheet = Sheet::new(file)?;
        match file {
            File::Manifest => manifest(&mut sheet)?,
            File::Orgs => places::orgs(of, &mut sheet)?,
            File::AcademicSessions => places::sessions(of, &mut sheet)?,
            File::Courses => places::courses(of, &mut sheet)?,
            File::Classes => places::classes(of, &mut sheet)?,
            File::Users => people::users(of, &mut sheet)?,
            File::Roles => people::roles(of, &mut sheet)?,
            File::Enrollments => people::enrollments(of, &mut sheet)?,
            File::Demographics => people::demographics(of, &mut sheet)?,
        }
        archive.start_file(file.name(), options)?;
        archive.write_all(&sheet.bytes()?)?;
    }
    Ok(archive.finish()?.into_inner())
}

/// Says of every file of the standard whether it is here.
fn manifest(sheet: &mut Sheet) -> Result<(), csv::Error> {
    let own = File::ALL.into_iter().filter(|file| *file != File::Manifest);
    let mut files: Vec<(String, &str)> = own.map(|file| (file.property(), "bulk")).collect();
    let others = OTHERS.iter().filter(|name| **name != "userFlags");
    files.extend(others.map(|name| (format!("file.{name}"), "absent")));
    files.sort();
    sheet.pair("manifest.version", "1.0")?;
    sheet.pair("oneroster.version", "1.2")?;
    for (file, how) in files {
        sheet.pair(&file, how)?;
    }
    sheet.pair("source.systemName", "Журнал")?;
    sheet.pair("source.systemCode", "zhurnal")
}

/// A file under construction.
pub(super) struct Sheet {
    file: File,
    csv: csv::Writer<Vec<u8>>,
}

impl Sheet {
    fn new(file: File) -> Result<Self, csv::Error> {
        let mut csv = csv::WriterBuilder::new()
            .terminator(csv::Terminator::CRLF)
            .from_writer(Vec::new());
        csv.write_record(file.columns())?;
        Ok(Self { file, csv })
    }

    fn pair(&mut self, name: &str, value: &str) -> Result<(), csv::Error> {
        self.csv.write_record([name, value])
    }

    /// A row of named cells; the others are empty. Every row is active.
    pub(super) fn row(&mut self, cells: &[(&str, &str)]) -> Result<(), csv::Error> {
        let value = |column: &&'static str| match *column {
            "status" => "active".to_owned(),
            name => {
                let cell = cells.iter().find(|(of, _)| *of == name);
                cell.map(|(_, text)| harmless(text)).unwrap_or_default()
            }
        };
        let record: Vec<String> = self.file.columns().iter().map(value).collect();
        self.csv.write_record(record)
    }

    fn bytes(self) -> Result<Vec<u8>, io::Error> {
        self.csv.into_inner().map_err(|error| error.into_error())
    }
}

/// Text that a spreadsheet would run as a formula gets an apostrophe in front, which the reader
/// takes away again. Numbers and telephones are no formulas.
pub(super) fn harmless(text: &str) -> String {
    if is_formula(text) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

/// Whether a spreadsheet would compute it.
pub(super) fn is_formula(text: &str) -> bool {
    let plain = |text: &str| {
        text.chars()
            .all(|c| c.is_ascii_digit() || "+-() .,".contains(c))
    };
    match text.chars().next() {
        Some('=' | '@' | '\t' | '\r') => true,
        Some('+' | '-') => !plain(text),
        _ => false,
    }
}

/// An id of something that has none of its own here: the same for the same words.
pub(super) fn derived(prefix: &str, of: &Snapshot, words: &str) -> String {
    let digest = Sha256::digest(format!("{}\u{1f}{words}", of.school.id));
    let hex: String = digest
        .iter()
        .take(16)
        .map(|byte| format!("{byte:02x}"))
        .collect();
    format!("{prefix}_{hex}")
}

#[cfg(test)]
mod tests {
    use super::harmless;

    #[test]
    fn what_a_spreadsheet_would_compute_gets_an_apostrophe_and_numbers_stay() {
        for formula in ["=1+1", "@SUM(A1)", "+cmd|' /C calc'!A0", "-2+3+cmd", "\t=1"] {
            assert_eq!(harmless(formula), format!("'{formula}"));
        }
        for plain in [
            "",
            "+7 978 111-22-01",
            "+79781112201",
            "-5",
            "5-А",
            "O'Коннор",
        ] {
            assert_eq!(harmless(plain), plain);
        }
    }
}
