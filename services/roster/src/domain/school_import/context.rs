//! The working state of one import: the tables found and what has been found in them.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    findings::{Issue, Normalisation, Notice, Problem, Reason, RowRef},
    table::Table,
    template::SheetKind,
    value::Snils,
};
use crate::domain::text;

/// A value longer than this is cut where it is shown.
const SHOWN: usize = 200;

/// So many findings of a kind are kept; nobody reads more, and a file of nothing but slips must not
/// take more memory than it is worth. The rest is counted.
pub(super) const KEPT: usize = 5_000;

/// A list that stops growing.
pub(super) struct Capped<T> {
    kept: Vec<T>,
    cut: usize,
}

impl<T> Default for Capped<T> {
    fn default() -> Self {
        Self {
            kept: Vec::new(),
            cut: 0,
        }
    }
}

impl<T> Capped<T> {
    pub(super) fn push(&mut self, item: T) {
        if self.kept.len() < KEPT {
            self.kept.push(item);
        } else {
            self.cut += 1;
        }
    }

    pub(super) fn kept(&self) -> &[T] {
        &self.kept
    }

    pub(super) fn kept_mut(&mut self) -> &mut [T] {
        &mut self.kept
    }

    pub(super) fn into_kept(self) -> Vec<T> {
        self.kept
    }

    /// How many were not kept.
    pub(super) fn cut(&self) -> usize {
        self.cut
    }

    /// Adds another list; what that list has cut stays cut.
    pub(super) fn append(&mut self, other: Self) {
        self.cut += other.cut;
        other.kept.into_iter().for_each(|item| self.push(item));
    }
}

/// Everything found so far.
#[derive(Default)]
pub(super) struct Findings {
    pub(super) errors: Capped<Issue>,
    pub(super) warnings: Capped<Issue>,
    pub(super) normalisations: Capped<Normalisation>,
    pub(super) notices: Capped<Notice>,
    /// Rows with at least one error.
    pub(super) bad_rows: BTreeSet<RowRef>,
    /// Rows that are likely another row again.
    pub(super) likely_duplicates: BTreeMap<RowRef, RowRef>,
    /// The form itself is broken: no selection of rows can help.
    pub(super) form_is_broken: bool,
}

impl Findings {
    /// An error that no choice of rows can avoid.
    pub(super) fn broken(&mut self, issue: Issue) {
        self.form_is_broken = true;
        self.errors.push(issue);
    }
}

/// The tables and the findings.
#[derive(Default)]
pub(super) struct Context<'a> {
    pub(super) tables: BTreeMap<SheetKind, Table<'a>>,
    pub(super) findings: Findings,
}

impl Context<'_> {
    /// Reports an error in a cell; its row cannot be imported.
    pub(super) fn error(&mut self, at: RowRef, column: usize, problem: Problem) {
        let issue = self.issue(at, column, problem);
        self.findings.errors.push(issue);
        self.findings.bad_rows.insert(at);
        if at.sheet == SheetKind::School {
            self.findings.form_is_broken = true;
        }
    }

    /// A warning about a cell, not yet reported.
    pub(super) fn issue(&self, at: RowRef, column: usize, problem: Problem) -> Issue {
        Issue {
            sheet: self.sheet_title(at.sheet),
            row: at.row,
            column: self
                .tables
                .get(&at.sheet)
                .and_then(|table| table.column(column)),
            value: self.shown(at, column),
            reason: problem.reason,
            message: problem.message.into_owned(),
            hint: problem.hint.into_owned(),
            at: Some(at),
        }
    }

    /// Reports a warning.
    pub(super) fn warn(&mut self, at: RowRef, column: usize, problem: Problem) {
        let issue = self.issue(at, column, problem);
        self.findings.warnings.push(issue);
    }

    /// Shows that a cell is taken in another spelling, if it is another.
    pub(super) fn normalised(
        &mut self,
        at: RowRef,
        column: usize,
        before: &str,
        after: String,
        form: Reason,
    ) {
        if before == after {
            return;
        }
        let Some((table, spec)) = self
            .tables
            .get(&at.sheet)
            .zip(at.sheet.columns().get(column))
        else {
            return;
        };
        let Some(shown_column) = table.column(column) else {
            return;
        };
        let reason = if text::tidy(before) == after {
            Reason::Spaces
        } else {
            form
        };
        let (before, after) = if spec.secret {
            (Snils::mask(before), Snils::mask(&after))
        } else {
            (before.to_owned(), after)
        };
        self.findings.normalisations.push(Normalisation {
            at,
            sheet: table.sheet.title.clone(),
            column: shown_column,
            before,
            after,
            reason,
        });
    }

    /// Adds a notice about rows of a sheet.
    pub(super) fn notice(
        &mut self,
        sheet: SheetKind,
        rows: Vec<u32>,
        column: usize,
        reason: Reason,
        message: String,
    ) {
        let column = self
            .tables
            .get(&sheet)
            .and_then(|table| table.column(column));
        let sheet = self.sheet_title(sheet);
        self.findings.notices.push(Notice {
            sheet,
            rows,
            column,
            reason,
            message,
        });
    }

    pub(super) fn is_bad(&self, at: RowRef) -> bool {
        self.findings.bad_rows.contains(&at)
    }

    fn sheet_title(&self, kind: SheetKind) -> String {
        self.tables.get(&kind).map_or_else(
            || kind.title().to_owned(),
            |table| table.sheet.title.clone(),
        )
    }

    fn shown(&self, at: RowRef, column: usize) -> String {
        let cell = self
            .tables
            .get(&at.sheet)
            .and_then(|table| table.cell(at.row, column));
        let value =
            text::with_invisible_shown(&cell.map(super::book::Cell::shown).unwrap_or_default());
        let secret = at
            .sheet
            .columns()
            .get(column)
            .is_some_and(|spec| spec.secret);
        let value = if secret { Snils::mask(&value) } else { value };
        match value.char_indices().nth(SHOWN) {
            Some((end, _)) => format!("{}…", value.get(..end).unwrap_or_default()),
            None => value,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Capped, KEPT};

    #[test]
    fn a_list_keeps_the_first_and_counts_the_rest() {
        let mut list = Capped::default();
        (0..KEPT + 7).for_each(|n| list.push(n));
        assert_eq!(
            (list.kept().len(), list.kept().last(), list.cut()),
            (KEPT, Some(&(KEPT - 1)), 7)
        );
        let mut other = Capped::default();
        other.append(list);
        other.push(0);
        assert_eq!((other.kept().len(), other.cut()), (KEPT, 8));
    }
}
