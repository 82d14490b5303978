//! Errors of rows that the engine does not see.

use std::collections::{BTreeMap, BTreeSet};

use zhurnal_proto::types::v1::TableIssue;

use super::findings;
use crate::domain::plan_gaps;
use crate::domain::school_import::{
    Cause, Preview, RowRef, SchoolPlan, Selection, SheetKind, Verdict,
};
use crate::source::{Places, Source};

/// Errors of rows beside the engine's: of the reader of the file, of lessons that cannot be held,
/// and of what refers to a row that the reader has refused.
pub(super) fn own_errors(
    source: &Source,
    preview: &Preview<'_>,
    plan: &SchoolPlan,
) -> BTreeMap<RowRef, Vec<TableIssue>> {
    let mut own = source.faults.rows.clone();
    for (at, issue) in gaps(preview, plan) {
        own.entry(at).or_default().push(issue);
    }
    if source.faults.rows.is_empty() {
        return own;
    }
    let sound = preview
        .verdicts()
        .iter()
        .filter(|row| !matches!(row.verdict, Verdict::Error | Verdict::Blocked(_)))
        .map(|row| row.at);
    let rows: BTreeSet<RowRef> = sound.filter(|at| !own.contains_key(at)).collect();
    let left_out = preview.choose(&Selection::Only(rows.clone()));
    for left in left_out.map(|chosen| chosen.left_out).unwrap_or_default() {
        if let Cause::RefersTo(by) = left.cause
            && rows.contains(&left.at)
        {
            let row = blocked(&source.places, left.at, by);
            own.entry(left.at).or_default().push(row);
        }
    }
    own
}

/// The finding of a row that refers to a refused one.
pub(super) fn blocked(places: &Places, at: RowRef, by: RowRef) -> TableIssue {
    let issue = findings::blocked(at.sheet.title(), at.row, &places.name(by));
    places.told(issue, Some(at), "")
}

/// Lessons that cannot be held, as errors of their rows.
fn gaps(preview: &Preview<'_>, plan: &SchoolPlan) -> BTreeMap<RowRef, TableIssue> {
    let sheet = SheetKind::Timetable;
    let title = preview
        .errors()
        .iter()
        .chain(preview.warnings())
        .find(|i| i.at.is_some_and(|at| at.sheet == sheet));
    let title = title.map_or_else(|| sheet.title().to_owned(), |issue| issue.sheet.clone());
    let issue = |row: u32| TableIssue {
        sheet: title.clone(),
        row,
        column: String::new(),
        value: String::new(),
        reason: "LESSON_WITHOUT_PERIOD".to_owned(),
        message: "У параллели этого класса нет учебных периодов, урок некогда проводить".to_owned(),
        hint: "Добавьте параллель на лист «Учебные периоды»".to_owned(),
    };
    let rows = plan_gaps::lessons_without_period(plan).into_iter();
    rows.map(|row| (RowRef { sheet, row }, issue(row)))
        .collect()
}
