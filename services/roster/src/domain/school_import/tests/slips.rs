//! Every slip in one cell that is an error, with its place, value and reason.

use super::{refuses, with};
use crate::domain::school_import::{
    Reason as R,
    SheetKind::{Guardians, Loads, Periods, Pupils, School, Staff, Timetable},
    Verdict,
    book::Cell,
};

#[test]
fn a_clean_school_has_no_finding_at_all() {
    with(
        |_| {},
        |preview| {
            assert_eq!(preview.errors(), []);
            assert_eq!(preview.warnings(), []);
            assert_eq!(preview.normalisations(), []);
            assert_eq!(preview.notices(), []);
            assert!(preview.verdicts().iter().all(|v| v.verdict == Verdict::New));
        },
    );
}

#[test]
fn a_day_that_does_not_exist_is_refused() {
    refuses(
        |s| _ = s.set(Pupils, "F", 2, "31.02.2015"),
        ("Ученики", 2, "Дата рождения (F)", "31.02.2015", R::BadDate),
    );
}

#[test]
fn a_month_before_the_day_is_refused() {
    refuses(
        |s| _ = s.set(Pupils, "F", 2, "12/31/2015"),
        ("Ученики", 2, "Дата рождения (F)", "12/31/2015", R::BadDate),
    );
}

#[test]
fn a_year_of_two_digits_is_refused() {
    refuses(
        |s| _ = s.set(Pupils, "F", 2, "12.05.15"),
        ("Ученики", 2, "Дата рождения (F)", "12.05.15", R::BadDate),
    );
}

#[test]
fn a_number_where_a_date_belongs_is_refused() {
    refuses(
        |s| _ = s.set_cell(Pupils, "F", 2, Some(Cell::Number(42_136.0))),
        ("Ученики", 2, "Дата рождения (F)", "42136", R::BadDate),
    );
}

#[test]
fn a_child_born_after_the_year_began_is_refused() {
    refuses(
        |s| _ = s.set(Pupils, "F", 2, "15.05.2027"),
        (
            "Ученики",
            2,
            "Дата рождения (F)",
            "15.05.2027",
            R::BirthDateInFuture,
        ),
    );
}

#[test]
fn an_empty_name_is_refused() {
    refuses(
        |s| _ = s.set_cell(Pupils, "C", 3, None),
        ("Ученики", 3, "Имя (C)", "", R::MissingValue),
    );
}

#[test]
fn a_formula_as_a_name_is_refused_whatever_it_once_computed() {
    refuses(
        |s| {
            _ = s.set_cell(
                Pupils,
                "B",
                2,
                Some(Cell::Formula("HYPERLINK(\"x\")".into())),
            )
        },
        ("Ученики", 2, "Фамилия (B)", "=HYPERLINK(\"x\")", R::Formula),
    );
}

#[test]
fn a_text_that_a_spreadsheet_would_take_for_a_formula_is_refused() {
    refuses(
        |s| _ = s.set(Pupils, "B", 2, " =HYPERLINK(\"x\")"),
        (
            "Ученики",
            2,
            "Фамилия (B)",
            " =HYPERLINK(\"x\")",
            R::Formula,
        ),
    );
}

#[test]
fn a_formula_is_refused_in_columns_of_numbers_too() {
    refuses(
        |s| _ = s.set_cell(Loads, "D", 2, Some(Cell::Formula("1+1".into()))),
        ("Нагрузка", 2, "Часов в неделю (D)", "=1+1", R::Formula),
    );
}

#[test]
fn an_error_of_the_spreadsheet_is_refused() {
    refuses(
        |s| _ = s.set_cell(Pupils, "B", 2, Some(Cell::Error("#REF!".into()))),
        ("Ученики", 2, "Фамилия (B)", "#REF!", R::CellError),
    );
}

#[test]
fn an_invisible_character_is_refused_and_written_out() {
    refuses(
        |s| _ = s.set(Pupils, "B", 3, "Новиков\u{200b}"),
        (
            "Ученики",
            3,
            "Фамилия (B)",
            "Новиков⟨U+200B⟩",
            R::InvisibleCharacters,
        ),
    );
    for mark in ['\u{ad}', '\u{feff}', '\u{202e}', '\u{0}', '\u{2800}'] {
        refuses(
            |s| _ = s.set(Pupils, "B", 3, &format!("Нови{mark}ков")),
            (
                "Ученики",
                3,
                "Фамилия (B)",
                &format!("Нови⟨U+{:04X}⟩ков", u32::from(mark)),
                R::InvisibleCharacters,
            ),
        );
    }
}

