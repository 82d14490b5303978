//! Tests: the file is read back by another program's library.

use std::io::Cursor;

use calamine::{Data, Range, Reader, Xlsx};

use super::xlsx;
use crate::render::sample::sheet;

fn pages() -> (Range<Data>, Range<Data>) {
    let mut book: Xlsx<_> =
        calamine::open_workbook_from_rs(Cursor::new(xlsx(&sheet()).unwrap())).unwrap();
    assert_eq!(book.sheet_names(), ["Сводная ведомость", "По предметам"]);
    let formulas = book.worksheet_formula("Сводная ведомость").unwrap();
    assert!(
        formulas.cells().all(|(_, _, formula)| formula.is_empty()),
        "no text has become a formula"
    );
    (
        book.worksheet_range("Сводная ведомость").unwrap(),
        book.worksheet_range("По предметам").unwrap(),
    )
}

fn text(page: &Range<Data>, row: u32, column: u32) -> String {
    match page.get_value((row, column)) {
        Some(Data::String(text)) => text.clone(),
        other => panic!("{row}:{column} is {other:?}"),
    }
}

fn number(page: &Range<Data>, row: u32, column: u32) -> f64 {
    match page.get_value((row, column)) {
        Some(Data::Float(number)) => *number,
        Some(Data::Int(number)) => *number as f64,
        other => panic!("{row}:{column} is {other:?}"),
    }
}

#[test]
fn the_masthead_says_whose_sheet_it_is_and_that_it_is_preliminary() {
    let (page, _) = pages();
    assert_eq!(text(&page, 0, 0), "МБОУ «Средняя школа № 12»");
    assert_eq!(
        text(&page, 2, 0),
        "5-А класс, 1 четверть (01.09.2026 – 14.10.2026), предварительно"
    );
    assert_eq!(
        text(&page, 3, 0),
        "По состоянию на 14.10.2026 15:30. Классный руководитель: Меметова А. И."
    );
    assert!(text(&page, 4, 0).starts_with("Предварительно"));
}

#[test]
fn pupils_and_subjects_meet_in_means_and_counts() {
    let (page, _) = pages();
    assert_eq!(
        (text(&page, 6, 2), text(&page, 6, 4)),
        ("Алгебра".into(), "Физика".into())
    );
    assert_eq!(text(&page, 9, 1), "Ёлкин Матвей Денисович");
    assert_eq!((number(&page, 9, 2), number(&page, 9, 3)), (4.5, 3.0));
    assert_eq!(text(&page, 10, 2), "–", "no marks yet");
    assert_eq!(text(&page, 10, 4), "×", "not studied");
    let absences: Vec<f64> = (7..=11).map(|column| number(&page, 9, column)).collect();
    assert_eq!(absences, [3.0, 2.0, 1.0, 0.0, 1.0]);
}

#[test]
fn percentages_stand_under_the_pupils() {
    let (page, _) = pages();
    assert_eq!(text(&page, 12, 0), "Успеваемость, % (предварительно)");
    assert_eq!((number(&page, 12, 2), number(&page, 12, 6)), (100.0, 100.0));
    assert_eq!(text(&page, 14, 0), "СОУ, % (предварительно)");
    // Algebra: two fives; physics: one four; together 264 / 3.
    assert_eq!(
        (
            number(&page, 14, 2),
            number(&page, 14, 4),
            number(&page, 14, 6)
        ),
        (100.0, 64.0, 88.0)
    );
}

#[test]
fn a_name_that_looks_like_a_formula_is_a_text() {
    let (page, list) = pages();
    assert_eq!(text(&page, 8, 1), "=HYPERLINK(\"http://x\";\"Иванов\") +1");
    assert_eq!(text(&list, 1, 0), "=HYPERLINK(\"http://x\";\"Иванов\") +1");
}

#[test]
fn the_list_holds_exact_sums() {
    let (_, list) = pages();
    let row = (1..list.height() as u32)
        .find(|row| text(&list, *row, 0).starts_with("Ёлкин"))
        .unwrap();
    assert_eq!(text(&list, row, 1), "Алгебра");
    let numbers: Vec<f64> = (2..=10).map(|column| number(&list, row, column)).collect();
    assert_eq!(numbers, [3.0, 3.0, 13.5, 4.5, 5.0, 2.0, 1.0, 0.0, 1.0]);
    assert_eq!(list.height(), 6, "a heading and five cells that exist");
}

#[test]
fn the_same_sheet_gives_the_same_bytes() {
    assert_eq!(xlsx(&sheet()).unwrap(), xlsx(&sheet()).unwrap());
}
