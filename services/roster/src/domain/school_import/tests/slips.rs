//! Every slip that is an error, with its place, value and reason.

use super::{refuses, with};
use crate::domain::school_import::{
    Reason as R,
    SheetKind::{Bells, Classes, DaysOff, Guardians, Loads, Periods, Pupils, School, Staff, Timetable},
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
        ("Ученики", 2, "Дата рождения (F)", "15.05.2027", R::BirthDateInFuture),
    );
}

#[test]
fn a_class_that_does_not_exist_is_refused() {
    refuses(|s| _ = s.set(Pupils, "G", 3, "12-А"), ("Ученики", 3, "Класс (G)", "12-А", R::UnknownClass));
}

#[test]
fn an_empty_name_is_refused() {
    refuses(|s| _ = s.set_cell(Pupils, "C", 3, None), ("Ученики", 3, "Имя (C)", "", R::MissingValue));
}

#[test]
fn a_formula_as_a_name_is_refused_whatever_it_once_computed() {
    refuses(
        |s| _ = s.set_cell(Pupils, "B", 2, Some(Cell::Formula("HYPERLINK(\"x\")".into()))),
        ("Ученики", 2, "Фамилия (B)", "=HYPERLINK(\"x\")", R::Formula),
    );
}

#[test]
fn a_text_that_a_spreadsheet_would_take_for_a_formula_is_refused() {
    refuses(
        |s| _ = s.set(Pupils, "B", 2, " =HYPERLINK(\"x\")"),
        ("Ученики", 2, "Фамилия (B)", " =HYPERLINK(\"x\")", R::Formula),
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
        ("Ученики", 3, "Фамилия (B)", "Новиков⟨U+200B⟩", R::InvisibleCharacters),
    );
    for mark in ['\u{ad}', '\u{feff}', '\u{202e}', '\u{0}', '\u{2800}'] {
        refuses(
            |s| _ = s.set(Pupils, "B", 3, &format!("Нови{mark}ков")),
            ("Ученики", 3, "Фамилия (B)", &format!("Нови⟨U+{:04X}⟩ков", u32::from(mark)), R::InvisibleCharacters),
        );
    }
}

#[test]
fn a_code_given_twice_is_refused_where_it_stands_again() {
    refuses(
        |s| _ = s.push(Pupils, &["у-0001", "Попов", "Лев", "", "М", "01.01.2015", "5-А", "очная", "1"]),
        ("Ученики", 8, "Код (A)", "у-0001", R::DuplicateCode),
    );
    refuses(
        |s| _ = s.push(Staff, &["C-005", "Попов", "Лев", "", "Учитель: Алгебра"]),
        ("Сотрудники", 7, "Код (A)", "C-005", R::DuplicateCode),
    );
}

#[test]
fn a_class_given_twice_is_refused() {
    refuses(|s| _ = s.push(Classes, &["5 а", "", "", "С-002"]), ("Классы", 4, "Класс (A)", "5 а", R::DuplicateClass));
}

#[test]
fn a_class_whose_grade_or_letter_contradict_is_refused() {
    refuses(|s| _ = s.set(Classes, "B", 2, "6"), ("Классы", 2, "Параллель (B)", "6", R::ClassMismatch));
    refuses(|s| _ = s.set(Classes, "C", 2, "Б"), ("Классы", 2, "Литера (C)", "Б", R::ClassMismatch));
}

#[test]
fn a_class_of_grade_twelve_is_refused() {
    refuses(|s| _ = s.push(Classes, &["12-А", "", "", "С-002"]), ("Классы", 4, "Класс (A)", "12-А", R::BadClass));
}

#[test]
fn references_to_people_who_are_not_listed_are_refused() {
    refuses(
        |s| _ = s.set(Guardians, "A", 2, "У-9999"),
        ("Родители", 2, "Код ученика (A)", "У-9999", R::UnknownPupil),
    );
    refuses(|s| _ = s.set(Loads, "E", 2, "С-999"), ("Нагрузка", 2, "Учитель (E)", "С-999", R::UnknownStaff));
    refuses(|s| _ = s.set(Timetable, "E", 2, "С-999"), ("Расписание", 2, "Учитель (E)", "С-999", R::UnknownStaff));
    refuses(
        |s| _ = s.set(Classes, "D", 2, "С-999"),
        ("Классы", 2, "Классный руководитель (D)", "С-999", R::UnknownStaff),
    );
}

