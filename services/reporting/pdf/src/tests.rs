//! Renders whole forms and reads them back: from the laid out pages and from the file's bytes.

#[path = "../examples/samples/data.rs"]
mod data;

use typst::layout::{Frame, FrameItem};

use crate::{Absences, Cell, Document, MOST_CELLS, Mean, PdfError, engine, render};

/// All text of a frame without white space, so that line breaks do not matter.
pub fn letters(frame: &Frame) -> String {
    let mut found = String::new();
    for (_, item) in frame.items() {
        match item {
            FrameItem::Text(text) => found.extend(text.text.chars().filter(|c| !is_space(*c))),
            FrameItem::Group(group) => found.push_str(&letters(&group.frame)),
            _ => {}
        }
    }
    found
}

fn is_space(sign: char) -> bool {
    sign.is_whitespace() || sign == '\u{200b}'
}

fn pages(document: &Document) -> Vec<String> {
    engine::pages(document.form().unwrap()).unwrap()
}

fn squeezed(text: &str) -> String {
    text.chars().filter(|c| !is_space(*c)).collect()
}

fn times(pages: &[String], text: &str) -> usize {
    pages
        .iter()
        .map(|page| page.matches(&squeezed(text)).count())
        .sum()
}

fn contains(bytes: &[u8], text: &str) -> bool {
    bytes
        .windows(text.len())
        .any(|window| window == text.as_bytes())
}

fn one_of_each() -> [Document; 3] {
    [
        Document::ClassReport(data::class_report(5, 4, true)),
        Document::Invitations(data::invitations(2)),
        Document::Table(data::table(3)),
    ]
}

/// Texts that are commands, markup or traps somewhere between here and the paper.
const HOSTILE: [&str; 14] = [
    "#panic(\"x\")",
    "#import \"form.typ\": *",
    "$x^2$",
    "\\u{41}\\",
    "\"Кавычки\" 'и' `код`",
    "= Заголовок",
    "*жирный* _курсив_",
    "<метка> @ссылка",
    "/* // */",
    "{\"a\": [1]}",
    "](x)[#x]",
    "-- ... ~",
    "https://zhurnal.example",
    "</path></svg><script>&lt;",
];

#[test]
fn every_form_is_an_archival_and_accessible_pdf() {
    for form in one_of_each() {
        let bytes = render(&form).unwrap();
        assert!(bytes.starts_with(b"%PDF-1.7"));
        assert!(bytes.trim_ascii_end().ends_with(b"%%EOF"));
        for claim in [
            "<pdfaid:part>2<",
            "<pdfaid:conformance>A<",
            "<pdfuaid:part>1<",
            "2026-12-26T08:12:00+03:00",
        ] {
            assert!(contains(&bytes, claim), "{claim}");
        }
    }
}

#[test]
fn equal_input_gives_equal_bytes_even_from_two_threads() {
    for form in one_of_each() {
        let (first, second) = std::thread::scope(|threads| {
            let first = threads.spawn(|| render(&form).unwrap());
            let second = threads.spawn(|| render(&form).unwrap());
            (first.join().unwrap(), second.join().unwrap())
        });
        assert!(first == second);
        assert!(first == render(&form).unwrap());
    }
}

#[test]
fn hostile_texts_are_printed_as_they_are() {
    let mut report = data::class_report(HOSTILE.len(), 2, true);
    let mut table = data::table(HOSTILE.len());
    let mut sheet = data::invitations(HOSTILE.len());
    for (at, text) in HOSTILE.into_iter().enumerate() {
        report.pupils[at].name = text.into();
        table.rows[at].cells[1] = text.into();
        sheet.slips[at].name = text.into();
    }
    report.class = HOSTILE[0].into();
    report.subjects[1] = HOSTILE[2].into();
    report.imprint.school = HOSTILE[3].into();
    table.notes = HOSTILE.map(String::from).into();
    sheet.site = HOSTILE[6].into();
    for form in [
        Document::ClassReport(report),
        Document::Table(table),
        Document::Invitations(sheet),
    ] {
        let pages = pages(&form);
        for text in HOSTILE {
            assert!(times(&pages, text) > 0, "{text}");
        }
        render(&form).unwrap();
    }
}

#[test]
fn signs_without_a_glyph_become_boxes_and_do_not_stop_the_print() {
    let mut report = data::class_report(2, 2, false);
    report.pupils[0].name = "Ли 李 😀 Анна".into();
    report.pupils[1].name = "А\u{202e}нна \u{7}".repeat(40);
    let form = Document::ClassReport(report);
    assert_eq!(times(&pages(&form), "Ли□□Анна"), 1);
    assert!(render(&form).is_ok());
}

#[test]
fn large_class_breaks_over_pages_with_its_header_on_each() {
    let report = data::class_report(45, 20, true);
    let form = Document::ClassReport(report.clone());
    let pages = pages(&form);
    assert!(pages.len() >= 2, "{} pages", pages.len());
    for (at, page) in pages.iter().enumerate() {
        assert!(page.contains("Фамилия,имяученика"), "page {}", at + 1);
        assert!(page.contains("Крымоведение"), "page {}", at + 1);
        assert!(page.contains(&format!("Страница{}из{}", at + 1, pages.len())));
        assert!(page.contains("9F3A11C2D40BE7715A6C0E94B81F2D3377AC5519E0D24C8FB60917AA3CDE5F10"));
    }
    for at in 0..45 {
        assert_eq!(
            times(&pages, &report.pupils[at].name),
            if at < 20 { 2 } else { 1 }
        );
    }
    let last = pages.last().unwrap();
    for line in ["Классныйруководитель/МеметоваА.И./", "Директор/"]
    {
        assert!(squeezed(last).contains(line), "{line}");
    }
}

