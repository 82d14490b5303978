//! Sheets, headers and columns: what is missing, what is more than the form has.

use super::with;
use crate::domain::school_import::{
    ChoiceRefused, Reason as R, Selection,
    SheetKind::{self, Bells, Classes, Guardians, Loads, Pupils, Staff, Timetable},
    book::Cell,
    preview,
};

fn reasons(change: impl FnOnce(&mut crate::testing::SmallSchool)) -> Vec<(String, u32, R)> {
    with(change, |p| {
        p.errors()
            .iter()
            .map(|e| (e.sheet.clone(), e.row, e.reason))
            .collect()
    })
}

#[test]
fn a_missing_sheet_breaks_the_form() {
    let errors = reasons(|s| {
        _ = s
            .remove_sheet(Staff)
            .remove_sheet(Loads)
            .remove_sheet(Timetable)
    });
    assert_eq!(
        errors.first(),
        Some(&("Сотрудники".to_owned(), 0, R::MissingSheet))
    );
    with(
        |s| _ = s.remove_sheet(Staff),
        |p| {
            assert_eq!(
                p.choose(&Selection::WithoutErrors),
                Err(ChoiceRefused::FormIsBroken)
            )
        },
    );
}

#[test]
fn sheets_that_a_school_can_do_without_may_be_absent() {
    with(
        |s| {
            _ = s
                .remove_sheet(Guardians)
                .remove_sheet(Loads)
                .remove_sheet(Timetable)
                .remove_sheet(Bells)
        },
        |p| {
            assert_eq!((p.errors(), p.warnings()), (&[][..], &[][..]));
            assert!(
                p.notices().iter().all(|n| n.reason == R::AbsentSheet) && p.notices().len() == 4
            );
            let plan = p.choose(&Selection::Everything).unwrap().plan;
            assert_eq!((plan.counts().pupils, plan.groups.len()), (6, 2));
        },
    );
}

#[test]
fn a_timetable_without_load_makes_its_own_subgroups() {
    with(
        |s| _ = s.remove_sheet(Loads),
        |p| {
            assert_eq!((p.errors(), p.warnings()), (&[][..], &[][..]));
            let plan = p.choose(&Selection::Everything).unwrap().plan;
            assert_eq!((plan.groups.len(), plan.subjects.len()), (4, 2));
        },
    );
}

#[test]
fn a_timetable_without_bells_is_refused() {
    assert_eq!(
        reasons(|s| _ = s.remove_sheet(Bells)),
        [("Звонки".to_owned(), 0, R::MissingSheet)]
    );
}

#[test]
fn a_missing_column_is_named_where_the_headers_are() {
    with(
        |s| _ = s.set_cell(Guardians, "B", 1, None),
        |p| {
            let error = p.errors().first().unwrap();
            assert_eq!(
                (error.sheet.as_str(), error.row, error.reason),
                ("Родители", 1, R::MissingColumn)
            );
            assert_eq!(error.column.as_ref().unwrap().to_string(), "Фамилия");
        },
    );
}

#[test]
fn two_columns_with_one_header_are_refused() {
    let errors = reasons(|s| _ = s.set(Pupils, "K", 1, "имя"));
    assert_eq!(errors, [("Ученики".to_owned(), 1, R::DuplicateColumn)]);
}

#[test]
fn two_sheets_with_one_title_are_refused() {
    let errors = reasons(|s| _ = s.add_sheet(" классы"));
    assert_eq!(errors, [("Классы".to_owned(), 0, R::DuplicateSheet)]);
}

#[test]
fn headers_may_stand_under_a_title_in_any_order_and_case() {
    let mut school = crate::testing::SmallSchool::new();
    school.remove_sheet(Classes);
    let rows: [&[&str]; 4] = [
        &["Список классов на 2026 год"],
        &["КЛАССНЫЙ  РУКОВОДИТЕЛЬ", "класс ", "Смена"],
        &["С-002", "5-А", "1"],
        &["С-003", "10-А", "1"],
    ];
    for row in rows {
        school.push(Classes, row);
    }
    let book = school.book();
    let p = preview(&book, None);
    assert_eq!((p.errors(), p.warnings()), (&[][..], &[][..]));
    let notices: Vec<_> = p
        .notices()
        .iter()
        .map(|n| (n.reason, n.rows.clone()))
        .collect();
    assert_eq!(notices, [(R::IgnoredRows, vec![1])]);
    assert_eq!(
        p.choose(&Selection::Everything).unwrap().plan.classes.len(),
        2
    );
}

#[test]
fn what_is_not_in_the_form_is_named_and_not_lost_silently() {
    with(
        |s| {
            s.set(Pupils, "K", 1, "Кружок")
                .set(Pupils, "K", 2, "хор")
                .set(Pupils, "M", 3, "заметка");
            s.push(SheetKind::School, &["Девиз", "Вперёд"]);
            s.add_sheet("Черновик");
        },
        |p| {
            assert_eq!((p.errors(), p.warnings()), (&[][..], &[][..]));
            let mut found: Vec<_> = p
                .notices()
                .iter()
                .map(|n| (n.sheet.as_str(), n.rows.clone(), n.reason))
                .collect();
            found.sort();
            assert_eq!(
                found,
                [
                    ("Ученики", vec![1], R::IgnoredColumn),
                    ("Ученики", vec![3], R::IgnoredColumn),
                    ("Черновик", vec![], R::IgnoredSheet),
                    ("Школа", vec![7], R::IgnoredField),
                ]
            );
        },
    );
}

#[test]
fn rows_of_nothing_but_spaces_are_no_rows() {
    with(
        |s| {
            s.push(Pupils, &[" ", "\u{a0}"]);
            s.set_cell(Pupils, "A", 40, Some(Cell::Text("  ".into())));
        },
        |p| assert_eq!((p.errors(), p.counts().pupils), (&[][..], 6)),
    );
}

#[test]
fn an_empty_book_is_refused_and_says_what_is_needed() {
    let book = crate::domain::school_import::Book::default();
    let p = preview(&book, None);
    assert_eq!(
        p.errors()
            .iter()
            .filter(|e| e.reason == R::MissingSheet)
            .count(),
        5
    );
    assert_eq!(p.verdicts(), []);
}
