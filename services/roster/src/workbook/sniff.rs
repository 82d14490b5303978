//! What a file is, by its first bytes.

use super::{
    error::{Found, ReadError},
    limits::Limits,
};

const OLE: &[u8] = &[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];

/// Refuses everything that does not begin like a ZIP archive of allowed size.
pub(super) fn expect_zip(bytes: &[u8], limits: &Limits) -> Result<(), ReadError> {
    if bytes.is_empty() {
        return Err(ReadError::Empty);
    }
    if bytes.len() > limits.file_bytes {
        return Err(ReadError::FileTooLarge {
            limit: limits.file_bytes,
        });
    }
    if bytes.starts_with(b"PK\x03\x04") {
        return Ok(());
    }
    // An XLSX under a password is an OLE document with a stream of this name, in UTF-16.
    if bytes.starts_with(OLE) {
        let name: Vec<u8> = "EncryptedPackage"
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        let encrypted = bytes.windows(name.len()).any(|window| window == name);
        return Err(if encrypted {
            ReadError::Encrypted
        } else {
            ReadError::NotXlsx(Found::OldOffice)
        });
    }
    Err(ReadError::NotXlsx(guess(bytes)))
}

fn guess(bytes: &[u8]) -> Found {
    let start = bytes
        .strip_prefix(b"\xEF\xBB\xBF")
        .unwrap_or(bytes)
        .trim_ascii_start();
    if start.starts_with(b"%PDF") {
        Found::Pdf
    } else if start.starts_with(b"<") {
        Found::Markup
    } else if bytes.starts_with(b"PK") {
        Found::Archive
    } else if is_text(bytes.get(..4096).unwrap_or(bytes)) {
        Found::Text
    } else {
        Found::Unknown
    }
}

/// UTF-8, UTF-16 with its mark, or Windows-1251: in any of them controls are rare.
fn is_text(start: &[u8]) -> bool {
    start.starts_with(b"\xFF\xFE")
        || start.starts_with(b"\xFE\xFF")
        || start
            .iter()
            .all(|b| *b >= 0x20 || matches!(b, b'\t' | b'\r' | b'\n' | 0x0C))
}
