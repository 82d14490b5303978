//! Files that are made to do harm, or simply are not workbooks. Judged by the error and by the count
//! of bytes that were inflated, never by time.

use super::read_school;
use std::io::{self, Read};

use proptest::prelude::*;

use super::{
    archive::{Claimed, bomb, claimed, parts, workbook, workbook_with, zipped},
    read_all,
};
use crate::{
    testing::{SmallSchool, to_xlsx},
    workbook::{Found, Limits, ReadError, Stats, take_file},
};

const GIB: u64 = 1 << 30;
const SHEET: &str = "xl/worksheets/sheet1.xml";

fn refusal(bytes: &[u8]) -> (ReadError, Stats) {
    let (read, stats) = read_all(bytes, &Limits::default());
    (read.expect_err("a refusal"), stats)
}

/// A small limit, so that the tests that reach it are quick. The default differs in size only.
fn tight() -> Limits {
    Limits {
        unpacked_bytes: 1 << 20,
        text_bytes: 1 << 20,
        ..Limits::default()
    }
}

/// A workbook whose sheet unpacks to ten gigabytes, whatever its directory says.
fn bombed(declared: u64) -> Vec<u8> {
    let mut entries: Vec<Claimed> = parts("")
        .iter()
        .map(|(name, bytes)| Claimed::honest(name, bytes))
        .collect();
    let sheet = entries.iter_mut().find(|e| e.name == SHEET).unwrap();
    sheet.deflated = bomb(b"<worksheet><sheetData>", 10 << 20);
    sheet.declared = declared;
    claimed(&entries)
}

#[test]
fn the_bomb_of_these_tests_does_go_off() {
    // Otherwise the tests below would pass for the wrong reason.
    let small = bomb(b"<", 100);
    let mut entries = vec![Claimed::honest("a", b"x")];
    entries[0].deflated = small;
    entries[0].declared = GIB;
    let archive = claimed(&entries);
    let mut zip = zip::ZipArchive::new(io::Cursor::new(archive)).unwrap();
    let mut out = Vec::new();
    let mut file = zip
        .by_index_with_options(0, zip::read::ZipReadOptions::new().ignore_crc32(true))
        .unwrap();
    file.read_to_end(&mut out).unwrap();
    assert_eq!(out.first(), Some(&b'<'));
    assert!(
        out.len() > 400 * 258 && out[1..].iter().all(|b| *b == b' '),
        "{}",
        out.len()
    );
}

#[test]
fn a_bomb_that_says_so_is_refused_before_anything_is_inflated() {
    let bytes = bombed(10 * GIB);
    assert!(bytes.len() < 11 << 20);
    let (error, stats) = refusal(&bytes);
    assert_eq!(
        error,
        ReadError::UnpackedTooLarge {
            limit: Limits::default().unpacked_bytes
        }
    );
    assert_eq!(stats.unpacked_bytes, 0);
}

#[test]
fn a_bomb_whose_directory_lies_is_stopped_at_the_size_it_declared() {
    let (error, stats) = refusal(&bombed(10_000));
    assert_eq!(error.code(), "FILE_DAMAGED");
    let others: usize = parts("")
        .iter()
        .filter(|(name, _)| name != SHEET)
        .map(|(_, bytes)| bytes.len())
        .sum();
    assert!(stats.unpacked_bytes <= 10_001 + others as u64, "{stats:?}");
}

#[test]
fn a_bomb_is_stopped_at_the_limit_even_if_the_directory_allows_it() {
    let limits = tight();
    let others: usize = parts("")
        .iter()
        .filter(|(name, _)| name != SHEET)
        .map(|(_, bytes)| bytes.len())
        .sum();
    // All that may be declared is declared; the sheet unpacks to ten thousand times more.
    let declared = limits.unpacked_bytes - others as u64;
    let (read, stats) = read_all(&bombed(declared), &limits);
    assert_eq!(read.unwrap_err().code(), "FILE_DAMAGED");
    assert!(
        stats.unpacked_bytes <= limits.unpacked_bytes + 1,
        "{stats:?}"
    );
    // It was not refused for something else: nearly all of it had been read.
    assert!(
        stats.unpacked_bytes > limits.unpacked_bytes / 2,
        "{stats:?}"
    );
}

