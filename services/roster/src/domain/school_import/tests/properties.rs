//! What holds for every book.

use std::collections::BTreeSet;

use proptest::prelude::*;

use crate::{
    domain::school_import::{
        RowRef, Selection, SheetKind, Verdict, WeeklyLesson,
        book::{Book, Cell},
        preview, to_book,
    },
    testing::SmallSchool,
};

/// A harmless change of a cell's text, chosen by a number.
fn harmless(text: &str, how: u8) -> String {
    match how % 4 {
        0 => format!("  {text}\u{a0}"),
        1 => text.replace(' ', "\u{a0}  "),
        2 => format!("\t{text}\n"),
        _ => text.to_owned(),
    }
}

fn any_cell() -> impl Strategy<Value = Option<Cell>> {
    prop_oneof![
        Just(None),
        "[0-9А-Яа-яЁё .,:/=@\u{200b}\u{a0}A-Za-z-]{0,14}".prop_map(|text| Some(Cell::Text(text))),
        any::<f64>().prop_map(|number| Some(Cell::Number(number))),
        (-40_000i32..40_000).prop_map(|days| {
            Some(Cell::Date(
                jiff::civil::date(2000, 1, 1).saturating_add(jiff::Span::new().days(days)),
            ))
        }),
        Just(Some(Cell::Error("#N/A".into()))),
        Just(Some(Cell::Formula("A1".into()))),
        // Values that mean something in some column, in the wrong one more often than not.
        prop::sample::select(vec![
            "5-А",
            "С-002",
            "У-0001",
            "Алгебра",
            "Понедельник",
            "1",
            "08:00",
            "01.09.2026",
            "1-9"
        ])
        .prop_map(|text| Some(Cell::Text(text.to_owned()))),
    ]
}

fn any_change() -> impl Strategy<Value = (SheetKind, u16, u32, Option<Cell>)> {
    (
        prop::sample::select(SheetKind::ALL.to_vec()),
        0u16..11,
        1u32..9,
        any_cell(),
    )
}

fn changed(changes: Vec<(SheetKind, u16, u32, Option<Cell>)>) -> Book {
    let mut school = SmallSchool::new();
    for (sheet, column, row, cell) in changes {
        school.set_cell(
            sheet,
            &crate::domain::school_import::book::column_letter(column),
            row,
            cell,
        );
    }
    school.book()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn every_row_is_in_the_plan_or_left_out_with_a_cause(changes in prop::collection::vec(any_change(), 0..12)) {
        let book = changed(changes);
        let preview = preview(&book, None);
        let Ok(chosen) = preview.choose(&Selection::WithoutErrors) else {
            return Ok(());
        };
        let mut seen: BTreeSet<RowRef> = chosen.left_out.iter().map(|l| l.at).collect();
        prop_assert_eq!(seen.len(), chosen.left_out.len());
        let plan = &chosen.plan;
        let mut take = |sheet, rows: Vec<u32>| rows.into_iter().for_each(|row| assert!(seen.insert(RowRef { sheet, row })));
        take(SheetKind::Staff, plan.staff.iter().map(|e| e.row).collect());
        take(SheetKind::Classes, plan.classes.iter().map(|e| e.row).collect());
        take(SheetKind::Pupils, plan.pupils.iter().map(|e| e.row).collect());
        take(SheetKind::Guardians, plan.guardians.iter().flat_map(|g| &g.children).map(|e| e.row).collect());
        take(SheetKind::Loads, plan.loads.iter().map(|e| e.row).collect());
        take(SheetKind::Bells, plan.bells.iter().map(|e| e.row).collect());
        take(SheetKind::Periods, plan.periods.iter().map(|e| e.row).collect());
        take(SheetKind::DaysOff, plan.days_off.iter().map(|e| e.row).collect());
        take(SheetKind::Timetable, plan.timetable.iter().map(|e| e.row).collect());
        let rows: BTreeSet<RowRef> =
            preview.verdicts().iter().map(|v| v.at).filter(|at| at.sheet != SheetKind::School).collect();
        prop_assert_eq!(seen, rows);
    }

    #[test]
    fn a_plan_refers_only_to_what_is_in_it(changes in prop::collection::vec(any_change(), 0..12)) {
        let book = changed(changes);
        let Ok(chosen) = preview(&book, None).choose(&Selection::WithoutErrors) else {
            return Ok(());
        };
        let plan = chosen.plan;
        let staff: BTreeSet<_> = plan.staff.iter().map(|e| &e.value.code).collect();
        let classes: BTreeSet<_> = plan.classes.iter().map(|e| &e.value.name).collect();
        let pupils: BTreeSet<_> = plan.pupils.iter().map(|e| &e.value.code).collect();
        let groups: BTreeSet<_> = plan.groups.iter().map(|g| &g.name).collect();
        let bells: BTreeSet<_> = plan.bells.iter().map(|e| e.value.number).collect();
        prop_assert_eq!(staff.len(), plan.staff.len());
        prop_assert_eq!(pupils.len(), plan.pupils.len());
        prop_assert_eq!(classes.len(), plan.classes.len());
        prop_assert!(plan.classes.iter().all(|e| e.value.teacher.as_ref().is_none_or(|t| staff.contains(t))));
        prop_assert!(plan.pupils.iter().all(|e| classes.contains(&e.value.class)));
        prop_assert!(plan.guardians.iter().flat_map(|g| &g.children).all(|e| pupils.contains(&e.value.pupil)));
        prop_assert!(plan.loads.iter().all(|e| groups.contains(&e.value.group) && staff.contains(&e.value.teacher)));
        let mut lessons = plan.timetable.iter().map(|e| &e.value);
        let known = |l: &WeeklyLesson| groups.contains(&l.group) && staff.contains(&l.teacher) && bells.contains(&l.number);
        prop_assert!(lessons.all(known));
        prop_assert!(plan.groups.iter().all(|g| classes.contains(&g.name.class)));
    }

    #[test]
    fn normalising_twice_is_normalising_once(changes in prop::collection::vec(any_change(), 0..6), spaces in prop::collection::vec(any::<u8>(), 64)) {
        let mut school = SmallSchool::new();
        for (sheet, column, row, cell) in changes {
            school.set_cell(sheet, &crate::domain::school_import::book::column_letter(column), row, cell);
        }
        let mut spaces = spaces.into_iter().cycle();
        for sheet in SheetKind::ALL {
            for row in 2..=school.last_row(sheet) {
                let column = u16::from(spaces.next().unwrap_or(0)) % 6;
                let text = school.get(sheet, usize::from(column), row);
                let text = harmless(&text, spaces.next().unwrap_or(0));
                school.set(sheet, &crate::domain::school_import::book::column_letter(column), row, &text);
            }
        }
        let book = school.book();
        let Ok(once) = preview(&book, None).choose(&Selection::WithoutErrors) else {
            return Ok(());
        };
        let exported = to_book(&once.plan);
        let again = preview(&exported, Some(&once.plan));
        prop_assert_eq!(again.errors(), &[]);
        prop_assert_eq!(again.normalisations(), &[]);
        prop_assert!(again.verdicts().iter().all(|v| matches!(v.verdict, Verdict::Unchanged)));
        prop_assert_eq!(to_book(&again.choose(&Selection::Everything).unwrap().plan), exported);
    }
}
