//! Everything that is worth a look and refuses nothing.

use super::{warns, with};
use crate::domain::school_import::{
    Reason as R, RowRef,
    SheetKind::{Classes, Guardians, Loads, Pupils, Timetable},
    Verdict,
};

#[test]
fn hours_of_load_that_are_not_in_the_timetable_are_counted() {
    warns(
        |s| _ = s.set(Loads, "D", 2, "4,5"),
        (
            "Нагрузка",
            2,
            "Часов в неделю (D)",
            "4,5",
            R::LoadNotInTimetable,
        ),
    );
    with(
        |s| _ = s.set(Loads, "D", 2, "4,5"),
        |p| {
            assert!(
                p.warnings()
                    .iter()
                    .all(|w| w.message.ends_with("не хватает 2,5"))
            )
        },
    );
}

#[test]
fn lessons_beyond_the_load_are_counted() {
    warns(
        |s| _ = s.set(Loads, "D", 2, "1"),
        (
            "Нагрузка",
            2,
            "Часов в неделю (D)",
            "1",
            R::TimetableOverLoad,
        ),
    );
}

#[test]
fn lessons_without_load_are_named_once() {
    warns(
        |s| {
            s.push(
                Timetable,
                &["Среда", "1", "10-А", "Информатика", "С-003", "каб. 21"],
            );
            s.push(
                Timetable,
                &["Четверг", "1", "10-А", "Информатика", "С-003", "каб. 21"],
            );
        },
        (
            "Расписание",
            7,
            "Предмет (D)",
            "Информатика",
            R::LessonNotInLoad,
        ),
    );
}

#[test]
fn load_shared_by_two_teachers_is_one_sum() {
    with(
        |s| {
            s.set(Loads, "D", 2, "1");
            s.push(Loads, &["5-А", "5-А", "Алгебра", "1", "С-003"]);
        },
        |preview| assert_eq!((preview.errors(), preview.warnings()), (&[][..], &[][..])),
    );
}

#[test]
fn another_teacher_than_in_the_load_is_told() {
    warns(
        |s| _ = s.set(Timetable, "E", 5, "С-005"),
        (
            "Расписание",
            5,
            "Учитель (E)",
            "С-005",
            R::TeacherDiffersFromLoad,
        ),
    );
}

#[test]
fn a_teacher_in_two_places_at_once_is_told() {
    with(
        |s| {
            _ = s
                .set(Timetable, "A", 6, "Понедельник")
                .set(Timetable, "B", 6, "1")
                .set(Timetable, "F", 6, "каб. 99")
        },
        |preview| {
            let found: Vec<_> = preview
                .warnings()
                .iter()
                .map(|w| (w.row, w.reason, w.value.as_str()))
                .collect();
            assert_eq!(found, [(6, R::TeacherDoubleBooked, "С-002")]);
            assert!(preview.is_clean());
        },
    );
}

#[test]
fn a_room_with_two_lessons_at_once_is_told_however_it_is_spelled() {
    warns(
        |s| _ = s.set(Timetable, "F", 4, "Кабинет 21"),
        (
            "Расписание",
            4,
            "Кабинет (F)",
            "Кабинет 21",
            R::RoomDoubleBooked,
        ),
    );
}

#[test]
fn two_shifts_with_bells_of_their_own_do_not_clash() {
    use crate::domain::school_import::SheetKind::Bells;
    let two_shifts = |s: &mut crate::testing::SmallSchool| {
        for row in 2..=4 {
            s.set(Bells, "D", row, "1");
        }
        s.set_cell(
            Bells,
            "D",
            1,
            Some(crate::domain::school_import::book::Cell::Text(
                "Смена".into(),
            )),
        );
        s.push(Bells, &["1", "13:00", "13:40", "2"]);
        s.push(Bells, &["2", "13:50", "14:30", "2"]);
        s.set(Classes, "F", 3, "2")
            .set(Timetable, "A", 6, "Понедельник")
            .set(Timetable, "B", 6, "1");
    };
    with(two_shifts, |preview| {
        assert_eq!((preview.errors(), preview.warnings()), (&[][..], &[][..]))
    });
}

#[test]
fn an_unusual_age_is_told() {
    warns(
        |s| _ = s.set(Pupils, "F", 2, "15.05.2005"),
        (
            "Ученики",
            2,
            "Дата рождения (F)",
            "15.05.2005",
            R::BirthDateUnusual,
        ),
    );
    warns(
        |s| _ = s.set(Pupils, "F", 2, "02.09.2016"),
        (
            "Ученики",
            2,
            "Дата рождения (F)",
            "02.09.2016",
            R::BirthDateUnusual,
        ),
    );
    with(
        |s| _ = s.set(Pupils, "F", 2, "01.09.2016"),
        |preview| assert_eq!(preview.warnings(), []),
    );
}

#[test]
fn check_digits_that_do_not_fit_are_told_and_the_number_is_masked() {
    warns(
        |s| _ = s.set(Pupils, "J", 4, "112-233-445 96"),
        (
            "Ученики",
            4,
            "СНИЛС (J)",
            "•••-•••-••• 96",
            R::SnilsCheckDigits,
        ),
    );
    with(
        |s| _ = s.set(Pupils, "J", 4, "112-233-445 95"),
        |preview| assert_eq!(preview.warnings(), []),
    );
}