#[test]
fn many_parts_that_are_small_each_are_counted_together() {
    let mut parts = parts("");
    for number in 2..40 {
        parts.push((
            format!("xl/worksheets/sheet{number}.xml"),
            vec![b' '; 100_000],
        ));
    }
    let (read, stats) = read_all(&zipped(&parts), &tight());
    assert_eq!(
        read,
        Err(ReadError::UnpackedTooLarge {
            limit: tight().unpacked_bytes
        })
    );
    assert_eq!(stats.unpacked_bytes, 0);
}

#[test]
fn a_file_of_fifty_megabytes_is_refused_without_being_taken() {
    struct Counting(u64);
    impl Read for Counting {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            self.0 += buffer.len() as u64;
            buffer.fill(0);
            Ok(buffer.len())
        }
    }
    let limits = Limits::default();
    let mut source = Counting(0);
    let error = take_file(&mut source, &limits).unwrap_err();
    assert_eq!(
        (error.code(), error.clone()),
        (
            "FILE_TOO_LARGE",
            ReadError::FileTooLarge { limit: 16 << 20 }
        )
    );
    assert!(source.0 <= limits.file_bytes as u64 + 1);
    let (error, stats) = refusal(&vec![0; 50 << 20]);
    assert_eq!((error.code(), stats.unpacked_bytes), ("FILE_TOO_LARGE", 0));
}

#[test]
fn a_file_of_allowed_size_is_taken_whole() {
    assert_eq!(
        take_file(&[1u8, 2, 3][..], &Limits::default()),
        Ok(vec![1, 2, 3])
    );
}

#[test]
fn other_formats_are_called_by_their_name() {
    let zip_of = |name: &str| zipped(&[(name.to_owned(), b"<x/>".to_vec())]);
    let ole = [
        &[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1][..],
        &[0; 600],
    ]
    .concat();
    let office = |name: &str| {
        let mut parts = parts("");
        parts.push((name.to_owned(), b"<x/>".to_vec()));
        zipped(&parts)
    };
    let cases: Vec<(Vec<u8>, Found)> = vec![
        (b"%PDF-1.7\n%\xE2\xE3\xCF\xD3".to_vec(), Found::Pdf),
        (
            "Код;Фамилия;Имя\r\nУ-0001;Попов;Лев\r\n"
                .as_bytes()
                .to_vec(),
            Found::Text,
        ),
        (
            b"\xCA\xEE\xE4;\xD4\xE0\xEC\xE8\xEB\xE8\xFF\r\n".to_vec(),
            Found::Text,
        ),
        (b"\xEF\xBB\xBF<html><table>".to_vec(), Found::Markup),
        (ole.clone(), Found::OldOffice),
        (office("word/document.xml"), Found::TextDocument),
        (office("ppt/presentation.xml"), Found::Presentation),
        (office("xl/workbook.bin"), Found::BinaryWorkbook),
        (
            zipped(&[("mimetype".into(), vec![]), ("content.xml".into(), vec![])]),
            Found::OpenDocument,
        ),
        (zip_of("photo.jpg"), Found::Archive),
        (vec![0, 1, 2, 3, 4, 5], Found::Unknown),
    ];
    for (bytes, found) in cases {
        assert_eq!(refusal(&bytes).0, ReadError::NotXlsx(found));
    }
    assert_eq!(refusal(b"").0, ReadError::Empty);
}

