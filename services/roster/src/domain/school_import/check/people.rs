//! Pupils against each other and against their grade.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::{Links, repeated};
use crate::domain::school_import::{
    context::Context,
    findings::{Problem, Reason, RowRef},
    rows::{PupilRow, Rows},
    template::{SheetKind, col::pupils},
    value::{AcademicYear, Snils},
};

/// From so many numbers on a column can be judged as a whole.
const COLUMN_FROM: usize = 10;
/// Full years on 1 September that are usual for grade N: N + 5 to N + 9.
const YOUNGEST: i16 = 5;
const OLDEST: i16 = 9;

pub(in crate::domain::school_import) fn check(
    rows: &Rows,
    links: &Links,
    context: &mut Context<'_>,
) {
    let fresh: Vec<&PupilRow> = rows
        .pupils
        .iter()
        .filter(|pupil| !links.repeated.contains(&at(pupil)))
        .collect();
    numbers(&fresh, context);
    twins_of_one_card(&fresh, context);
    if let Some(year) = rows.year {
        for pupil in &fresh {
            age(pupil, year, context);
        }
    }
}

fn at(pupil: &PupilRow) -> RowRef {
    RowRef {
        sheet: SheetKind::Pupils,
        row: pupil.row,
    }
}

/// A number belongs to one pupil; its check digits fit, or there is a warning. If most of the
/// column fails, the numbers are no slips but not real ones, and that is said once.
fn numbers(fresh: &[&PupilRow], context: &mut Context<'_>) {
    let mut owners: BTreeMap<&Snils, RowRef> = BTreeMap::new();
    let mut failing = Vec::new();
    for pupil in fresh {
        let Some(number) = &pupil.snils else {
            continue;
        };
        if let Some(first) = owners.get(number) {
            context.error(
                at(pupil),
                pupils::SNILS,
                repeated(Reason::DuplicateSnils, "Такой СНИЛС", *first),
            );
            continue;
        }
        owners.insert(number, at(pupil));
        if !number.check_digits_fit() {
            failing.push(at(pupil));
        }
    }
    if owners.len() >= COLUMN_FROM && failing.len() * 2 > owners.len() {
        let message = format!(
            "Контрольные цифры не сходятся у {} номеров из {}: столбец похож на условные номера, они сохраняются как непроверенные",
            failing.len(),
            owners.len()
        );
        let lines = failing.iter().map(|at| at.row).collect();
        context.notice(
            SheetKind::Pupils,
            lines,
            pupils::SNILS,
            Reason::SnilsColumnUnverified,
            message,
        );
        return;
    }
    for row in failing {
        let problem = Problem::new(
            Reason::SnilsCheckDigits,
            "Контрольные цифры СНИЛС не сходятся, вероятна опечатка",
            "Сверьте номер с документом; до исправления он хранится как непроверенный",
        );
        context.warn(row, pupils::SNILS, problem);
    }
}

/// The same name and birth date under two codes, unless two insurance numbers show two people.
fn twins_of_one_card(fresh: &[&PupilRow], context: &mut Context<'_>) {
    // Of each name and date: the first row, and the first without a number.
    let mut known: BTreeMap<(String, Date), (RowRef, Option<RowRef>)> = BTreeMap::new();
    for pupil in fresh {
        let Some((name, born)) = pupil.name.as_ref().zip(pupil.born) else {
            continue;
        };
        let row = at(pupil);
        let without = pupil.snils.is_none().then_some(row);
        let Some((first, numberless)) = known.get_mut(&(name.search_key(), born)) else {
            known.insert((name.search_key(), born), (row, without));
            continue;
        };
        if let Some(likely) = without.map(|_| *first).or(*numberless) {
            let problem = Problem::new(
                Reason::PossibleDuplicate,
                format!(
                    "То же имя и та же дата рождения, что в строке {}",
                    likely.row
                ),
                "Если это один ученик, оставьте одну строку; если два, впишите обоим СНИЛС",
            );
            context.findings.likely_duplicates.insert(row, likely);
            context.warn(row, pupils::SURNAME, problem);
        }
        *numberless = numberless.or(without);
    }
}

fn age(pupil: &PupilRow, year: AcademicYear, context: &mut Context<'_>) {
    let Some(born) = pupil.born else {
        return;
    };
    let first = year.first_day();
    if born >= first {
        let problem = Problem::new(
            Reason::BirthDateInFuture,
            "Дата рождения позже начала учебного года",
            "Проверьте год рождения",
        );
        context.error(at(pupil), pupils::BIRTH, problem);
        return;
    }
    let Some(grade) = pupil
        .class
        .as_ref()
        .map(|class| i16::from(class.grade()))
        .filter(|g| (1..=11).contains(g))
    else {
        return;
    };
    let had_birthday = (born.month(), born.day()) <= (first.month(), first.day());
    let age = first.year() - born.year() - i16::from(!had_birthday);
    if !(grade + YOUNGEST..=grade + OLDEST).contains(&age) {
        let problem = Problem::new(
            Reason::BirthDateUnusual,
            format!("Необычный возраст для параллели: полных лет на 1 сентября {age}"),
            "Проверьте год рождения и класс",
        );
        context.warn(at(pupil), pupils::BIRTH, problem);
    }
}
