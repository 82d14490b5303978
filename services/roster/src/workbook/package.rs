//! The archive around a workbook: its directory and its parts.

use std::{
    collections::{BTreeMap, HashMap},
    io::Cursor,
};

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
    /// Some name leads out of the archive.
    leads_out: bool,
}

struct Entry {
    index: usize,
    declared: u64,
    /// As the directory spells it.
    spelled: String,
}

pub(super) type Part<'p, 'a> = Metered<'a, ZipFile<'p, Cursor<&'a [u8]>>>;

/// A part and the file name that it is known by.
pub(super) type Named = (String, String);

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
        let mut leads_out = false;
        for index in 0..archive.len() {
            let entry = archive
                .by_index_data(index)
                .map_err(|error| refusal(&error))?;
            if entry.encrypted() {
                return Err(ReadError::Encrypted);
            }
            let name = entry.name().map_err(|error| refusal(&error))?;
            let spelled = name.replace('\\', "/");
            let absolute = spelled.starts_with('/') || spelled.get(1..2) == Some(":");
            leads_out |= absolute || spelled.split('/').any(|step| step == "..");
            let spelled = spelled.trim_start_matches('/').to_owned();
            let name = spelled.to_lowercase();
            let declared = entry.size();
            declared_in_all = declared_in_all.saturating_add(declared);
            let entry = Entry {
                index,
                declared,
                spelled,
            };
            if parts.insert(name, entry).is_some() {
                return Err(ReadError::damaged("две части с одним именем"));
            }
        }
        let package = Self {
            archive,
            meter,
            parts,
            leads_out,
        };
        package.expect_something()?;
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

    /// CSV files that lie together: at the root, or else in the only folder that has any. Name of
    /// the part and name of the file; by name. Others are named.
    pub(super) fn tables(&self) -> Result<(Vec<Named>, Vec<String>), ReadError> {
        let mut folders: BTreeMap<&str, Vec<(String, String)>> = BTreeMap::new();
        let mut others = Vec::new();
        for (part, entry) in &self.parts {
            let (folder, name) = entry
                .spelled
                .rsplit_once('/')
                .unwrap_or(("", &entry.spelled));
            if name.is_empty() || folder.starts_with("__MACOSX") {
                continue;
            }
            if part.ends_with(".csv") {
                let of_folder = folders.entry(folder).or_default();
                of_folder.push((part.clone(), name.to_owned()));
            } else {
                others.push(entry.spelled.clone());
            }
        }
        let together = match folders.remove("") {
            Some(of_root) => of_root,
            None if folders.len() == 1 => folders.pop_first().unwrap_or_default().1,
            None => Vec::new(),
        };
        let apart = folders.into_values().flatten().map(|(part, _)| part);
        others.extend(apart);
        others.sort();
        if self.leads_out && !together.is_empty() {
            return Err(ReadError::UnsafeNames);
        }
        let mut together = together;
        together.sort();
        Ok((together, others))
    }

    /// The bytes of a part, as many as it has declared.
    pub(super) fn part(&mut self, name: &str) -> Result<Part<'_, 'a>, ReadError> {
        let entry = self
            .parts
            .get(name)
            .ok_or_else(|| ReadError::damaged("нет нужной части"))?;
        let (meter, declared) = (self.meter, entry.declared);
        let file = self
            .archive
            .by_index(entry.index)
            .map_err(|error| refusal(&error))?;
        Ok(Metered::new(file, meter, declared))
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

    /// Whether it has the parts of a workbook.
    pub(super) fn is_workbook(&self) -> bool {
        self.has("[Content_Types].xml") && self.has("_rels/.rels")
    }

    /// Tells a workbook and a package of tables from other things that come in a ZIP archive.
    fn expect_something(&self) -> Result<(), ReadError> {
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
        if !self.is_workbook() && self.tables()?.0.is_empty() {
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
