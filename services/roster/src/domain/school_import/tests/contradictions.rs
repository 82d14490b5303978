//! Rows that contradict each other: duplicates, unknown references, one group or pupil twice.

use super::{refuses, with};
use crate::domain::school_import::{
    Reason as R,
    SheetKind::{
        Bells, Classes, DaysOff, Guardians, Loads, Periods, Pupils, School, Staff, Timetable,
    },
};

#[test]
fn a_class_that_does_not_exist_is_refused() {
    refuses(
        |s| _ = s.set(Pupils, "G", 3, "12-А"),
        ("Ученики", 3, "Класс (G)", "12-А", R::UnknownClass),
    );
}

#[test]
fn a_code_given_twice_is_refused_where_it_stands_again() {
    refuses(
        |s| {
            _ = s.push(
                Pupils,
                &[
                    "у-0001",
                    "Попов",
                    "Лев",
                    "",
                    "М",
                    "01.01.2015",
                    "5-А",
                    "очная",
                    "1",
                ],
            )
        },
        ("Ученики", 8, "Код (A)", "у-0001", R::DuplicateCode),
    );
    refuses(
        |s| _ = s.push(Staff, &["C-005", "Попов", "Лев", "", "Учитель: Алгебра"]),
        ("Сотрудники", 7, "Код (A)", "C-005", R::DuplicateCode),
    );
}

#[test]
fn a_class_given_twice_is_refused() {
    refuses(
        |s| _ = s.push(Classes, &["5 а", "", "", "С-002"]),
        ("Классы", 4, "Класс (A)", "5 а", R::DuplicateClass),
    );
}

#[test]
fn a_class_whose_grade_or_letter_contradict_is_refused() {
    refuses(
        |s| _ = s.set(Classes, "B", 2, "6"),
        ("Классы", 2, "Параллель (B)", "6", R::ClassMismatch),
    );
    refuses(
        |s| _ = s.set(Classes, "C", 2, "Б"),
        ("Классы", 2, "Литера (C)", "Б", R::ClassMismatch),
    );
}

#[test]
fn a_class_of_grade_twelve_is_refused() {
    refuses(
        |s| _ = s.push(Classes, &["12-А", "", "", "С-002"]),
        ("Классы", 4, "Класс (A)", "12-А", R::BadClass),
    );
}

#[test]
fn references_to_people_who_are_not_listed_are_refused() {
    refuses(
        |s| _ = s.set(Guardians, "A", 2, "У-9999"),
        ("Родители", 2, "Код ученика (A)", "У-9999", R::UnknownPupil),
    );
    refuses(
        |s| _ = s.set(Loads, "E", 2, "С-999"),
        ("Нагрузка", 2, "Учитель (E)", "С-999", R::UnknownStaff),
    );
    refuses(
        |s| _ = s.set(Timetable, "E", 2, "С-999"),
        ("Расписание", 2, "Учитель (E)", "С-999", R::UnknownStaff),
    );
    refuses(
        |s| _ = s.set(Classes, "D", 2, "С-999"),
        (
            "Классы",
            2,
            "Классный руководитель (D)",
            "С-999",
            R::UnknownStaff,
        ),
    );
}

#[test]
fn one_insurance_number_for_two_pupils_is_refused_and_shown_masked() {
    refuses(
        |s| _ = s.set(Pupils, "J", 4, "00000000111"),
        ("Ученики", 4, "СНИЛС (J)", "•••••••••11", R::DuplicateSnils),
    );
}

#[test]
fn a_lesson_without_bells_is_refused() {
    refuses(
        |s| _ = s.set(Timetable, "B", 2, "9"),
        ("Расписание", 2, "Урок (B)", "9", R::UnknownLesson),
    );
}

#[test]
fn a_lesson_on_saturday_of_a_week_of_five_days_is_refused() {
    refuses(
        |s| _ = s.set(Timetable, "A", 2, "Суббота"),
        ("Расписание", 2, "День (A)", "Суббота", R::DayOutsideWeek),
    );
    with(
        |s| _ = s.set(School, "B", 5, "6").set(Timetable, "A", 2, "Суббота"),
        |preview| assert_eq!(preview.errors(), []),
    );
}

#[test]
fn the_same_group_twice_in_a_slot_is_refused_once_and_with_no_other_finding() {
    let row = [
        "Понедельник",
        "2",
        "5-А Информатика гр.1",
        "Информатика",
        "С-003",
        "каб. 21",
    ];
    refuses(
        |s| _ = s.push(Timetable, &row),
        (
            "Расписание",
            7,
            "Группа (C)",
            "5-А Информатика гр.1",
            R::GroupTwiceInSlot,
        ),
    );
    with(
        |s| _ = s.push(Timetable, &row),
        |preview| assert_eq!(preview.warnings(), []),
    );
}

#[test]
fn a_class_beside_its_own_subgroup_is_the_same_pupils_twice() {
    refuses(
        |s| {
            _ = s.push(
                Timetable,
                &["Понедельник", "2", "5-А", "Алгебра", "С-002", "каб. 12"],
            )
        },
        ("Расписание", 7, "Группа (C)", "5-А", R::PupilsTwiceInSlot),
    );
}

