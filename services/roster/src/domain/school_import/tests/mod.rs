//! The engine on a small school: clean, and with every slip there is.

mod contradictions;
mod form;
mod groups;
mod normalising;
mod plan;
mod properties;
mod selection;
mod slips;
mod warnings;

use super::{Book, Issue, Preview, Reason, Selection, preview};
use crate::testing::SmallSchool;

fn with<T>(change: impl FnOnce(&mut SmallSchool), look: impl FnOnce(&Preview<'_>) -> T) -> T {
    let mut school = SmallSchool::new();
    change(&mut school);
    let book = school.book();
    look(&preview(&book, None))
}

/// (sheet, row, column, value, reason) of an issue.
fn place(issue: &Issue) -> (&str, u32, String, &str, Reason) {
    let column = issue
        .column
        .as_ref()
        .map(ToString::to_string)
        .unwrap_or_default();
    (&issue.sheet, issue.row, column, &issue.value, issue.reason)
}

/// The only error, which must be exactly this and say something to do.
fn refuses(change: impl FnOnce(&mut SmallSchool), expected: (&str, u32, &str, &str, Reason)) {
    with(change, |preview| {
        let errors: Vec<_> = preview.errors().iter().map(place).collect();
        let (sheet, row, column, value, reason) = expected;
        assert_eq!(errors, [(sheet, row, column.to_owned(), value, reason)]);
        assert!(
            preview
                .errors()
                .iter()
                .all(|e| !e.hint.is_empty() && !e.message.is_empty())
        );
        assert!(preview.choose(&Selection::Everything).is_err());
    });
}

/// The only warning, which must be exactly this; there is no error.
fn warns(change: impl FnOnce(&mut SmallSchool), expected: (&str, u32, &str, &str, Reason)) {
    with(change, |preview| {
        assert_eq!(preview.errors(), []);
        let warnings: Vec<_> = preview.warnings().iter().map(place).collect();
        let (sheet, row, column, value, reason) = expected;
        assert_eq!(warnings, [(sheet, row, column.to_owned(), value, reason)]);
        let chosen = preview
            .choose(&Selection::Everything)
            .expect("warnings refuse nothing");
        assert_eq!(chosen.warnings, preview.warnings());
    });
}

fn clean_plan(book: &Book) -> super::SchoolPlan {
    let preview = preview(book, None);
    assert_eq!(preview.errors(), []);
    preview
        .choose(&Selection::Everything)
        .expect("a clean book")
        .plan
}
