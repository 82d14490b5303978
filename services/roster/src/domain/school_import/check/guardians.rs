//! Rows of one parent.

use std::collections::BTreeMap;

use super::repeated;
use crate::domain::school_import::{
    context::Context,
    findings::{Reason, RowRef},
    rows::{GuardianRow, Rows},
    template::{SheetKind, col::guardians},
    value::{Code, Relation},
};

/// A parent stands once under one child; a parent of several children is told.
pub(in crate::domain::school_import) fn check(rows: &Rows, context: &mut Context<'_>) {
    let readable: Vec<&GuardianRow> = rows.guardians.iter().collect();
    for person in persons(&readable) {
        let mut by_pupil: BTreeMap<&Code, RowRef> = BTreeMap::new();
        for row in &person {
            let at = RowRef {
                sheet: SheetKind::Guardians,
                row: row.row,
            };
            let Some(pupil) = &row.pupil else {
                continue;
            };
            match by_pupil.get(&pupil.value) {
                Some(first) => {
                    let problem =
                        repeated(Reason::DuplicateRow, "Этот родитель этого ученика", *first);
                    context.error(at, guardians::PUPIL, problem);
                }
                None => {
                    by_pupil.insert(&pupil.value, at);
                }
            }
        }
        if by_pupil.len() > 1 {
            let lines: Vec<u32> = by_pupil.values().map(|at| at.row).collect();
            let shown: Vec<String> = lines.iter().map(u32::to_string).collect();
            let message = format!(
                "Строки {} объединены: один человек, детей в школе: {}",
                shown.join(", "),
                lines.len()
            );
            context.notice(
                SheetKind::Guardians,
                lines,
                guardians::SURNAME,
                Reason::GuardiansMerged,
                message,
            );
        }
    }
}

/// Rows grouped by person, in the order of first mention. One person: the same full name and a
/// telephone or an e-mail in common; without either, the same name and relation to one pupil.
pub(in crate::domain::school_import) fn persons<'r>(
    rows: &[&'r GuardianRow],
) -> Vec<Vec<&'r GuardianRow>> {
    #[derive(PartialEq, Eq, PartialOrd, Ord)]
    enum Mark {
        Phone(String),
        Email(String),
        Child(Code, Relation),
    }
    let mut leader: Vec<usize> = (0..rows.len()).collect();
    let mut owners: BTreeMap<(String, Mark), usize> = BTreeMap::new();
    for (index, row) in rows.iter().enumerate() {
        let Some(facts) = &row.facts else {
            continue;
        };
        let name = facts.name.search_key();
        let phone = facts
            .phone
            .as_ref()
            .map(|p| Mark::Phone(p.e164().to_owned()));
        let email = facts
            .email
            .as_ref()
            .map(|e| Mark::Email(e.as_str().to_owned()));
        let child = row
            .pupil
            .as_ref()
            .map(|p| Mark::Child(p.value.clone(), facts.relation));
        for mark in [phone, email, child].into_iter().flatten() {
            let owner = *owners.entry((name.clone(), mark)).or_insert(index);
            let (a, b) = (find(&mut leader, owner), find(&mut leader, index));
            // The earlier row leads, so that the order of first mention stays.
            if let Some(slot) = leader.get_mut(a.max(b)) {
                *slot = a.min(b);
            }
        }
    }
    let mut persons: BTreeMap<usize, Vec<&GuardianRow>> = BTreeMap::new();
    for (index, row) in rows.iter().enumerate() {
        persons
            .entry(find(&mut leader, index))
            .or_default()
            .push(row);
    }
    persons.into_values().collect()
}

/// The first row of a person; the way there is halved for the next who asks.
fn find(leader: &mut [usize], mut index: usize) -> usize {
    while let Some(&above) = leader.get(index)
        && above != index
    {
        let next = leader.get(above).copied().unwrap_or(above);
        if let Some(slot) = leader.get_mut(index) {
            *slot = next;
        }
        index = next;
    }
    index
}