#[test]
fn a_file_under_a_password_is_called_so() {
    let name: Vec<u8> = "EncryptedPackage"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let ole = [
        &[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1][..],
        &[0; 600],
        &name,
        &[0; 100],
    ]
    .concat();
    assert_eq!(refusal(&ole).0, ReadError::Encrypted);
    let mut entries: Vec<Claimed> = parts("")
        .iter()
        .map(|(name, bytes)| Claimed::honest(name, bytes))
        .collect();
    entries.iter_mut().for_each(|entry| entry.encrypted = true);
    assert_eq!(refusal(&claimed(&entries)).0, ReadError::Encrypted);
}

#[test]
fn a_file_cut_off_anywhere_is_refused() {
    let whole = to_xlsx(&SmallSchool::new().book()).unwrap();
    for length in (1..whole.len()).step_by(61) {
        let (error, _) = refusal(&whole[..length]);
        assert!(
            matches!(error.code(), "FILE_DAMAGED" | "FILE_NOT_XLSX"),
            "{length}: {error}"
        );
    }
}

#[test]
fn a_part_with_a_wrong_checksum_is_refused() {
    let mut entries: Vec<Claimed> = parts("")
        .iter()
        .map(|(name, bytes)| Claimed::honest(name, bytes))
        .collect();
    assert!(read_all(&claimed(&entries), &Limits::default()).0.is_ok());
    entries.iter_mut().for_each(|entry| entry.checksum ^= 1);
    assert_eq!(refusal(&claimed(&entries)).0.code(), "FILE_DAMAGED");
}

#[test]
fn entities_are_refused_wherever_they_stand() {
    let laughs = r#"<!DOCTYPE x [<!ENTITY a "ха"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>"#;
    let file = r#"<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>"#;
    let cell = r#"<row><c t="inlineStr"><is><t>&b;</t></is></c></row>"#;
    for declaration in [laughs, file] {
        let sheet = format!("{declaration}<worksheet><sheetData>{cell}</sheetData></worksheet>");
        assert_eq!(
            refusal(&workbook_with("", SHEET, &sheet)).0,
            ReadError::XmlEntities
        );
        let strings = format!("{declaration}<sst><si><t>&a;</t></si></sst>");
        assert_eq!(
            refusal(&workbook_with("", "xl/sharedStrings.xml", &strings)).0,
            ReadError::XmlEntities
        );
        let book = format!("{declaration}<workbook/>");
        assert_eq!(
            refusal(&workbook_with("", "xl/workbook.xml", &book)).0,
            ReadError::XmlEntities
        );
    }
    assert_eq!(refusal(&workbook(cell)).0, ReadError::XmlEntities);
    let in_attribute =
        r#"<workbook xmlns:r="r"><sheets><sheet name="&b;" r:id="r1"/></sheets></workbook>"#;
    assert_eq!(
        refusal(&workbook_with("", "xl/workbook.xml", in_attribute)).0,
        ReadError::XmlEntities
    );
}

#[test]
fn values_far_out_on_the_sheet_are_refused() {
    let right = r#"<row r="1"><c r="XFD1"><v>1</v></c></row>"#;
    assert_eq!(
        refusal(&workbook(right)).0,
        ReadError::TooManyColumns {
            sheet: "Лист".into(),
            limit: 256
        }
    );
    let down = r#"<row r="1048576"><c r="A1048576"><v>1</v></c></row>"#;
    assert_eq!(
        refusal(&workbook(down)).0,
        ReadError::TooManyRows {
            sheet: "Лист".into(),
            limit: 100_000
        }
    );
}

#[test]
fn a_row_of_sixteen_thousand_values_is_refused() {
    let row = format!("<row>{}</row>", "<c><v>1</v></c>".repeat(16_384));
    let (error, stats) = refusal(&workbook(&row));
    assert_eq!(error.code(), "FILE_TOO_MANY_COLUMNS");
    assert!(stats.cells <= 257);
}

