//! What good files hold.

use super::read_school;
use calamine::{Data, Reader, Xlsx};
use jiff::civil::{date, datetime, time};

use super::{
    archive::{workbook, workbook_with},
    read_all,
};
use crate::{
    domain::school_import::{
        Book, Reason, Selection,
        SheetKind::{Bells, DaysOff, Loads, Pupils},
        book::{Cell, Row},
        preview,
    },
    testing::{SmallSchool, to_xlsx},
    workbook::Limits,
};

fn cells(bytes: &[u8]) -> Vec<(u32, Vec<(u16, Cell)>)> {
    let book = read_all(bytes, &Limits::default()).0.unwrap();
    book.sheets
        .into_iter()
        .flat_map(|sheet| sheet.rows)
        .map(|row: Row| (row.number, row.cells))
        .collect()
}

fn one(bytes: &[u8]) -> Cell {
    let rows = cells(bytes);
    assert_eq!(rows.len(), 1, "{rows:?}");
    rows[0].1[0].1.clone()
}

fn same(found: &Cell, expected: &Cell) {
    assert!(found == expected, "{:?} {}", found, found.shown());
}

fn text(text: &str) -> Cell {
    Cell::Text(text.to_owned())
}

fn mixed_school() -> SmallSchool {
    let mut school = SmallSchool::new();
    school.set_cell(Pupils, "F", 2, Some(Cell::Date(date(2015, 5, 15))));
    school.set_cell(Pupils, "I", 2, Some(Cell::Number(1.0)));
    school.set_cell(Loads, "D", 2, Some(Cell::Number(2.0)));
    school.set_cell(Bells, "B", 2, Some(Cell::Time(time(8, 0, 0, 0))));
    school.set_cell(
        DaysOff,
        "A",
        2,
        Some(Cell::DateTime(datetime(2026, 11, 4, 0, 30, 0, 0))),
    );
    school.set(Pupils, "B", 3, "  Кузнецов\u{a0}");
    school
}

#[test]
fn a_school_is_read_as_it_was_written() {
    let book = mixed_school().book();
    let (read, stats) = read_school(&to_xlsx(&book).unwrap(), &Limits::default()).unwrap();
    assert!(read == book, "{read:?}");
    assert_eq!(
        stats.cells,
        book.sheets
            .iter()
            .flat_map(|s| &s.rows)
            .map(|r| r.cells.len())
            .sum::<usize>()
    );
    assert!(stats.unpacked_bytes > 0 && stats.text_bytes > 0);
}

#[test]
fn from_the_file_to_the_plan_nothing_changes() {
    let (read, _) = read_school(
        &to_xlsx(&SmallSchool::new().book()).unwrap(),
        &Limits::default(),
    )
    .unwrap();
    let plan = preview(&read, None)
        .choose(&Selection::Everything)
        .unwrap()
        .plan;
    let straight = SmallSchool::new().book();
    assert_eq!(
        plan,
        preview(&straight, None)
            .choose(&Selection::Everything)
            .unwrap()
            .plan
    );
}

#[test]
fn another_reader_finds_the_same_cells() {
    let book = mixed_school().book();
    let bytes = to_xlsx(&book).unwrap();
    let (ours, _) = read_school(&bytes, &Limits::default()).unwrap();
    let mut other: Xlsx<_> = Xlsx::new(std::io::Cursor::new(bytes)).unwrap();
    let mut compared = 0;
    for sheet in &ours.sheets {
        let range = other.worksheet_range(&sheet.title).unwrap();
        assert_eq!(
            range.used_cells().count(),
            sheet.rows.iter().map(|r| r.cells.len()).sum::<usize>()
        );
        for row in &sheet.rows {
            for (column, cell) in &row.cells {
                let theirs = range
                    .get_value((row.number - 1, u32::from(*column)))
                    .unwrap();
                let equal = match (cell, theirs) {
                    (Cell::Text(ours), Data::String(theirs)) => ours == theirs,
                    (Cell::Number(ours), Data::Float(theirs)) => ours == theirs,
                    (Cell::Date(ours), Data::DateTime(theirs)) => {
                        let (year, month, day, ..) = theirs.to_ymd_hms_milli();
                        (ours.year(), ours.month(), ours.day())
                            == (year as i16, month as i8, day as i8)
                    }
                    (Cell::Time(_) | Cell::DateTime(_), Data::DateTime(_)) => true,
                    _ => false,
                };
                assert!(equal, "{} row {} column {column}", sheet.title, row.number);
                compared += 1;
            }
        }
    }
    assert!(compared > 200);
}

#[test]
fn a_formula_is_found_and_its_remembered_result_is_not_taken_for_a_name() {
    let mut school = SmallSchool::new();
    school.set_cell(
        Pupils,
        "B",
        2,
        Some(Cell::Formula("HYPERLINK(\"x\")".into())),
    );
    let (book, _) = read_school(&to_xlsx(&school.book()).unwrap(), &Limits::default()).unwrap();
    let preview = preview(&book, None);
    let found: Vec<_> = preview
        .errors()
        .iter()
        .map(|e| (e.row, e.reason, e.value.as_str()))
        .collect();
    assert_eq!(found, [(2, Reason::Formula, "=HYPERLINK(\"x\")")]);
}