#[test]
fn a_column_of_invented_numbers_is_told_once() {
    with(
        |s| {
            for n in 10..30 {
                let (code, number) = (format!("У-00{n}"), format!("112-233-4{n} 00"));
                s.push(
                    Pupils,
                    &[
                        &code,
                        "Попов",
                        &format!("Лев{}", "а".repeat(n - 9)),
                        "",
                        "М",
                        "01.01.2015",
                        "5-А",
                        "очная",
                        "1",
                        &number,
                    ],
                );
            }
        },
        |preview| {
            assert_eq!((preview.errors(), preview.warnings()), (&[][..], &[][..]));
            let notice: Vec<_> = preview
                .notices()
                .iter()
                .map(|n| (n.reason, n.rows.len()))
                .collect();
            assert_eq!(notice, [(R::SnilsColumnUnverified, 20)]);
        },
    );
}

#[test]
fn a_namesake_born_on_the_same_day_may_be_the_same_child() {
    let twin = |number: &str| {
        let row = [
            "У-0007",
            "аблаева",
            "Мария",
            "Тарасовна",
            "Ж",
            "15.05.2015",
            "5-А",
            "очная",
            "2",
            number,
        ]
        .map(str::to_owned);
        move |s: &mut crate::testing::SmallSchool| {
            _ = s.push(Pupils, &row.each_ref().map(String::as_str))
        }
    };
    warns(
        twin(""),
        ("Ученики", 8, "Фамилия (B)", "аблаева", R::PossibleDuplicate),
    );
    with(twin(""), |preview| {
        let last = preview
            .verdicts()
            .iter()
            .find(|v| {
                v.at == RowRef {
                    sheet: Pupils,
                    row: 8,
                }
            })
            .map(|v| v.verdict.clone());
        assert_eq!(
            last,
            Some(Verdict::PossibleDuplicate(RowRef {
                sheet: Pupils,
                row: 2
            }))
        );
    });
    // Two insurance numbers are two people.
    with(twin("000-000-003 11"), |preview| {
        assert_eq!(preview.warnings(), [])
    });
}

#[test]
fn a_level_that_is_not_the_grades_is_told_and_not_taken() {
    warns(
        |s| _ = s.set(Classes, "E", 2, "Начальное"),
        ("Классы", 2, "Уровень (E)", "Начальное", R::LevelMismatch),
    );
}

#[test]
fn a_class_without_a_teacher_is_told() {
    warns(
        |s| _ = s.set_cell(Classes, "D", 2, None),
        (
            "Классы",
            2,
            "Классный руководитель (D)",
            "",
            R::ClassWithoutTeacher,
        ),
    );
}

#[test]
fn a_class_without_pupils_or_periods_is_told() {
    with(
        |s| _ = s.push(Classes, &["11-Б", "11", "Б", "С-002", "Среднее", "1"]),
        |p| {
            assert_eq!(
                p.warnings().iter().map(|w| w.reason).collect::<Vec<_>>(),
                [R::ClassWithoutPupils]
            )
        },
    );
    warns(
        |s| _ = s.remove_row(crate::domain::school_import::SheetKind::Periods, 4),
        ("Классы", 3, "Класс (A)", "10-А", R::ClassWithoutPeriods),
    );
}

#[test]
fn a_pupil_of_a_divided_class_without_a_subgroup_is_told() {
    warns(
        |s| _ = s.set_cell(Pupils, "I", 2, None),
        ("Ученики", 2, "Подгруппа (I)", "", R::PupilWithoutSubgroup),
    );
    with(
        |s| _ = s.set_cell(Pupils, "I", 6, None),
        |preview| assert_eq!(preview.warnings(), []),
    );
}

#[test]
fn a_subgroup_that_nobody_is_in_is_told() {
    with(
        |s| {
            s.push(
                Loads,
                &["5-А Информатика гр.3", "5-А", "Информатика", "1", "С-004"],
            );
            s.push(
                Timetable,
                &[
                    "Пятница",
                    "1",
                    "5-А Информатика гр.3",
                    "Информатика",
                    "С-004",
                    "",
                ],
            );
        },
        |preview| {
            let found: Vec<_> = preview
                .warnings()
                .iter()
                .map(|w| (w.row, w.reason))
                .collect();
            assert_eq!(found, [(6, R::EmptySubgroup)]);
        },
    );
}

#[test]
fn parents_of_several_children_are_told_to_be_one_person() {
    with(
        |s| {
            _ = s.push(
                Guardians,
                &[
                    "У-0005",
                    "Аблаева",
                    "Аза",
                    "",
                    "мать",
                    "8(978)333-44-01",
                    "",
                    "электронная",
                ],
            )
        },
        |preview| {
            let found: Vec<_> = preview
                .notices()
                .iter()
                .map(|n| (n.reason, n.rows.clone()))
                .collect();
            assert_eq!(found, [(R::GuardiansMerged, vec![2, 8])]);
            assert_eq!(
                (preview.counts().guardians, preview.counts().guardian_links),
                (6, 7)
            );
        },
    );
}