#[test]
fn a_code_with_foreign_signs_is_refused() {
    with(
        |s| _ = s.set(Staff, "A", 6, "С 005!"),
        |p| assert_eq!(p.errors().iter().map(|e| e.reason).collect::<Vec<_>>(), [R::BadCode]),
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
        ("Родители", 2, "Телефон (F)", "+7 978 333-44-01, +7 978 333-44-02", R::BadPhone),
    );
}

#[test]
fn a_name_with_digits_initials_or_a_dash_for_nothing_is_refused() {
    for name in ["Попов2", "И.", "—", "Попов (Белый)", "Попqв"] {
        refuses(|s| _ = s.set(Pupils, "C", 2, name), ("Ученики", 2, "Имя (C)", name, R::BadName));
    }
}

#[test]
fn a_word_that_is_not_in_the_list_is_refused() {
    refuses(|s| _ = s.set(Pupils, "E", 2, "?"), ("Ученики", 2, "Пол (E)", "?", R::BadChoice));
    refuses(|s| _ = s.set(Pupils, "H", 2, "платная"), ("Ученики", 2, "Форма обучения (H)", "платная", R::BadChoice));
    refuses(|s| _ = s.set(Guardians, "E", 2, "сосед"), ("Родители", 2, "Кем приходится (E)", "сосед", R::BadChoice));
    refuses(|s| _ = s.set(Timetable, "A", 2, "завтра"), ("Расписание", 2, "День (A)", "завтра", R::BadChoice));
}

#[test]
fn a_number_of_too_few_digits_is_refused_and_shown_masked() {
    refuses(|s| _ = s.set(Pupils, "J", 4, "112-233-445 9"), ("Ученики", 4, "СНИЛС (J)", "•••-•••-••• •", R::BadSnils));
}

#[test]
fn one_insurance_number_for_two_pupils_is_refused_and_shown_masked() {
    refuses(
        |s| _ = s.set(Pupils, "J", 4, "00000000111"),
        ("Ученики", 4, "СНИЛС (J)", "•••••••••11", R::DuplicateSnils),
    );
}

#[test]
fn lesson_number_nought_is_refused() {
    refuses(|s| _ = s.set(Timetable, "B", 2, "0"), ("Расписание", 2, "Урок (B)", "0", R::BadLessonNumber));
}

#[test]
fn a_lesson_without_bells_is_refused() {
    refuses(|s| _ = s.set(Timetable, "B", 2, "9"), ("Расписание", 2, "Урок (B)", "9", R::UnknownLesson));
}

#[test]
fn a_lesson_on_saturday_of_a_week_of_five_days_is_refused() {
    refuses(|s| _ = s.set(Timetable, "A", 2, "Суббота"), ("Расписание", 2, "День (A)", "Суббота", R::DayOutsideWeek));
    with(
        |s| _ = s.set(School, "B", 5, "6").set(Timetable, "A", 2, "Суббота"),
        |preview| assert_eq!(preview.errors(), []),
    );
}

#[test]
fn the_same_group_twice_in_a_slot_is_refused_once_and_with_no_other_finding() {
    let row = ["Понедельник", "2", "5-А Информатика гр.1", "Информатика", "С-003", "каб. 21"];
    refuses(
        |s| _ = s.push(Timetable, &row),
        ("Расписание", 7, "Группа (C)", "5-А Информатика гр.1", R::GroupTwiceInSlot),
    );
    with(|s| _ = s.push(Timetable, &row), |preview| assert_eq!(preview.warnings(), []));
}

#[test]
fn a_class_beside_its_own_subgroup_is_the_same_pupils_twice() {
    refuses(
        |s| _ = s.push(Timetable, &["Понедельник", "2", "5-А", "Алгебра", "С-002", "каб. 12"]),
        ("Расписание", 7, "Группа (C)", "5-А", R::PupilsTwiceInSlot),
    );
}