#[test]
fn too_many_cells_are_refused() {
    let limits = Limits {
        cells: 1_000,
        ..Limits::default()
    };
    let rows = "<row><c><v>1</v></c><c><v>2</v></c></row>".repeat(600);
    let (read, stats) = read_all(&workbook(&rows), &limits);
    assert_eq!(
        (read, stats.cells),
        (Err(ReadError::TooManyCells { limit: 1_000 }), 1_001)
    );
}

#[test]
fn one_long_string_in_every_cell_is_counted_as_often_as_it_stands() {
    let long = "я".repeat(16_000);
    let table = format!("<sst><si><t>{long}</t></si></sst>");
    let rows = r#"<row><c t="s"><v>0</v></c></row>"#.repeat(100);
    let (read, stats) = read_all(
        &workbook_with(&rows, "xl/sharedStrings.xml", &table),
        &tight(),
    );
    assert_eq!(read, Err(ReadError::TooMuchText { limit: 1 << 20 }));
    assert!(stats.text_bytes <= (1 << 20) + 32_000);
}

#[test]
fn a_string_longer_than_a_cell_can_hold_is_refused() {
    let row = format!(
        r#"<row><c t="inlineStr"><is><t>{}</t></is></c></row>"#,
        "a".repeat(200_000)
    );
    assert_eq!(refusal(&workbook(&row)).0.code(), "FILE_DAMAGED");
}

#[test]
fn counts_and_indices_that_a_file_states_reserve_nothing() {
    // Each of these makes a reader that believes the file ask for more memory than there is.
    let table = r#"<sst uniqueCount="18446744073709551615" count="18446744073709551615"><si><t>а</t></si></sst>"#;
    let rows = r#"<row r="1"><c r="A1"><f t="shared" ref="A1:XFD1048576" si="4294967295">B1</f></c></row>"#;
    let (read, stats) = read_all(
        &workbook_with(rows, "xl/sharedStrings.xml", table),
        &Limits::default(),
    );
    assert_eq!(read.unwrap().sheets[0].rows.len(), 1);
    assert_eq!(stats.cells, 1);
}

#[test]
fn a_dimension_that_claims_the_whole_sheet_reserves_nothing() {
    let sheet = r#"<worksheet><dimension ref="A1:XFD1048576"/><sheetData><row r="1"><c r="A1"><v>1</v></c></row><row r="99999"><c r="IV99999"><v>1</v></c></row></sheetData></worksheet>"#;
    let (read, stats) = read_all(&workbook_with("", SHEET, sheet), &Limits::default());
    assert_eq!((read.unwrap().sheets[0].rows.len(), stats.cells), (2, 2));
}

#[test]
fn rows_and_cells_out_of_order_are_refused() {
    for rows in [
        r#"<row r="2"><c><v>1</v></c></row><row r="1"><c><v>1</v></c></row>"#,
        r#"<row r="1"><c><v>1</v></c></row><row r="1"><c><v>2</v></c></row>"#,
        r#"<row r="1"><c r="B1"><v>1</v></c><c r="A1"><v>1</v></c></row>"#,
        r#"<row r="1"><c r="A1"><v>1</v></c><c r="A1"><v>2</v></c></row>"#,
        r#"<row r="1"><c r="A2"><v>1</v></c></row>"#,
        r#"<row r="0"/>"#,
        r#"<row r="1048577"/>"#,
    ] {
        assert_eq!(refusal(&workbook(rows)).0.code(), "FILE_DAMAGED", "{rows}");
    }
}

#[test]
fn nonsense_in_cells_is_refused() {
    for cell in [
        r#"<c t="s"><v>7</v></c>"#,
        r#"<c t="s"><v>-1</v></c>"#,
        r#"<c><v>12 000</v></c>"#,
        r#"<c><v>1e999</v></c>"#,
        r#"<c><v>NaN</v></c>"#,
        r#"<c t="z"><v>1</v></c>"#,
        r#"<c r="1A"><v>1</v></c>"#,
        r#"<c><v>1</c>"#,
    ] {
        assert_eq!(
            refusal(&workbook(&format!("<row>{cell}</row>"))).0.code(),
            "FILE_DAMAGED",
            "{cell}"
        );
    }
}

