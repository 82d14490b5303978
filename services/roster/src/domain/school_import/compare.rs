//! A plan against what the school has: what is new, what changes and from what to what.

use std::{
    collections::{BTreeMap, HashMap},
    fmt,
};

use super::{
    findings::RowRef, plan::SchoolPlan, preview::Verdict, sheets, template::SheetKind, value::Snils,
};
use crate::domain::text;

/// A cell that will differ. Secret values are masked.
#[derive(Clone, PartialEq, Eq)]
pub struct Change {
    /// The header in the form.
    pub column: &'static str,
    /// What the school has.
    pub before: String,
    /// What the file says.
    pub after: String,
}

impl fmt::Debug for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Change({})", self.column)
    }
}

pub(super) fn verdicts(existing: &SchoolPlan, plan: &SchoolPlan) -> BTreeMap<RowRef, Verdict> {
    let mut verdicts = BTreeMap::new();
    for sheet in SheetKind::ALL
        .into_iter()
        .filter(|sheet| *sheet != SheetKind::School)
    {
        let known: HashMap<String, Vec<String>> = sheets::rows(existing, sheet)
            .into_iter()
            .map(|row| (row.key, row.cells))
            .collect();
        for row in sheets::rows(plan, sheet) {
            let verdict = match known.get(&row.key) {
                None => Verdict::New,
                Some(cells) => match changes(sheet, cells, &row.cells) {
                    none if none.is_empty() => Verdict::Unchanged,
                    some => Verdict::Changed(some),
                },
            };
            verdicts.insert(
                RowRef {
                    sheet,
                    row: row.row,
                },
                verdict,
            );
        }
    }
    verdicts
}

/// The verdict on the row of «Школа» with this field. Its rows may stand in any order.
pub(super) fn school_field(
    existing: &SchoolPlan,
    plan: &SchoolPlan,
    field: &str,
) -> Option<Verdict> {
    let find = |plan| {
        let rows = sheets::rows(plan, SheetKind::School).into_iter();
        rows.into_iter()
            .find(|row| text::search_key(&row.key) == text::search_key(field))
            .map(|row| row.cells)
    };
    let changes = changes(SheetKind::School, &find(existing)?, &find(plan)?);
    Some(if changes.is_empty() {
        Verdict::Unchanged
    } else {
        Verdict::Changed(changes)
    })
}

fn changes(sheet: SheetKind, before: &[String], after: &[String]) -> Vec<Change> {
    let columns = sheet.columns().iter().zip(before.iter().zip(after));
    let differing = columns.filter(|(_, (before, after))| before != after);
    let shown = |secret, text: &String| {
        if secret {
            Snils::mask(text)
        } else {
            text.clone()
        }
    };
    differing
        .map(|(spec, (before, after))| Change {
            column: spec.header,
            before: shown(spec.secret, before),
            after: shown(spec.secret, after),
        })
        .collect()
}
