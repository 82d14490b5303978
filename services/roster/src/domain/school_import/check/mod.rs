//! Checks between rows: references, duplicates, the calendar, slots, load against timetable.

pub(super) mod calendar;
pub(super) mod guardians;
pub(super) mod people;
pub(super) mod references;
pub(super) mod slots;
pub(super) mod teaching;

use std::collections::{BTreeMap, BTreeSet};

use super::findings::{Problem, Reason, RowRef};

/// What rows refer to.
#[derive(Default)]
pub(super) struct Links {
    /// For a row, what must stay for it to stay: of every inner list at least one row.
    pub(super) needs: BTreeMap<RowRef, Vec<Vec<RowRef>>>,
    /// Rows whose code or class stands above already.
    pub(super) repeated: BTreeSet<RowRef>,
}

impl Links {
    fn need(&mut self, row: RowRef, one_of: Vec<RowRef>) {
        self.needs.entry(row).or_default().push(one_of);
    }
}

fn repeated(reason: Reason, what: &str, first: RowRef) -> Problem {
    Problem::new(
        reason,
        format!("{what} уже есть в строке {}", first.row),
        "Удалите лишнюю строку или исправьте значение",
    )
}