#[test]
fn two_groups_of_one_subgroup_number_are_the_same_pupils_twice() {
    refuses(
        |s| {
            s.push(Loads, &["5-А Алгебра гр.1", "5-А", "Алгебра", "1", "С-002"]);
            s.push(Timetable, &["Понедельник", "2", "5-А Алгебра гр.1", "Алгебра", "С-002", "каб. 12"]);
        },
        ("Расписание", 7, "Группа (C)", "5-А Алгебра гр.1", R::PupilsTwiceInSlot),
    );
}

#[test]
fn different_subgroups_of_a_class_may_have_different_subjects_at_once() {
    with(
        |s| {
            s.push(Loads, &["5-А Алгебра гр.2", "5-А", "Алгебра", "1", "С-002"]);
            s.remove_row(Timetable, 4).remove_row(Loads, 4);
            s.push(Timetable, &["Понедельник", "2", "5-А Алгебра гр.2", "Алгебра", "С-002", "каб. 12"]);
        },
        |preview| assert_eq!(preview.errors(), []),
    );
}

#[test]
fn groups_that_the_load_does_not_make_are_refused() {
    refuses(
        |s| _ = s.set(Timetable, "C", 3, "5-А Информатика гр.3"),
        ("Расписание", 3, "Группа (C)", "5-А Информатика гр.3", R::UnknownGroup),
    );
    refuses(|s| _ = s.set(Timetable, "C", 2, "7-В"), ("Расписание", 2, "Группа (C)", "7-В", R::UnknownGroup));
    refuses(|s| _ = s.set(Timetable, "C", 2, "Хор"), ("Расписание", 2, "Группа (C)", "Хор", R::BadGroup));
}

#[test]
fn a_subgroup_of_another_subject_is_refused() {
    refuses(
        |s| _ = s.set(Timetable, "D", 3, "Алгебра"),
        ("Расписание", 3, "Группа (C)", "5-А Информатика гр.1", R::GroupSubjectMismatch),
    );
}

#[test]
fn a_subject_that_nobody_has_load_in_is_refused() {
    refuses(|s| _ = s.set(Timetable, "D", 2, "Алгибра"), ("Расписание", 2, "Предмет (D)", "Алгибра", R::UnknownSubject));
}

#[test]
fn load_of_one_class_under_the_name_of_another_is_refused() {
    refuses(|s| _ = s.set(Loads, "B", 2, "10-А"), ("Нагрузка", 2, "Класс (B)", "10-А", R::ClassMismatch));
}

#[test]
fn load_given_twice_is_refused() {
    refuses(
        |s| _ = s.push(Loads, &["5-А", "5-А", "алгебра", "2", "С-002"]),
        ("Нагрузка", 6, "Предмет (C)", "алгебра", R::DuplicateRow),
    );
}

#[test]
fn hours_that_are_no_hours_are_refused() {
    for hours in ["ноль", "0", "-1", "41", "1,25"] {
        refuses(|s| _ = s.set(Loads, "D", 2, hours), ("Нагрузка", 2, "Часов в неделю (D)", hours, R::BadHours));
    }
}

#[test]
fn a_parent_of_a_child_given_twice_is_refused() {
    refuses(
        |s| _ = s.push(Guardians, &["У-0001", "Аблаева", "Аза", "", "мать", "+7 978 333-44-01"]),
        ("Родители", 8, "Код ученика (A)", "У-0001", R::DuplicateRow),
    );
}

#[test]
fn bells_that_overlap_or_run_backwards_are_refused() {
    refuses(|s| _ = s.set(Bells, "B", 3, "08:30"), ("Звонки", 3, "Начало (B)", "08:30", R::BellsOverlap));
    refuses(|s| _ = s.set(Bells, "C", 4, "09:00"), ("Звонки", 4, "Конец (C)", "09:00", R::EndBeforeStart));
    refuses(|s| _ = s.set(Bells, "B", 2, "25:00"), ("Звонки", 2, "Начало (B)", "25:00", R::BadTime));
    refuses(|s| _ = s.push(Bells, &["3", "10:40", "11:20"]), ("Звонки", 5, "Урок (A)", "3", R::DuplicateRow));
}