#[test]
fn too_many_parts_and_sheets_are_refused() {
    let mut many = parts("");
    many.extend((0..1_000).map(|number| (format!("xl/media/{number}.png"), vec![])));
    assert_eq!(
        refusal(&zipped(&many)).0,
        ReadError::TooManyParts { limit: 1_000 }
    );
    let sheets = r#"<sheet name="Л" r:id="r1"/>"#.repeat(65);
    let book = format!(r#"<workbook xmlns:r="r"><sheets>{sheets}</sheets></workbook>"#);
    assert_eq!(
        refusal(&workbook_with("", "xl/workbook.xml", &book)).0,
        ReadError::TooManySheets { limit: 64 }
    );
}

#[test]
fn two_parts_with_one_name_are_refused() {
    let mut entries: Vec<Claimed> = parts("")
        .iter()
        .map(|(name, bytes)| Claimed::honest(name, bytes))
        .collect();
    entries.push(Claimed::honest("XL/worksheets/SHEET1.xml", b"<worksheet/>"));
    assert_eq!(refusal(&claimed(&entries)).0.code(), "FILE_DAMAGED");
}

#[test]
fn every_refusal_has_a_code_a_message_and_a_way_out() {
    let sheet = || "Лист".to_owned();
    let all = [
        ReadError::Empty,
        ReadError::FileTooLarge { limit: 16 << 20 },
        ReadError::NotXlsx(Found::Pdf),
        ReadError::Encrypted,
        ReadError::damaged("обрыв"),
        ReadError::UnpackedTooLarge { limit: 64 << 20 },
        ReadError::XmlEntities,
        ReadError::TooManyParts { limit: 1 },
        ReadError::TooManySheets { limit: 1 },
        ReadError::TooManyRows {
            sheet: sheet(),
            limit: 1,
        },
        ReadError::TooManyColumns {
            sheet: sheet(),
            limit: 1,
        },
        ReadError::TooManyCells { limit: 1 },
        ReadError::TooMuchText { limit: 1 << 20 },
    ];
    let codes: std::collections::BTreeSet<_> = all.iter().map(ReadError::code).collect();
    assert_eq!(codes.len(), all.len());
    assert!(all.iter().all(|e| e.code().starts_with("FILE_")
        && !e.hint().is_empty()
        && !e.to_string().is_empty()));
    assert_eq!(all[1].to_string(), "файл больше 16 МБ");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn whatever_the_bytes_reading_ends_within_its_limits(
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..40),
        cut in any::<prop::sample::Index>(),
        keep_whole in any::<bool>(),
    ) {
        let mut bytes = to_xlsx(&SmallSchool::new().book()).unwrap();
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        if !keep_whole {
            bytes.truncate(cut.index(bytes.len()));
        }
        let limits = tight();
        let (_, stats) = read_all(&bytes, &limits);
        prop_assert!(stats.unpacked_bytes <= limits.unpacked_bytes + 1);
        let _ = read_school(&bytes, &limits);
    }

    #[test]
    fn whatever_the_xml_of_a_sheet_reading_ends(
        pieces in prop::collection::vec(prop::sample::select(vec![
            "<row>", "</row>", "<row r=\"7\">", "<c>", "</c>", "<c r=\"B7\" t=\"s\">", "<c t=\"inlineStr\">", "<v>", "</v>", "0", "<f>",
            "</f>", "<is>", "</is>", "<t>", "</t>", "<rPh>", "</rPh>", "&amp;", "&x;", "<![CDATA[", "]]>", "<!--", "-->", "<?", "?>", "<", ">", "\"",
        ]), 0..40),
    ) {
        let _ = read_all(&workbook(&pieces.concat()), &tight());
    }
}