#[test]
fn two_groups_of_one_subgroup_number_are_the_same_pupils_twice() {
    refuses(
        |s| {
            s.push(Loads, &["5-А Алгебра гр.1", "5-А", "Алгебра", "1", "С-002"]);
            s.push(
                Timetable,
                &[
                    "Понедельник",
                    "2",
                    "5-А Алгебра гр.1",
                    "Алгебра",
                    "С-002",
                    "каб. 12",
                ],
            );
        },
        (
            "Расписание",
            7,
            "Группа (C)",
            "5-А Алгебра гр.1",
            R::PupilsTwiceInSlot,
        ),
    );
}

#[test]
fn different_subgroups_of_a_class_may_have_different_subjects_at_once() {
    with(
        |s| {
            s.push(Loads, &["5-А Алгебра гр.2", "5-А", "Алгебра", "1", "С-002"]);
            s.remove_row(Timetable, 4).remove_row(Loads, 4);
            s.push(
                Timetable,
                &[
                    "Понедельник",
                    "2",
                    "5-А Алгебра гр.2",
                    "Алгебра",
                    "С-002",
                    "каб. 12",
                ],
            );
        },
        |preview| assert_eq!(preview.errors(), []),
    );
}

#[test]
fn groups_that_the_load_does_not_make_are_refused() {
    refuses(
        |s| _ = s.set(Timetable, "C", 3, "5-А Информатика гр.3"),
        (
            "Расписание",
            3,
            "Группа (C)",
            "5-А Информатика гр.3",
            R::UnknownGroup,
        ),
    );
    refuses(
        |s| _ = s.set(Timetable, "C", 2, "7-В"),
        ("Расписание", 2, "Группа (C)", "7-В", R::UnknownGroup),
    );
    refuses(
        |s| _ = s.set(Timetable, "C", 2, "Хор"),
        ("Расписание", 2, "Группа (C)", "Хор", R::BadGroup),
    );
}

#[test]
fn a_subgroup_of_another_subject_is_refused() {
    refuses(
        |s| _ = s.set(Timetable, "D", 3, "Алгебра"),
        (
            "Расписание",
            3,
            "Группа (C)",
            "5-А Информатика гр.1",
            R::GroupSubjectMismatch,
        ),
    );
}

#[test]
fn a_subject_that_nobody_has_load_in_is_refused() {
    refuses(
        |s| _ = s.set(Timetable, "D", 2, "Алгибра"),
        ("Расписание", 2, "Предмет (D)", "Алгибра", R::UnknownSubject),
    );
}

#[test]
fn load_of_one_class_under_the_name_of_another_is_refused() {
    refuses(
        |s| _ = s.set(Loads, "B", 2, "10-А"),
        ("Нагрузка", 2, "Класс (B)", "10-А", R::ClassMismatch),
    );
}

#[test]
fn load_given_twice_is_refused() {
    refuses(
        |s| _ = s.push(Loads, &["5-А", "5-А", "алгебра", "2", "С-002"]),
        ("Нагрузка", 6, "Предмет (C)", "алгебра", R::DuplicateRow),
    );
}

#[test]
fn a_parent_of_a_child_given_twice_is_refused() {
    refuses(
        |s| {
            _ = s.push(
                Guardians,
                &["У-0001", "Аблаева", "Аза", "", "мать", "+7 978 333-44-01"],
            )
        },
        ("Родители", 8, "Код ученика (A)", "У-0001", R::DuplicateRow),
    );
}

#[test]
fn bells_that_overlap_or_run_backwards_are_refused() {
    refuses(
        |s| _ = s.set(Bells, "B", 3, "08:30"),
        ("Звонки", 3, "Начало (B)", "08:30", R::BellsOverlap),
    );
    refuses(
        |s| _ = s.set(Bells, "C", 4, "09:00"),
        ("Звонки", 4, "Конец (C)", "09:00", R::EndBeforeStart),
    );
    refuses(
        |s| _ = s.set(Bells, "B", 2, "25:00"),
        ("Звонки", 2, "Начало (B)", "25:00", R::BadTime),
    );
    refuses(
        |s| _ = s.push(Bells, &["3", "10:40", "11:20"]),
        ("Звонки", 5, "Урок (A)", "3", R::DuplicateRow),
    );
}

#[test]
fn periods_that_overlap_repeat_or_leave_the_year_are_refused() {
    refuses(
        |s| _ = s.set(Periods, "B", 3, "20.10.2026"),
        (
            "Учебные периоды",
            3,
            "Начало (B)",
            "20.10.2026",
            R::PeriodsOverlap,
        ),
    );
    refuses(
        |s| _ = s.set(Periods, "C", 3, "30.12.2027"),
        (
            "Учебные периоды",
            3,
            "Конец (C)",
            "30.12.2027",
            R::DateOutsideYear,
        ),
    );
    refuses(
        |s| _ = s.set(Periods, "A", 3, "1 четверть"),
        (
            "Учебные периоды",
            3,
            "Период (A)",
            "1 четверть",
            R::DuplicateRow,
        ),
    );
    refuses(
        |s| _ = s.set(Periods, "A", 3, "5 четверть"),
        (
            "Учебные периоды",
            3,
            "Период (A)",
            "5 четверть",
            R::BadPeriod,
        ),
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
        (
            "Выходные дни",
            2,
            "Дата (A)",
            "04.11.2025",
            R::DateOutsideYear,
        ),
    );
}
