//! Archives built by hand: whatever a directory can claim.

use std::io::Write;

use zip::{ZipWriter, write::SimpleFileOptions};

const CONTENT_TYPES: &str = r#"<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>"#;
const ROOT: &str = r#"<Relationships><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;
const WORKBOOK: &str = r#"<workbook xmlns:r="r"><sheets><sheet name="Лист" sheetId="1" r:id="r1"/></sheets></workbook>"#;
const RELATIONS: &str = r#"<Relationships>
<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/>
<Relationship Id="r2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings" Target="sharedStrings.xml"/>
<Relationship Id="r3" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="/xl/styles.xml"/>
</Relationships>"#;

/// The parts of a workbook with one sheet of these rows.
pub fn parts(sheet_data: &str) -> Vec<(String, Vec<u8>)> {
    let sheet = format!("<worksheet><sheetData>{sheet_data}</sheetData></worksheet>");
    [
        ("[Content_Types].xml", CONTENT_TYPES),
        ("_rels/.rels", ROOT),
        ("xl/workbook.xml", WORKBOOK),
        ("xl/_rels/workbook.xml.rels", RELATIONS),
        ("xl/worksheets/sheet1.xml", &sheet),
    ]
    .map(|(name, text)| (name.to_owned(), text.as_bytes().to_vec()))
    .to_vec()
}

/// An honest archive.
pub fn zipped(parts: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut writer = ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        writer
            .start_file(name.as_str(), SimpleFileOptions::default())
            .unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// A workbook with one sheet of these rows.
pub fn workbook(sheet_data: &str) -> Vec<u8> {
    zipped(&parts(sheet_data))
}

/// The same with one more part, or another one in place of it.
pub fn workbook_with(sheet_data: &str, name: &str, text: &str) -> Vec<u8> {
    let mut parts = parts(sheet_data);
    parts.retain(|(known, _)| known != name);
    parts.push((name.to_owned(), text.as_bytes().to_vec()));
    zipped(&parts)
}

/// One entry of an archive whose directory may say anything.
pub struct Claimed {
    pub name: String,
    /// A stream in raw deflate.
    pub deflated: Vec<u8>,
    /// What the directory says of its size.
    pub declared: u64,
    pub encrypted: bool,
    pub checksum: u32,
}

impl Claimed {
    pub fn honest(name: &str, bytes: &[u8]) -> Self {
        let mut block = vec![];
        for chunk in bytes.chunks(60_000) {
            let length = u16::try_from(chunk.len()).unwrap();
            block.push(0);
            block.extend(length.to_le_bytes());
            block.extend((!length).to_le_bytes());
            block.extend(chunk);
        }
        block.extend([1, 0, 0, 0xFF, 0xFF]);
        Self {
            name: name.to_owned(),
            deflated: block,
            declared: bytes.len() as u64,
            encrypted: false,
            checksum: crc32(bytes),
        }
    }
}

fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
            crc >> 1 ^ if crc & 1 == 1 { 0xEDB8_8320 } else { 0 }
        })
    })
}

/// An archive of these entries, byte by byte.
pub fn claimed(entries: &[Claimed]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut directory = Vec::new();
    for entry in entries {
        let offset = u32::try_from(out.len()).unwrap();
        let flags = 0x0800u16 | u16::from(entry.encrypted);
        let packed = u32::try_from(entry.deflated.len()).unwrap();
        let name = entry.name.as_bytes();
        let name_length = u16::try_from(name.len()).unwrap();
        // A size of 4 GiB and more stands in an extra field.
        let large = u32::try_from(entry.declared).is_err();
        let extra: Vec<u8> = match large {
            true => [&[1, 0, 8, 0][..], &entry.declared.to_le_bytes()].concat(),
            false => vec![],
        };
        let size = u32::try_from(entry.declared).unwrap_or(u32::MAX);
        let mut common = Vec::new();
        common.extend(45u16.to_le_bytes());
        common.extend(flags.to_le_bytes());
        common.extend(8u16.to_le_bytes());
        common.extend([0; 4]);
        common.extend(entry.checksum.to_le_bytes());
        common.extend(packed.to_le_bytes());
        common.extend(size.to_le_bytes());
        common.extend(name_length.to_le_bytes());
        common.extend(u16::try_from(extra.len()).unwrap().to_le_bytes());
        out.extend(b"PK\x03\x04");
        out.extend(&common);
        out.extend(name);
        out.extend(&extra);
        out.extend(&entry.deflated);
        directory.extend(b"PK\x01\x02");
        directory.extend(45u16.to_le_bytes());
        directory.extend(&common);
        directory.extend([0; 10]);
        directory.extend(offset.to_le_bytes());
        directory.extend(name);
        directory.extend(&extra);
    }
    let start = u32::try_from(out.len()).unwrap();
    let count = u16::try_from(entries.len()).unwrap();
    out.extend(&directory);
    out.extend(b"PK\x05\x06");
    out.extend([0; 4]);
    out.extend(count.to_le_bytes());
    out.extend(count.to_le_bytes());
    out.extend(u32::try_from(directory.len()).unwrap().to_le_bytes());
    out.extend(start.to_le_bytes());
    out.extend([0; 2]);
    out
}