#[test]
fn a_code_with_foreign_signs_is_refused() {
    with(
        |s| _ = s.set(Staff, "A", 6, "С 005!"),
        |p| {
            assert_eq!(
                p.errors().iter().map(|e| e.reason).collect::<Vec<_>>(),
                [R::BadCode]
            )
        },
    );
}

#[test]
fn words_in_the_place_of_an_address_are_refused() {
    refuses(
        |s| _ = s.set(Guardians, "G", 2, "не указан"),
        ("Родители", 2, "Эл. почта (G)", "не указан", R::BadEmail),
    );
}

#[test]
fn two_numbers_in_one_cell_are_refused() {
    refuses(
        |s| _ = s.set(Guardians, "F", 2, "+7 978 333-44-01, +7 978 333-44-02"),
        (
            "Родители",
            2,
            "Телефон (F)",
            "+7 978 333-44-01, +7 978 333-44-02",
            R::BadPhone,
        ),
    );
}

#[test]
fn a_name_with_digits_initials_or_a_dash_for_nothing_is_refused() {
    for name in ["Попов2", "И.", "—", "Попов (Белый)", "Попqв"] {
        refuses(
            |s| _ = s.set(Pupils, "C", 2, name),
            ("Ученики", 2, "Имя (C)", name, R::BadName),
        );
    }
}

#[test]
fn a_word_that_is_not_in_the_list_is_refused() {
    refuses(
        |s| _ = s.set(Pupils, "E", 2, "?"),
        ("Ученики", 2, "Пол (E)", "?", R::BadChoice),
    );
    refuses(
        |s| _ = s.set(Pupils, "H", 2, "платная"),
        ("Ученики", 2, "Форма обучения (H)", "платная", R::BadChoice),
    );
    refuses(
        |s| _ = s.set(Guardians, "E", 2, "сосед"),
        ("Родители", 2, "Кем приходится (E)", "сосед", R::BadChoice),
    );
    refuses(
        |s| _ = s.set(Timetable, "A", 2, "завтра"),
        ("Расписание", 2, "День (A)", "завтра", R::BadChoice),
    );
}

#[test]
fn a_number_of_too_few_digits_is_refused_and_shown_masked() {
    refuses(
        |s| _ = s.set(Pupils, "J", 4, "112-233-445 9"),
        ("Ученики", 4, "СНИЛС (J)", "•••-•••-••• •", R::BadSnils),
    );
}

#[test]
fn lesson_number_nought_is_refused() {
    refuses(
        |s| _ = s.set(Timetable, "B", 2, "0"),
        ("Расписание", 2, "Урок (B)", "0", R::BadLessonNumber),
    );
}

#[test]
fn hours_that_are_no_hours_are_refused() {
    for hours in ["ноль", "0", "-1", "41", "1,25"] {
        refuses(
            |s| _ = s.set(Loads, "D", 2, hours),
            ("Нагрузка", 2, "Часов в неделю (D)", hours, R::BadHours),
        );
    }
}

#[test]
fn grades_that_a_spreadsheet_took_for_a_date_are_refused_with_the_way_out() {
    with(
        |s| {
            _ = s.set_cell(
                Periods,
                "D",
                2,
                Some(Cell::Date(jiff::civil::date(2026, 9, 1))),
            )
        },
        |preview| {
            let found: Vec<_> = preview
                .errors()
                .iter()
                .map(|e| (e.reason, e.value.as_str()))
                .collect();
            assert_eq!(found, [(R::BadGrades, "01.09.2026")]);
            assert!(
                preview
                    .errors()
                    .iter()
                    .all(|e| e.hint.contains("Текстовый"))
            );
        },
    );
}

#[test]
fn the_school_itself_must_be_readable() {
    refuses(
        |s| _ = s.set(School, "B", 4, "2026/2028"),
        ("Школа", 4, "Значение (B)", "2026/2028", R::BadAcademicYear),
    );
    refuses(
        |s| _ = s.set(School, "B", 5, "7"),
        ("Школа", 5, "Значение (B)", "7", R::BadNumber),
    );
    refuses(
        |s| _ = s.set(School, "B", 6, "Крым"),
        ("Школа", 6, "Значение (B)", "Крым", R::BadTimeZone),
    );
    refuses(
        |s| _ = s.set_cell(School, "B", 2, None),
        ("Школа", 2, "Значение (B)", "", R::MissingValue),
    );
    refuses(
        |s| _ = s.remove_row(School, 3),
        ("Школа", 0, "Поле (A)", "", R::MissingField),
    );
    refuses(
        |s| _ = s.push(School, &["Учебный год", "2026/2027"]),
        ("Школа", 7, "Поле (A)", "Учебный год", R::DuplicateField),
    );
}

