//! Archives of tables: hostile ones by their rule, and lists that spreadsheets save.

use crate::domain::school_import::SheetKind;
use crate::import::check::{check_file, plan_of_file};
use crate::testing::{ForeignPackage, SmallSchool, zipped};
use crate::workbook::ReadError;

#[test]
fn hostile_archives_are_refused_by_name() {
    let manifest = b"propertyName,value\r\noneroster.version,1.2\r\n".as_slice();
    let code = |files: &[(&str, &[u8])]| {
        let bytes = zipped(files.iter().copied()).unwrap();
        check_file(&bytes)
            .err()
            .map(|error: ReadError| error.code())
    };
    let long = format!("sourcedId\r\n\"{}\"\r\n", "я".repeat(5 << 20));
    let cp1251 = b"sourcedId,name\r\n1,\xCF\xB8\xF2\xF0\r\n".as_slice();
    let deep = "x\r\n".repeat(100_001);
    for (files, wanted) in [
        (
            vec![("manifest.csv", manifest), ("users.csv", long.as_bytes())],
            "FILE_CELL_TOO_LONG",
        ),
        (
            vec![("manifest.csv", manifest), ("users.csv", cp1251)],
            "FILE_WRONG_ENCODING",
        ),
        (
            vec![("manifest.csv", manifest), ("../users.csv", b"x")],
            "FILE_UNSAFE_NAMES",
        ),
        (
            vec![("manifest.csv", manifest), ("users.csv", deep.as_bytes())],
            "FILE_TOO_MANY_ROWS",
        ),
        (vec![("readme.txt", b"x".as_slice())], "FILE_NOT_XLSX"),
        (
            vec![("a/users.csv", b"x".as_slice()), ("b/users.csv", b"x")],
            "FILE_NOT_XLSX",
        ),
    ] {
        assert_eq!(code(&files), Some(wanted));
    }
    let bomb = vec![b'0'; 80 << 20];
    let files = [("manifest.csv", manifest), ("users.csv", bomb.as_slice())];
    assert_eq!(code(&files), Some("FILE_UNPACKED_TOO_LARGE"));
}

#[test]
fn a_mark_of_utf8_and_a_folder_around_the_files_do_no_harm() {
    let package = ForeignPackage::new();
    let bytes = package.bytes().unwrap();
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    let mut files: Vec<(String, Vec<u8>)> = Vec::new();
    for at in 0..archive.len() {
        use std::io::Read;
        let mut file = archive.by_index(at).unwrap();
        let mut text = b"\xEF\xBB\xBF".to_vec();
        file.read_to_end(&mut text).unwrap();
        files.push((format!("export/{}", file.name().unwrap()), text));
    }
    let files = files
        .iter()
        .map(|(name, text)| (name.as_str(), text.as_slice()));
    let found = check_file(&zipped(files).unwrap()).unwrap();
    assert!(found.findings.errors.is_empty());
    assert_eq!(found.counts.pupils, 3);
}

/// The lists of the small school, with this delimiter.
fn lists(delimiter: char, encode: fn(&str) -> Vec<u8>) -> Vec<u8> {
    let school = SmallSchool::new();
    let book = school.book();
    let mut files: Vec<(String, Vec<u8>)> = Vec::new();
    for sheet in &book.sheets {
        let columns = SheetKind::of_title(&sheet.title).unwrap().columns().len();
        let mut text = String::new();
        for row in &sheet.rows {
            let cells = (0u16..).take(columns).map(|at| {
                let cell = row.cell(at).map(|cell| cell.shown()).unwrap_or_default();
                format!("\"{}\"", cell.replace('"', "\"\""))
            });
            let cells: Vec<String> = cells.collect();
            text.push_str(&cells.join(&delimiter.to_string()));
            text.push_str("\r\n");
        }
        files.push((format!("{}.csv", sheet.title), encode(&text)));
    }
    let files = files
        .iter()
        .map(|(name, text)| (name.as_str(), text.as_slice()));
    zipped(files).unwrap()
}

fn cp1251(text: &str) -> Vec<u8> {
    let byte = |c: char| match c {
        'А'..='я' => u8::try_from(u32::from(c) - 0x410 + 0xC0).unwrap(),
        'Ё' => 0xA8,
        'ё' => 0xB8,
        '«' => 0xAB,
        '»' => 0xBB,
        '№' => 0xB9,
        _ => u8::try_from(c).unwrap_or(b'?'),
    };
    text.chars().map(byte).collect()
}

#[test]
fn lists_of_a_spreadsheet_are_the_workbook_again() {
    let book = SmallSchool::new().book();
    let workbook = crate::testing::to_xlsx(&book).unwrap();
    let wanted = plan_of_file(&workbook, false).unwrap();
    for bytes in [
        lists(',', |text| text.as_bytes().to_vec()),
        lists(';', |text| [b"\xEF\xBB\xBF", text.as_bytes()].concat()),
        lists(';', cp1251),
    ] {
        assert!(plan_of_file(&bytes, false).unwrap() == wanted);
    }
}
