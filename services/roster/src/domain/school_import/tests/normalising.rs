//! Harmless slips: taken as they are meant, shown before and after.

use super::{clean_plan, with};
use crate::{
    domain::school_import::{
        Reason as R,
        SheetKind::{
            self, Bells, Classes, Guardians, Loads, Periods, Pupils, School, Staff, Timetable,
        },
        book::Cell,
    },
    testing::SmallSchool,
};

/// The change is the only finding, and the plan is the one of the clean school.
fn taken_as(sheet: SheetKind, column: &str, row: u32, before: &str, after: &str, reason: R) {
    let change = |s: &mut SmallSchool| _ = s.set(sheet, column, row, before);
    with(change, |preview| {
        assert_eq!(
            (preview.errors(), preview.warnings()),
            (&[][..], &[][..]),
            "{before:?}"
        );
        let found: Vec<_> = preview
            .normalisations()
            .iter()
            .map(|n| {
                (
                    n.at.sheet,
                    n.at.row,
                    n.column.letter.as_str(),
                    n.before.as_str(),
                    n.after.as_str(),
                    n.reason,
                )
            })
            .collect();
        assert_eq!(found, [(sheet, row, column, before, after, reason)]);
    });
    let mut school = SmallSchool::new();
    change(&mut school);
    assert_eq!(
        clean_plan(&school.book()),
        clean_plan(&SmallSchool::new().book()),
        "{before:?}"
    );
}

#[test]
fn spaces_of_any_kind_are_taken_away() {
    taken_as(Pupils, "B", 2, "  Аблаева ", "Аблаева", R::Spaces);
    taken_as(
        Pupils,
        "B",
        2,
        "\u{a0}Аблаева\u{202f}",
        "Аблаева",
        R::Spaces,
    );
    taken_as(
        School,
        "B",
        2,
        "МБОУ  «Школа\u{a0}№ 1»",
        "МБОУ «Школа № 1»",
        R::Spaces,
    );
    taken_as(
        Staff,
        "E",
        3,
        "Учитель:  Алгебра",
        "Учитель: Алгебра",
        R::Spaces,
    );
}

#[test]
fn dates_are_taken_in_every_form_in_which_the_day_comes_first() {
    for form in [
        "15/05/2015",
        "15-05-2015",
        "15.5.2015",
        "15 мая 2015 г.",
        "15 Мая 2015",
        "15.05.2015 г.",
    ] {
        taken_as(Pupils, "F", 2, form, "15.05.2015", R::DateForm);
    }
    taken_as(Pupils, "F", 2, "2015-05-15", "15.05.2015", R::DateForm);
    taken_as(
        Pupils,
        "F",
        2,
        "2015-05-15 00:00:00",
        "15.05.2015",
        R::DateForm,
    );
}

#[test]
fn a_real_date_of_the_spreadsheet_needs_no_normalisation() {
    with(
        |s| {
            _ = s.set_cell(
                Pupils,
                "F",
                2,
                Some(Cell::Date(jiff::civil::date(2015, 5, 15))),
            )
        },
        |preview| {
            assert_eq!(
                (preview.errors(), preview.normalisations()),
                (&[][..], &[][..])
            )
        },
    );
}

#[test]
fn classes_are_taken_in_every_spelling() {
    for form in [
        "5 а",
        "5А",
        "5а",
        "5 «А»",
        "05-А",
        "5–А",
        "5-A",
        "5a",
        "5 а класс",
    ] {
        taken_as(Pupils, "G", 2, form, "5-А", R::ClassForm);
    }
    taken_as(
        Timetable,
        "C",
        3,
        "5а информатика  группа 1",
        "5-А Информатика гр.1",
        R::ClassForm,
    );
    taken_as(
        Loads,
        "A",
        3,
        "5-А Информатика 1 подгруппа",
        "5-А Информатика гр.1",
        R::ClassForm,
    );
    taken_as(Classes, "C", 2, "а", "А", R::ClassForm);
}

#[test]
fn codes_are_taken_in_the_spelling_of_the_row_that_gives_them() {
    // The first letter is a Latin C.
    taken_as(Loads, "E", 2, "C-002", "С-002", R::CodeForm);
    taken_as(Guardians, "A", 2, "у–0001", "У-0001", R::CodeForm);
    taken_as(Classes, "D", 2, " С-002", "С-002", R::Spaces);
}

