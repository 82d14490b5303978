//! Which rows are taken: all or nothing, over a set that is closed under references.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::{
    check::{Links, Need},
    findings::{Issue, RowRef},
    plan::SchoolPlan,
    template::SheetKind,
};

/// What the person who imports has chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Selection {
    /// Every row; a single error refuses all.
    Everything,
    /// Every row without an error, less the rows that refer to one with an error.
    WithoutErrors,
    /// These rows, less the rows that refer to one that is not among them. «Школа» is always taken.
    Only(BTreeSet<RowRef>),
}

/// What will be applied.
#[derive(Clone, Debug, PartialEq)]
pub struct Chosen {
    /// The plan.
    pub plan: SchoolPlan,
    /// Every row that is not in the plan, in the order of the file, with the cause.
    pub left_out: Vec<LeftOut>,
    /// Warnings about the rows that are in the plan, counted without the others.
    pub warnings: Vec<Issue>,
}

/// A row that is not applied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LeftOut {
    /// The row.
    pub at: RowRef,
    /// Why.
    pub cause: Cause,
}

/// Why a row is not applied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// It has an error.
    Error,
    /// It was not chosen.
    NotChosen,
    /// It refers to a row that is left out.
    RefersTo(RowRef),
}

/// Why nothing can be applied.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ChoiceRefused {
    /// Sheets or columns are missing, or «Школа» has errors: no choice of rows helps.
    #[error("форма не читается: сначала исправьте ошибки листов, столбцов и листа «Школа»")]
    FormIsBroken,
    /// Chosen rows have errors.
    #[error("в выбранных строках есть ошибки: {}", .0.len())]
    RowsHaveErrors(Vec<RowRef>),
}

impl ChoiceRefused {
    /// Stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::FormIsBroken => "IMPORT_FORM_BROKEN",
            Self::RowsHaveErrors(_) => "IMPORT_ROWS_HAVE_ERRORS",
        }
    }
}

/// Leaves out what refers to a row that is left out. Rows refer only to kinds before their own, so
/// one pass in that order is enough.
pub(super) fn close(
    all: &BTreeSet<RowRef>,
    mut left_out: BTreeMap<RowRef, Cause>,
    links: &Links,
) -> BTreeMap<RowRef, Cause> {
    // A list is of one kind, decided before any row that needs it is looked at.
    let mut lost_lists: HashMap<usize, Option<RowRef>> = HashMap::new();
    for kind in SheetKind::ALL {
        for at in all.iter().filter(|at| at.sheet == kind) {
            if left_out.contains_key(at) {
                continue;
            }
            let mut needs = links.needs.get(at).into_iter().flatten();
            let lost = needs.find_map(|need| match need {
                Need::Row(row) => left_out.contains_key(row).then_some(*row),
                Need::OneOf(list) => *lost_lists.entry(*list).or_insert_with(|| {
                    let rows = links.lists.get(*list)?;
                    let all_lost = rows.iter().all(|row| left_out.contains_key(row));
                    rows.first().copied().filter(|_| all_lost)
                }),
            });
            if let Some(row) = lost {
                left_out.insert(*at, Cause::RefersTo(row));
            }
        }
    }
    left_out
}