#[test]
fn class_report_shows_marks_totals_and_moment() {
    let cell = |result: Option<&str>, sum, marks| {
        Some(Cell {
            result: result.map(String::from),
            average: Mean::new(sum, marks),
            marks: marks as u32,
        })
    };
    let mut report = data::class_report(2, 2, true);
    report.pupils[0].cells = vec![cell(Some("4"), 13, 3), None];
    report.pupils[1].cells = vec![cell(None, 14, 4), cell(Some("осв."), 0, 0)];
    report.pupils[0].absences = Absences {
        illness: 11,
        valid: 2,
        unexcused: 3,
        late: 70,
    };
    report.pupils[1].absences = Absences {
        illness: 100,
        valid: 0,
        unexcused: 1,
        late: 0,
    };
    for pupil in &mut report.pupils {
        pupil.overall = None;
    }
    let page = pages(&Document::ClassReport(report)).remove(0);
    for shown in [
        "Посостояниюна26.12.202608:10",
        "1АбдурамановаЭльзара44,33(3)×–16112370",
        "2БелоконьСофья3,50(4)осв.––101100–1–",
        "Всегоотметок,пропусков7–71171112470",
    ] {
        assert!(page.contains(shown), "{shown} in {page}");
    }
}

#[test]
fn more_subjects_than_a_sheet_holds_go_to_a_further_table() {
    let mut report = data::class_report(3, 60, true);
    report.subjects = (1..=60).map(|at| format!("Предмет-{at:02}")).collect();
    let pages = pages(&Document::ClassReport(report));
    assert_eq!(pages.len(), 3);
    for at in 1..=60 {
        assert_eq!(times(&pages, &format!("Предмет-{at:02}")), 1);
    }
    assert_eq!(times(&pages, "Пропущено уроков"), 1);
}

#[test]
fn eight_slips_fill_a_page_and_every_code_is_there() {
    let sheet = data::invitations(9);
    let pages = pages(&Document::Invitations(sheet.clone()));
    assert_eq!(pages.len(), 2);
    for slip in &sheet.slips {
        assert_eq!(times(&pages, &slip.code), 1);
        assert_eq!(times(&pages, &slip.name), 1);
    }
    assert_eq!(times(&pages, "31 января 2027 г."), 9);
}

#[test]
fn name_of_any_length_stays_on_its_slip() {
    let mut sheet = data::invitations(8);
    sheet.slips[0].name = "Очень-длинная-фамилия ".repeat(12);
    sheet.slips[1].name = "я".repeat(200);
    let form = Document::Invitations(sheet);
    let pages = pages(&form);
    assert_eq!(pages.len(), 1);
    assert_eq!(times(&pages, "31 января 2027 г."), 8);
}

#[test]
fn table_repeats_its_header_and_may_be_empty() {
    let mut report = data::table(120);
    let full = pages(&Document::Table(report.clone()));
    assert!(full.len() > 1);
    assert_eq!(times(&full, "Учитель"), full.len());
    report.rows.clear();
    report.imprint.ledger = None;
    let empty = pages(&Document::Table(report.clone()));
    assert_eq!(times(&empty, "Строк нет."), 1);
    assert_eq!(times(&empty, "Контрольное значение"), 0);
    assert!(render(&Document::Table(report)).is_ok());
}

#[test]
fn contradicting_data_are_refused_by_place() {
    let refused = |form: Document| match render(&form) {
        Err(PdfError::Form(why)) => why,
        other => panic!("{:?}", other.map(|bytes| bytes.len())),
    };
    let mut report = data::class_report(3, 4, true);
    report.pupils[1].cells.pop();
    assert_eq!(
        refused(Document::ClassReport(report)),
        "pupil 2 has 3 values for 4 subjects"
    );
    let mut report = data::class_report(3, 4, true);
    report.summaries[2].values.clear();
    assert_eq!(
        refused(Document::ClassReport(report)),
        "summary 3 has 0 values for 4 subjects"
    );
    refused(Document::ClassReport(data::class_report(3, 0, true)));
    refused(Document::Invitations(data::invitations(0)));
    let mut table = data::table(2);
    table.rows[0].cells.push("лишнее".into());
    assert_eq!(
        refused(Document::Table(table)),
        "row 1 has 10 cells for 9 columns"
    );
    let mut table = data::table(2);
    table.title = " ".into();
    refused(Document::Table(table));
}

#[test]
fn link_too_long_for_a_code_names_its_slip() {
    let mut sheet = data::invitations(3);
    sheet.slips[2].link = "x".repeat(3_000);
    assert!(matches!(
        render(&Document::Invitations(sheet)),
        Err(PdfError::Qr { slip: 3 })
    ));
}

#[test]
fn print_that_would_eat_the_memory_is_refused() {
    let most_rows = MOST_CELLS / 9;
    let mut table = data::table(most_rows);
    assert_eq!(table.rows.len(), most_rows + 1);
    assert!(matches!(
        render(&Document::Table(table.clone())),
        Err(PdfError::TooLarge { cells }) if cells == (most_rows + 1) * 9
    ));
    table.rows.truncate(1);
    assert!(render(&Document::Table(table)).is_ok());
    let sheet = Document::Invitations(data::invitations(1_001));
    assert!(matches!(render(&sheet), Err(PdfError::TooLarge { .. })));
}