#[test]
fn names_are_taken_with_capitals_plain_hyphens_and_one_alphabet() {
    taken_as(Pupils, "B", 2, "АБЛАЕВА", "Аблаева", R::NameForm);
    taken_as(Pupils, "B", 2, "аблаева", "Аблаева", R::NameForm);
    taken_as(
        Pupils,
        "B",
        4,
        "Римская – корсакова".to_uppercase().as_str(),
        "Римская-Корсакова",
        R::NameForm,
    );
    // Latin a and e inside.
    taken_as(Pupils, "B", 2, "Аблаeвa", "Аблаева", R::NameForm);
    taken_as(Pupils, "C", 3, "Пе\u{308}тр", "Пётр", R::Spaces);
}

#[test]
fn telephones_addresses_and_choices_are_taken_in_other_forms() {
    for form in [
        "8 (978) 333-44-01",
        "89783334401",
        "9783334401",
        "+7(978)3334401",
    ] {
        taken_as(Guardians, "F", 2, form, "+7 978 333-44-01", R::PhoneForm);
    }
    taken_as(
        Guardians,
        "G",
        2,
        "P1@Family.example",
        "p1@family.example",
        R::EmailForm,
    );
    taken_as(Pupils, "E", 2, "жен.", "Ж", R::ChoiceForm);
    taken_as(Pupils, "H", 2, "Очная", "очная", R::ChoiceForm);
    taken_as(Timetable, "A", 2, "пн.", "Понедельник", R::ChoiceForm);
    taken_as(Guardians, "E", 2, "Мать", "мать", R::ChoiceForm);
    taken_as(Timetable, "D", 2, "АЛГЕБРА", "Алгебра", R::SubjectForm);
}

#[test]
fn a_telephone_that_a_spreadsheet_took_for_a_number_is_taken() {
    with(
        |s| _ = s.set_cell(Guardians, "F", 2, Some(Cell::Number(89_783_334_401.0))),
        |preview| {
            let found: Vec<_> = preview
                .normalisations()
                .iter()
                .map(|n| (n.before.as_str(), n.after.as_str()))
                .collect();
            assert_eq!(found, [("89783334401", "+7 978 333-44-01")]);
        },
    );
}

#[test]
fn times_years_periods_and_grades_are_taken_in_other_forms() {
    taken_as(Bells, "B", 2, "8:00", "08:00", R::TimeForm);
    taken_as(Bells, "B", 2, "08.00", "08:00", R::TimeForm);
    taken_as(
        School,
        "B",
        4,
        "2026-2027 учебный год",
        "2026/2027",
        R::NumberForm,
    );
    taken_as(School, "B", 5, "пятидневная", "5", R::NumberForm);
    taken_as(
        School,
        "B",
        6,
        "europe/simferopol",
        "Europe/Simferopol",
        R::NumberForm,
    );
    taken_as(Periods, "A", 2, "I четверть", "1 четверть", R::NumberForm);
    taken_as(Periods, "D", 2, "1 – 9", "1-9", R::NumberForm);
    taken_as(Loads, "D", 2, "2,0", "2", R::NumberForm);
}

#[test]
fn numbers_and_times_of_the_spreadsheet_need_no_normalisation() {
    with(
        |s| {
            s.set_cell(Loads, "D", 2, Some(Cell::Number(2.0)));
            s.set_cell(Timetable, "B", 2, Some(Cell::Number(1.0)));
            s.set_cell(Pupils, "I", 2, Some(Cell::Number(1.0)));
            s.set_cell(
                Bells,
                "B",
                2,
                Some(Cell::Time(jiff::civil::time(8, 0, 0, 0))),
            );
        },
        |preview| {
            assert_eq!(
                (preview.errors(), preview.normalisations()),
                (&[][..], &[][..])
            )
        },
    );
}

#[test]
fn an_empty_cell_that_means_the_usual_is_shown() {
    with(
        |s| {
            _ = s
                .set_cell(Pupils, "H", 2, None)
                .set_cell(Guardians, "H", 2, None)
        },
        |preview| {
            let found: Vec<_> = preview
                .normalisations()
                .iter()
                .map(|n| (n.reason, n.before.as_str(), n.after.as_str()))
                .collect();
            assert_eq!(
                found,
                [(R::Default, "", "очная"), (R::Default, "", "электронная")]
            );
        },
    );
}

#[test]
fn an_insurance_number_in_another_form_is_masked_on_both_sides() {
    with(
        |s| _ = s.set(Pupils, "J", 2, "00000000111"),
        |preview| {
            let found: Vec<_> = preview
                .normalisations()
                .iter()
                .map(|n| (n.before.as_str(), n.after.as_str()))
                .collect();
            assert_eq!(found, [("•••••••••11", "•••-•••-••• 11")]);
        },
    );
}