#[test]
fn periods_that_overlap_repeat_or_leave_the_year_are_refused() {
    refuses(
        |s| _ = s.set(Periods, "B", 3, "20.10.2026"),
        ("Учебные периоды", 3, "Начало (B)", "20.10.2026", R::PeriodsOverlap),
    );
    refuses(
        |s| _ = s.set(Periods, "C", 3, "30.12.2027"),
        ("Учебные периоды", 3, "Конец (C)", "30.12.2027", R::DateOutsideYear),
    );
    refuses(
        |s| _ = s.set(Periods, "A", 3, "1 четверть"),
        ("Учебные периоды", 3, "Период (A)", "1 четверть", R::DuplicateRow),
    );
    refuses(
        |s| _ = s.set(Periods, "A", 3, "5 четверть"),
        ("Учебные периоды", 3, "Период (A)", "5 четверть", R::BadPeriod),
    );
}

#[test]
fn grades_that_a_spreadsheet_took_for_a_date_are_refused_with_the_way_out() {
    with(
        |s| _ = s.set_cell(Periods, "D", 2, Some(Cell::Date(jiff::civil::date(2026, 9, 1)))),
        |preview| {
            let found: Vec<_> = preview.errors().iter().map(|e| (e.reason, e.value.as_str())).collect();
            assert_eq!(found, [(R::BadGrades, "01.09.2026")]);
            assert!(preview.errors().iter().all(|e| e.hint.contains("Текстовый")));
        },
    );
}

#[test]
fn a_day_off_given_twice_or_outside_the_year_is_refused() {
    refuses(
        |s| _ = s.push(DaysOff, &["4.11.2026", "Снова"]),
        ("Выходные дни", 3, "Дата (A)", "4.11.2026", R::DuplicateRow),
    );
    refuses(
        |s| _ = s.set(DaysOff, "A", 2, "04.11.2025"),
        ("Выходные дни", 2, "Дата (A)", "04.11.2025", R::DateOutsideYear),
    );
}

#[test]
fn the_school_itself_must_be_readable() {
    refuses(|s| _ = s.set(School, "B", 4, "2026/2028"), ("Школа", 4, "Значение (B)", "2026/2028", R::BadAcademicYear));
    refuses(|s| _ = s.set(School, "B", 5, "7"), ("Школа", 5, "Значение (B)", "7", R::BadNumber));
    refuses(|s| _ = s.set(School, "B", 6, "Крым"), ("Школа", 6, "Значение (B)", "Крым", R::BadTimeZone));
    refuses(|s| _ = s.set_cell(School, "B", 2, None), ("Школа", 2, "Значение (B)", "", R::MissingValue));
    refuses(|s| _ = s.remove_row(School, 3), ("Школа", 0, "Поле (A)", "", R::MissingField));
    refuses(|s| _ = s.push(School, &["Учебный год", "2026/2027"]), ("Школа", 7, "Поле (A)", "Учебный год", R::DuplicateField));
}

#[test]
fn several_slips_in_one_row_are_all_reported() {
    with(
        |s| _ = s.set(Pupils, "B", 2, "=A1").set(Pupils, "F", 2, "вчера").set(Pupils, "G", 2, "7-Я"),
        |preview| {
            let reasons: Vec<_> = preview.errors().iter().map(|e| e.reason).collect();
            assert_eq!(reasons, [R::Formula, R::BadDate, R::UnknownClass]);
        },
    );
}

#[test]
fn no_message_or_hint_holds_what_stands_in_a_cell() {
    with(
        |s| _ = s.set(Pupils, "B", 2, "Тайна7").set(Guardians, "G", 2, "тайна").set(Guardians, "F", 3, "тайна"),
        |preview| {
            assert_eq!(preview.errors().len(), 3);
            for error in preview.errors() {
                assert!(!format!("{error:?}{}{}", error.message, error.hint).to_lowercase().contains("тайна"));
            }
        },
    );
}
