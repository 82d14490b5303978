//! The archive around a workbook: its directory and its parts.

use std::{collections::HashMap, io::Cursor};

use zip::{ZipArchive, read::ZipFile, result::ZipError};

use super::{
    error::{Found, ReadError},
    meter::{Meter, Metered},
    xml::Xml,
};

const DIRECTORY_ENTRY: &[u8] = b"PK\x01\x02";

/// An archive whose directory is within the limits.
pub(super) struct Package<'a> {
    archive: ZipArchive<Cursor<&'a [u8]>>,
    meter: &'a Meter<'a>,
    /// By name in small letters: writers do not agree on the case.
    parts: HashMap<String, Entry>,
}

struct Entry {
    index: usize,
    declared: u64,
}

pub(super) type Part<'p, 'a> = Metered<'a, ZipFile<'p, Cursor<&'a [u8]>>>;

impl<'a> Package<'a> {
    pub(super) fn open(bytes: &'a [u8], meter: &'a Meter<'a>) -> Result<Self, ReadError> {
        let limits = meter.limits();
        // Before the directory is loaded: its own count of entries may be a lie.
        let entries = count(bytes, DIRECTORY_ENTRY);
        if entries > limits.parts {
            return Err(ReadError::TooManyParts {
                limit: limits.parts,
            });
        }
        let archive = ZipArchive::new(Cursor::new(bytes)).map_err(|error| refusal(&error))?;
        if archive.has_duplicate_names() {
            return Err(ReadError::damaged("две части с одним именем"));
        }
        let mut parts = HashMap::new();
        let mut declared_in_all = 0u64;
        for index in 0..archive.len() {
            let entry = archive
                .by_index_data(index)
                .map_err(|error| refusal(&error))?;
            if entry.encrypted() {
                return Err(ReadError::Encrypted);
            }
            let name = entry.name().map_err(|error| refusal(&error))?;
            let name = name
                .replace('\\', "/")
                .trim_start_matches('/')
                .to_lowercase();
            let declared = entry.size();
            declared_in_all = declared_in_all.saturating_add(declared);
            if parts.insert(name, Entry { index, declared }).is_some() {
                return Err(ReadError::damaged("две части с одним именем"));
            }
        }
        let package = Self {
            archive,
            meter,
            parts,
        };
        package.expect_workbook()?;
        if declared_in_all > limits.unpacked_bytes {
            return Err(ReadError::UnpackedTooLarge {
                limit: limits.unpacked_bytes,
            });
        }
        Ok(package)
    }

    pub(super) fn meter(&self) -> &'a Meter<'a> {
        self.meter
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.parts.contains_key(&name.to_lowercase())
    }

    /// The XML of a part that must be there.
    pub(super) fn xml(&mut self, name: &str) -> Result<Xml<Part<'_, 'a>>, ReadError> {
        let entry = self
            .parts
            .get(&name.to_lowercase())
            .ok_or_else(|| ReadError::damaged("нет нужной части"))?;
        let meter = self.meter;
        let declared = entry.declared;
        let file = self
            .archive
            .by_index(entry.index)
            .map_err(|error| refusal(&error))?;
        Ok(Xml::new(Metered::new(file, meter, declared)))
    }

    /// Tells a workbook from other things that come in a ZIP archive.
    fn expect_workbook(&self) -> Result<(), ReadError> {
        let starts = |prefix: &str| self.parts.keys().any(|name| name.starts_with(prefix));
        if starts("word/") {
            return Err(ReadError::NotXlsx(Found::TextDocument));
        }
        if starts("ppt/") {
            return Err(ReadError::NotXlsx(Found::Presentation));
        }
        if self.has("xl/workbook.bin") {
            return Err(ReadError::NotXlsx(Found::BinaryWorkbook));
        }
        if self.has("mimetype") && self.has("content.xml") {
            return Err(ReadError::NotXlsx(Found::OpenDocument));
        }
        if !self.has("[Content_Types].xml") || !self.has("_rels/.rels") {
            return Err(ReadError::NotXlsx(Found::Archive));
        }
        Ok(())
    }
}

fn count(bytes: &[u8], signature: &[u8]) -> usize {
    // Byte by byte over 16 MiB would be slow without optimisation: jump to the first byte.
    let Some((&first, rest)) = signature.split_first() else {
        return 0;
    };
    let mut found = 0;
    let mut left = bytes;
    while let Some(at) = left.iter().position(|b| *b == first) {
        left = left.get(at + 1..).unwrap_or_default();
        if left.starts_with(rest) {
            found += 1;
        }
    }
    found
}

fn refusal(error: &ZipError) -> ReadError {
    match error {
        ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) | ZipError::InvalidPassword => {
            ReadError::Encrypted
        }
        ZipError::UnsupportedArchive(_) | ZipError::CompressionMethodNotSupported(_) => {
            ReadError::damaged("необычный способ сжатия")
        }
        _ => ReadError::damaged("архив обрывается или испорчен"),
    }
}
