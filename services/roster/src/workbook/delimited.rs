//! CSV files of an archive: encoding, delimiter, records with the lines they begin on.

use std::io::Read;

use super::error::ReadError;
use super::meter::{Meter, why};
use super::package::Package;

/// One CSV file.
#[derive(Clone, Default)]
pub struct CsvFile {
    /// Its name in the archive, without a folder.
    pub name: String,
    /// Records with the line that each begins on, from 1; blank ones left out.
    pub records: Vec<(u32, Vec<String>)>,
}

/// How strict.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dialect {
    /// OneRoster: UTF-8 and commas.
    Standard,
    /// What spreadsheets save: also semicolons and Windows-1251.
    Spreadsheet,
}

/// The upper half of Windows-1251 below the Russian letters.
const CP1251: [char; 64] = [
    'Ђ', 'Ѓ', '‚', 'ѓ', '„', '…', '†', '‡', '€', '‰', 'Љ', '‹', 'Њ', 'Ќ', 'Ћ', 'Џ', 'ђ', '‘', '’',
    '“', '”', '•', '–', '—', '\u{98}', '™', 'љ', '›', 'њ', 'ќ', 'ћ', 'џ', '\u{A0}', 'Ў', 'ў', 'Ј',
    '¤', 'Ґ', '¦', '§', 'Ё', '©', 'Є', '«', '¬', '\u{AD}', '®', 'Ї', '°', '±', 'І', 'і', 'ґ', 'µ',
    '¶', '·', 'ё', '№', 'є', '»', 'ј', 'Ѕ', 'ѕ', 'ї',
];

/// Reads a file of the archive.
pub(super) fn read(
    package: &mut Package<'_>,
    (part, name): (&str, &str),
    dialect: Dialect,
) -> Result<CsvFile, ReadError> {
    let meter = package.meter();
    let mut bytes = Vec::new();
    let mut stream = package.part(part)?;
    stream
        .read_to_end(&mut bytes)
        .map_err(|error| why(&error))?;
    drop(stream);
    let text = decoded(&bytes, name, dialect)?;
    let records = records(&text, name, dialect, meter)?;
    Ok(CsvFile {
        name: name.to_owned(),
        records,
    })
}

fn decoded(bytes: &[u8], name: &str, dialect: Dialect) -> Result<String, ReadError> {
    let body = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    if let Ok(text) = std::str::from_utf8(body) {
        return Ok(text.to_owned());
    }
    let wide = body.starts_with(b"\xFF\xFE") || body.starts_with(b"\xFE\xFF");
    if dialect == Dialect::Standard || wide {
        return Err(ReadError::WrongEncoding {
            file: name.to_owned(),
            looks_like: if wide { "UTF-16" } else { "Windows-1251" },
        });
    }
    let decode = |byte: &u8| match byte {
        0..=0x7F => char::from(*byte),
        0x80..=0xBF => CP1251
            .get(usize::from(*byte - 0x80))
            .copied()
            .unwrap_or(' '),
        0xC0..=0xFF => char::from_u32(0x410 + u32::from(*byte - 0xC0)).unwrap_or(' '),
    };
    Ok(body.iter().map(decode).collect())
}

fn records(
    text: &str,
    name: &str,
    dialect: Dialect,
    meter: &Meter<'_>,
) -> Result<Vec<(u32, Vec<String>)>, ReadError> {
    let limits = meter.limits();
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter(text, dialect))
        .from_reader(text.as_bytes());
    let mut records = Vec::new();
    let mut lines = Lines::of(text);
    for record in reader.records() {
        let record = record.map_err(|_| ReadError::damaged("таблица CSV не читается"))?;
        let line = lines.at(record.position().map_or(0, csv::Position::byte));
        if line > limits.last_row {
            let sheet = name.to_owned();
            let limit = limits.last_row;
            return Err(ReadError::TooManyRows { sheet, limit });
        }
        if record.len() > usize::from(limits.last_column) {
            let sheet = name.to_owned();
            let limit = limits.last_column;
            return Err(ReadError::TooManyColumns { sheet, limit });
        }
        if record.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        for cell in record.iter().filter(|cell| !cell.is_empty()) {
            if cell.chars().count() > limits.cell_chars {
                let (file, limit) = (name.to_owned(), limits.cell_chars);
                return Err(ReadError::CellTooLong { file, line, limit });
            }
            meter.keep_cell()?;
            meter.keep_text(cell.len())?;
        }
        records.push((line, record.iter().map(str::to_owned).collect()));
    }
    Ok(records)
}

/// Counts lines up to places that ascend. The reader's own count is one behind after CRLF.
struct Lines<'t> {
    text: &'t [u8],
    counted: usize,
    line: u32,
}

impl<'t> Lines<'t> {
    fn of(text: &'t str) -> Self {
        Self {
            text: text.as_bytes(),
            counted: 0,
            line: 1,
        }
    }

    /// The line of the record that begins at or after the ends of lines that stand here.
    fn at(&mut self, byte: u64) -> u32 {
        let mut place = usize::try_from(byte).unwrap_or(usize::MAX);
        while matches!(self.text.get(place), Some(b'\r' | b'\n')) {
            place += 1;
        }
        let between = self.text.get(self.counted..place).unwrap_or_default();
        let ends = between.iter().filter(|byte| **byte == b'\n').count();
        self.line = self
            .line
            .saturating_add(u32::try_from(ends).unwrap_or(u32::MAX));
        self.counted = self.counted.max(place);
        self.line
    }
}

/// The one of which the first line has more.
fn delimiter(text: &str, dialect: Dialect) -> u8 {
    let first = text.lines().next().unwrap_or_default();
    let count = |wanted: char| first.chars().filter(|c| *c == wanted).count();
    if dialect == Dialect::Spreadsheet && count(';') > count(',') {
        b';'
    } else {
        b','
    }
}