#[test]
fn cells_that_share_a_formula_are_formulas_each() {
    let bytes = workbook(
        r#"<row r="1"><c r="A1"><f t="shared" ref="A1:A2" si="0">B1</f><v>1</v></c></row>
           <row r="2"><c r="A2"><f t="shared" si="0"/><v>2</v></c></row>"#,
    );
    let rows = cells(&bytes);
    assert!(
        rows.iter()
            .all(|(_, cells)| matches!(cells[0].1, Cell::Formula(_)))
            && rows.len() == 2
    );
}

#[test]
fn strings_are_read_from_the_table_from_the_cell_and_from_rich_text() {
    let table = r#"<sst count="9" uniqueCount="99999999999999999"><si><t>один</t></si>
        <si><r><rPr><b/></rPr><t>д</t></r><r><t xml:space="preserve">ва </t></r><rPh sb="0" eb="1"><t>не это</t></rPh></si></sst>"#;
    let rows = r#"<row><c t="s"><v>1</v></c><c t="inlineStr"><is><t>три &amp; &#1105;</t></is></c><c t="s"><v>0</v></c>
        <c t="inlineStr"><is><t/></is></c><c t="str"><v>пять</v></c></row>"#;
    let read = cells(&workbook_with(rows, "xl/sharedStrings.xml", table));
    let expected = vec![(
        1,
        vec![
            (0, text("два ")),
            (1, text("три & ё")),
            (2, text("один")),
            (4, text("пять")),
        ],
    )];
    assert!(read == expected, "{read:?}");
}

#[test]
fn numbers_in_date_formats_are_dates_and_others_are_numbers() {
    let styles = r#"<styleSheet><numFmts><numFmt numFmtId="170" formatCode="[$-419]d\ mmmm\ yyyy;@"/></numFmts>
        <cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="170"/></cellXfs></styleSheet>"#;
    let rows = r#"<row r="3"><c r="B3" s="1"><v>42136</v></c><c r="C3" s="2"><v>42136.5</v></c><c r="D3" s="0"><v>42136</v></c><c r="E3" s="77"><v>1</v></c></row>"#;
    let read = cells(&workbook_with(rows, "xl/styles.xml", styles));
    let expected = vec![(
        3,
        vec![
            (1, Cell::Date(date(2015, 5, 12))),
            (2, Cell::DateTime(datetime(2015, 5, 12, 12, 0, 0, 0))),
            (3, Cell::Number(42_136.0)),
            (4, Cell::Number(1.0)),
        ],
    )];
    assert!(read == expected, "{read:?}");
}

#[test]
fn a_workbook_that_counts_from_1904_is_read_with_its_own_days() {
    let mut parts = super::archive::parts(r#"<row r="1"><c r="A1" s="0"><v>40674</v></c></row>"#);
    parts[2].1 = r#"<workbook xmlns:r="r"><workbookPr date1904="1"/><sheets><sheet name="Л" r:id="r1"/></sheets></workbook>"#.into();
    parts.push((
        "xl/styles.xml".into(),
        "<styleSheet><cellXfs><xf numFmtId=\"14\"/></cellXfs></styleSheet>".into(),
    ));
    same(
        &one(&super::archive::zipped(&parts)),
        &Cell::Date(date(2015, 5, 12)),
    );
}

#[test]
fn iso_dates_errors_and_booleans_are_what_they_are() {
    let rows = r##"<row><c t="d"><v>2015-05-12T00:00:00Z</v></c><c t="e"><v>#REF!</v></c><c t="b"><v>1</v></c></row>"##;
    let read = cells(&workbook(rows));
    let expected = vec![(
        1,
        vec![
            (0, Cell::Date(date(2015, 5, 12))),
            (1, Cell::Error("#REF!".into())),
            (2, Cell::Bool(true)),
        ],
    )];
    assert!(read == expected, "{read:?}");
}

#[test]
fn prefixes_of_names_do_not_matter() {
    let mut parts = super::archive::parts("");
    parts[4].1 = r#"<x:worksheet xmlns:x="x"><x:sheetData><x:row r="2"><x:c r="C2" t="inlineStr"><x:is><x:t>да</x:t></x:is></x:c></x:row></x:sheetData></x:worksheet>"#.into();
    let read = cells(&super::archive::zipped(&parts));
    assert!(read == vec![(2, vec![(2, text("да"))])], "{read:?}");
}

#[test]
fn sheets_that_the_form_does_not_know_are_named_and_not_read() {
    let mut book: Book = SmallSchool::new().book();
    book.other_sheets = vec!["Черновик".to_owned()];
    let (read, _) = read_school(&to_xlsx(&book).unwrap(), &Limits::default()).unwrap();
    assert!(read == book, "{read:?}");
}

#[test]
fn a_million_empty_rows_and_cells_in_the_last_column_cost_nothing() {
    let mut rows = "<row/>".repeat(1_000_000);
    rows.push_str(r#"<row r="1000005"><c r="XFD1000005" s="1"/></row>"#);
    let (read, stats) = read_all(&workbook(&rows), &Limits::default());
    assert_eq!(read.unwrap().sheets[0].rows.len(), 0);
    assert_eq!((stats.cells, stats.text_bytes), (0, 0));
}