/// The slips of a real list, all in one file: each is told once, and none hides another.
#[test]
fn a_dozen_slips_in_one_file_are_each_told_once() {
    let change = |s: &mut crate::testing::SmallSchool| {
        s.set(Pupils, "B", 2, "  Аблаева ");
        s.set(Pupils, "F", 3, "01/02/2015");
        s.set(Pupils, "G", 4, "5 а");
        s.set(Pupils, "F", 4, "31.02.2015");
        s.set(Pupils, "G", 5, "12-А");
        s.set_cell(Pupils, "C", 6, None);
        s.set_cell(
            Pupils,
            "B",
            7,
            Some(Cell::Formula("HYPERLINK(\"x\")".into())),
        );
        s.push(
            Pupils,
            &[
                "У-0007",
                "Новиков\u{200b}",
                "Лев",
                "",
                "М",
                "01.01.2015",
                "5-А",
                "очная",
                "1",
            ],
        );
        s.push(
            Pupils,
            &[
                "У-0001",
                "Аблаева",
                "Мария",
                "Тарасовна",
                "Ж",
                "15.05.2015",
                "5-А",
                "очная",
                "1",
            ],
        );
        s.set(Guardians, "A", 4, "У-9999")
            .set(Guardians, "G", 2, "не указан");
        s.set(Loads, "E", 5, "С-999");
        s.set(Timetable, "B", 2, "0");
        s.push(
            Timetable,
            &[
                "Понедельник",
                "2",
                "5-А Информатика гр.1",
                "Информатика",
                "С-003",
                "каб. 21",
            ],
        );
    };
    with(change, |preview| {
        let found: Vec<_> = preview.errors().iter().map(super::place).collect();
        let expected = [
            ("Ученики", 4, "Дата рождения (F)", "31.02.2015", R::BadDate),
            ("Ученики", 5, "Класс (G)", "12-А", R::UnknownClass),
            ("Ученики", 6, "Имя (C)", "", R::MissingValue),
            ("Ученики", 7, "Фамилия (B)", "=HYPERLINK(\"x\")", R::Formula),
            (
                "Ученики",
                8,
                "Фамилия (B)",
                "Новиков⟨U+200B⟩",
                R::InvisibleCharacters,
            ),
            ("Ученики", 9, "Код (A)", "У-0001", R::DuplicateCode),
            ("Родители", 2, "Эл. почта (G)", "не указан", R::BadEmail),
            ("Родители", 4, "Код ученика (A)", "У-9999", R::UnknownPupil),
            ("Нагрузка", 5, "Учитель (E)", "С-999", R::UnknownStaff),
            ("Расписание", 2, "Урок (B)", "0", R::BadLessonNumber),
            (
                "Расписание",
                7,
                "Группа (C)",
                "5-А Информатика гр.1",
                R::GroupTwiceInSlot,
            ),
        ];
        let expected = expected.map(|(sheet, row, column, value, reason)| {
            (sheet, row, column.to_owned(), value, reason)
        });
        assert_eq!(found, expected);
        assert_eq!(preview.warnings(), []);
        let put_right: Vec<_> = preview
            .normalisations()
            .iter()
            .map(|n| (n.at.row, n.after.as_str()))
            .collect();
        assert_eq!(put_right, [(2, "Аблаева"), (3, "01.02.2015"), (4, "5-А")]);
    });
}

#[test]
fn several_slips_in_one_row_are_all_reported() {
    with(
        |s| {
            _ = s
                .set(Pupils, "B", 2, "=A1")
                .set(Pupils, "F", 2, "вчера")
                .set(Pupils, "G", 2, "7-Я")
        },
        |preview| {
            let reasons: Vec<_> = preview.errors().iter().map(|e| e.reason).collect();
            assert_eq!(reasons, [R::Formula, R::BadDate, R::UnknownClass]);
        },
    );
}

#[test]
fn no_message_or_hint_holds_what_stands_in_a_cell() {
    with(
        |s| {
            _ = s
                .set(Pupils, "B", 2, "Тайна7")
                .set(Guardians, "G", 2, "тайна")
                .set(Guardians, "F", 3, "тайна")
        },
        |preview| {
            assert_eq!(preview.errors().len(), 3);
            for error in preview.errors() {
                assert!(
                    !format!("{error:?}{}{}", error.message, error.hint)
                        .to_lowercase()
                        .contains("тайна")
                );
            }
        },
    );
}
