//! Bells, periods and days off against each other.

use std::collections::BTreeMap;

use super::repeated;
use crate::domain::school_import::{
    context::Context,
    findings::{Problem, Reason, RowRef},
    plan::{Bell, StudyPeriod},
    rows::{BellRow, Read, Rows},
    template::{
        SheetKind,
        col::{bells, days_off, periods},
    },
};

pub(in crate::domain::school_import) fn check(rows: &Rows, context: &mut Context<'_>) {
    bells_follow_each_other(&rows.bells, context);
    periods_do_not_overlap(&rows.periods, context);
    let mut seen = BTreeMap::new();
    for day in &rows.days_off {
        let at = RowRef {
            sheet: SheetKind::DaysOff,
            row: day.row,
        };
        if let Some(date) = day.value.as_ref().map(|d| d.date) {
            match seen.get(&date) {
                Some(first) => context.error(
                    at,
                    days_off::DATE,
                    repeated(Reason::DuplicateRow, "Такой день", *first),
                ),
                None => {
                    seen.insert(date, at);
                }
            }
        }
    }
}

fn bells_follow_each_other(rows: &[BellRow], context: &mut Context<'_>) {
    let mut by_number: BTreeMap<(Option<u8>, u8), (RowRef, &Bell)> = BTreeMap::new();
    for row in rows {
        let at = RowRef {
            sheet: SheetKind::Bells,
            row: row.row,
        };
        let Some(bell) = &row.value else {
            continue;
        };
        match by_number.get(&(bell.shift, bell.number)) {
            Some((first, _)) => context.error(
                at,
                bells::NUMBER,
                repeated(Reason::DuplicateRow, "Такой урок", *first),
            ),
            None => {
                by_number.insert((bell.shift, bell.number), (at, bell));
            }
        }
    }
    let ordered: Vec<_> = by_number.values().copied().collect();
    for pair in ordered.windows(2) {
        if let [(_, before), (at, bell)] = pair
            && before.shift == bell.shift
            && bell.starts < before.ends
        {
            let problem = Problem::new(
                Reason::BellsOverlap,
                format!(
                    "Урок начинается раньше, чем кончается урок {}",
                    before.number
                ),
                "Проверьте начало и конец соседних уроков",
            );
            context.error(*at, bells::STARTS, problem);
        }
    }
}

fn periods_do_not_overlap(rows: &[Read<StudyPeriod>], context: &mut Context<'_>) {
    let mut earlier: Vec<(RowRef, &StudyPeriod)> = Vec::new();
    for row in rows {
        let at = RowRef {
            sheet: SheetKind::Periods,
            row: row.row,
        };
        let Some(period) = &row.value else {
            continue;
        };
        let same_grades = earlier
            .iter()
            .filter(|(_, other)| other.grades.overlaps(period.grades));
        let mut clash = None;
        for (first, other) in same_grades {
            if other.name == period.name {
                clash = Some((
                    periods::NAME,
                    repeated(Reason::DuplicateRow, "Такой период этих параллелей", *first),
                ));
                break;
            }
            if other.starts <= period.ends && period.starts <= other.ends {
                let message = format!("Период накладывается на период в строке {}", first.row);
                let problem = Problem::new(
                    Reason::PeriodsOverlap,
                    message,
                    "Проверьте даты и параллели обоих периодов",
                );
                clash = Some((periods::STARTS, problem));
                break;
            }
        }
        match clash {
            Some((column, problem)) => context.error(at, column, problem),
            None => earlier.push((at, period)),
        }
    }
}
