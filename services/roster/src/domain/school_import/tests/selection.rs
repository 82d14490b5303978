//! All or nothing over a set that is closed under references.

use std::collections::BTreeSet;

use super::with;
use crate::{
    domain::school_import::{
        Cause, ChoiceRefused, LeftOut, Reason as R, RowRef, Selection,
        SheetKind::{self, Bells, Classes, Guardians, Loads, Pupils, Staff, Timetable},
        Verdict,
    },
    testing::SmallSchool,
};

fn at(sheet: SheetKind, row: u32) -> RowRef {
    RowRef { sheet, row }
}

fn refers(sheet: SheetKind, row: u32, to: RowRef) -> LeftOut {
    LeftOut {
        at: at(sheet, row),
        cause: Cause::RefersTo(to),
    }
}

#[test]
fn one_error_refuses_everything() {
    with(
        |s| _ = s.set(Pupils, "F", 2, "вчера"),
        |p| {
            let refused = p.choose(&Selection::Everything).unwrap_err();
            assert_eq!(refused, ChoiceRefused::RowsHaveErrors(vec![at(Pupils, 2)]));
            assert_eq!(refused.code(), "IMPORT_ROWS_HAVE_ERRORS");
        },
    );
}

#[test]
fn a_refused_pupil_takes_the_parents_along() {
    with(
        |s| _ = s.set(Pupils, "F", 3, "вчера"),
        |p| {
            let chosen = p.choose(&Selection::WithoutErrors).unwrap();
            assert_eq!(
                chosen.left_out,
                [
                    LeftOut {
                        at: at(Pupils, 3),
                        cause: Cause::Error
                    },
                    refers(Guardians, 3, at(Pupils, 3)),
                    refers(Guardians, 4, at(Pupils, 3)),
                ]
            );
            assert_eq!(
                (chosen.plan.counts().pupils, chosen.plan.counts().guardians),
                (5, 4)
            );
            assert!(
                chosen
                    .plan
                    .groups
                    .iter()
                    .all(|g| g.members.iter().all(|code| code.as_str() != "У-0002"))
            );
            let blocked: Vec<_> = p
                .verdicts()
                .iter()
                .filter(|v| v.verdict == Verdict::Blocked(at(Pupils, 3)))
                .map(|v| v.at)
                .collect();
            assert_eq!(blocked, [at(Guardians, 3), at(Guardians, 4)]);
        },
    );
}

#[test]
fn a_refused_teacher_takes_class_pupils_parents_load_and_lessons_along() {
    with(
        |s| _ = s.set(Staff, "F", 3, "нет"),
        |p| {
            let chosen = p.choose(&Selection::WithoutErrors).unwrap();
            let counts = chosen.plan.counts();
            assert_eq!(
                (
                    counts.staff,
                    counts.classes,
                    counts.pupils,
                    counts.guardians
                ),
                (4, 1, 2, 1)
            );
            assert_eq!((counts.loads, counts.weekly_lessons), (0, 0));
            assert!(chosen.left_out.contains(&refers(Classes, 2, at(Staff, 3))));
            assert!(chosen.left_out.contains(&refers(Pupils, 2, at(Classes, 2))));
            assert!(
                chosen
                    .left_out
                    .contains(&refers(Guardians, 2, at(Pupils, 2)))
            );
        },
    );
}

#[test]
fn a_refused_row_of_load_takes_the_lessons_of_its_subgroup_along() {
    with(
        |s| _ = s.set(Loads, "E", 3, "С-999"),
        |p| {
            let chosen = p.choose(&Selection::WithoutErrors).unwrap();
            assert_eq!(
                chosen.left_out,
                [
                    LeftOut {
                        at: at(Loads, 3),
                        cause: Cause::Error
                    },
                    refers(Timetable, 3, at(Loads, 3))
                ]
            );
        },
    );
}

#[test]
fn a_subgroup_stays_while_one_row_of_load_makes_it() {
    with(
        |s| {
            s.set(Loads, "E", 3, "С-999");
            s.push(
                Loads,
                &["5-А Информатика гр.1", "5-А", "Информатика", "1", "С-003"],
            );
        },
        |p| {
            let chosen = p.choose(&Selection::WithoutErrors).unwrap();
            assert_eq!(
                chosen.left_out,
                [LeftOut {
                    at: at(Loads, 3),
                    cause: Cause::Error
                }]
            );
        },
    );
}

