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
    /// For a row, everything that must stay for it to stay.
    pub(super) needs: BTreeMap<RowRef, Vec<Need>>,
    /// Lists that [`Need::OneOf`] speaks of. Many rows share one.
    pub(super) lists: Vec<Vec<RowRef>>,
    /// Rows whose code or class stands above already.
    pub(super) repeated: BTreeSet<RowRef>,
}

/// What a row cannot do without.
#[derive(Clone, Copy)]
pub(super) enum Need {
    /// A row.
    Row(RowRef),
    /// Any row of a list.
    OneOf(usize),
}

impl Links {
    fn need(&mut self, row: RowRef, need: Need) {
        self.needs.entry(row).or_default().push(need);
    }

    fn new_list(&mut self, rows: Vec<RowRef>) -> usize {
        self.lists.push(rows);
        self.lists.len() - 1
    }

    fn list_mut(&mut self, list: usize) -> Option<&mut Vec<RowRef>> {
        self.lists.get_mut(list)
    }
}

fn repeated(reason: Reason, what: &str, first: RowRef) -> Problem {
    Problem::new(
        reason,
        format!("{what} уже есть в строке {}", first.row),
        "Удалите лишнюю строку или исправьте значение",
    )
}