/// Deflate's largest lie: one space, then «the last byte 258 times more» in two bits, over and over.
/// A megabyte of zero bits becomes a gigabyte of spaces. `prefix` comes first, as it is.
pub fn bomb(prefix: &[u8], zero_bytes: usize) -> Vec<u8> {
    let mut out = Vec::new();
    let length = u16::try_from(prefix.len()).unwrap();
    out.push(0);
    out.extend(length.to_le_bytes());
    out.extend((!length).to_le_bytes());
    out.extend(prefix);
    let mut bits = Bits {
        out,
        byte: 0,
        filled: 0,
    };
    bits.put(0b1, 1); // the last block
    bits.put(0b10, 2); // with codes of its own
    bits.put(286 - 257, 5); // all codes of literals and lengths
    bits.put(0, 5); // one code of distance
    bits.put(18 - 4, 4);
    // Lengths of the codes for code lengths, in the order of RFC 1951, 3.2.7. Used: 0, 1, 2 and 18
    // (a run of zeros), two bits each.
    for symbol in [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1] {
        bits.put(
            if matches!(symbol, 0 | 1 | 2 | 18) {
                2
            } else {
                0
            },
            3,
        );
    }
    // Codes of two bits in order of symbols: 0 = 00, 1 = 01, 2 = 10, 18 = 11.
    let (one, two) = (0b01, 0b10);
    let zeros = |bits: &mut Bits, mut count: u32| {
        while count > 0 {
            if count >= 11 {
                let run = count.min(138);
                bits.code(0b11, 2);
                bits.put(run - 11, 7);
                count -= run;
            } else {
                bits.code(0b00, 2);
                count -= 1;
            }
        }
    };
    zeros(&mut bits, 32);
    bits.code(two, 2); // a space: 10
    zeros(&mut bits, 256 - 33);
    bits.code(two, 2); // the end of the block: 11
    zeros(&mut bits, 285 - 257);
    bits.code(one, 2); // a run of 258: 0
    bits.code(one, 2); // one byte back: 0
    bits.code(0b10, 2); // the space
    let odd = bits.align_with_runs();
    bits.out.resize(bits.out.len() + zero_bytes, 0);
    if odd {
        bits.put(0, 1);
    }
    bits.code(0b11, 2); // the end
    bits.finish()
}

struct Bits {
    out: Vec<u8>,
    byte: u8,
    filled: u8,
}

impl Bits {
    /// A number, lowest bit first.
    fn put(&mut self, value: u32, count: u8) {
        for bit in 0..count {
            self.byte |= u8::from(value >> bit & 1 == 1) << self.filled;
            self.filled += 1;
            if self.filled == 8 {
                self.out.push(self.byte);
                (self.byte, self.filled) = (0, 0);
            }
        }
    }

    /// A Huffman code, highest bit first.
    fn code(&mut self, code: u32, count: u8) {
        for bit in (0..count).rev() {
            self.put(code >> bit & 1, 1);
        }
    }

    /// Zero bits to the end of the byte. A run is two zero bits: where the byte ends in the middle of
    /// one, its second bit is the first of the next byte, and the bits after the zero bytes are put
    /// one bit later.
    fn align_with_runs(&mut self) -> bool {
        let odd = self.filled % 2 == 1;
        while self.filled > 0 {
            self.put(0, 1);
        }
        odd
    }

    fn finish(mut self) -> Vec<u8> {
        if self.filled > 0 {
            self.out.push(self.byte);
        }
        self.out
    }
}