#[test]
fn refused_bells_take_the_lessons_of_their_number_along() {
    with(
        |s| _ = s.set(Bells, "C", 3, "весь день"),
        |p| {
            assert_eq!(p.errors().len(), 1);
            let chosen = p.choose(&Selection::WithoutErrors).unwrap();
            let bell = at(Bells, 3);
            let expected = [3, 4, 6].map(|row| refers(Timetable, row, bell));
            assert_eq!(chosen.left_out.get(1..), Some(&expected[..]));
        },
    );
}

#[test]
fn warnings_of_a_choice_count_what_is_left() {
    with(
        |s| _ = s.set(Timetable, "B", 2, "0"),
        |p| {
            assert_eq!(p.warnings(), []);
            let chosen = p.choose(&Selection::WithoutErrors).unwrap();
            let found: Vec<_> = chosen.warnings.iter().map(|w| (w.row, w.reason)).collect();
            assert_eq!(found, [(2, R::LoadNotInTimetable)]);
        },
    );
}

#[test]
fn chosen_rows_leave_out_what_refers_to_the_others() {
    with(
        |_| {},
        |p| {
            let rows: BTreeSet<_> = p
                .verdicts()
                .iter()
                .map(|v| v.at)
                .filter(|row| *row != at(Pupils, 3))
                .collect();
            let chosen = p.choose(&Selection::Only(rows)).unwrap();
            assert_eq!(
                chosen.left_out,
                [
                    LeftOut {
                        at: at(Pupils, 3),
                        cause: Cause::NotChosen
                    },
                    refers(Guardians, 3, at(Pupils, 3)),
                    refers(Guardians, 4, at(Pupils, 3)),
                ]
            );
        },
    );
}

#[test]
fn choosing_a_row_with_an_error_is_refused() {
    with(
        |s| _ = s.set(Pupils, "F", 3, "вчера"),
        |p| {
            let rows = BTreeSet::from([at(Pupils, 3)]);
            assert_eq!(
                p.choose(&Selection::Only(rows)),
                Err(ChoiceRefused::RowsHaveErrors(vec![at(Pupils, 3)]))
            );
        },
    );
}

#[test]
fn choosing_nothing_makes_a_school_without_anyone() {
    with(
        |_| {},
        |p| {
            let chosen = p.choose(&Selection::Only(BTreeSet::new())).unwrap();
            assert_eq!(
                chosen.plan.counts(),
                crate::domain::school_import::Counts::default()
            );
            assert_eq!(chosen.left_out.len() + 5, p.verdicts().len());
        },
    );
}

#[test]
fn an_error_in_the_school_itself_refuses_every_choice() {
    let mut school = SmallSchool::new();
    school.set(SheetKind::School, "B", 4, "давно");
    let book = school.book();
    let preview = crate::domain::school_import::preview(&book, None);
    for selection in [
        Selection::Everything,
        Selection::WithoutErrors,
        Selection::Only(BTreeSet::new()),
    ] {
        assert_eq!(
            preview.choose(&selection).unwrap_err().code(),
            "IMPORT_FORM_BROKEN"
        );
    }
}

#[test]
fn a_file_of_nothing_but_slips_is_told_in_part_and_refused_in_whole() {
    let mut school = SmallSchool::new();
    for _ in 0..6_000 {
        let row = ["У-0001", "=1", "Аза", "", "мать", "", "", "бумажная"];
        school.push(Guardians, &row);
    }
    let book = school.book();
    let preview = crate::domain::school_import::preview(&book, None);
    assert_eq!(preview.errors().len(), 5_000);
    assert_eq!(preview.findings_not_kept(), 1_000);
    let refused = preview
        .verdicts()
        .iter()
        .filter(|v| v.verdict == Verdict::Error);
    assert_eq!(refused.count(), 6_000);
    assert_eq!(
        preview
            .choose(&Selection::WithoutErrors)
            .unwrap()
            .left_out
            .len(),
        6_000
    );
}
