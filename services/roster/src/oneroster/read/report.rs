//! The book under construction, and what was found.

use std::collections::BTreeMap;

use zhurnal_proto::types::v1::TableIssue;

use super::File;
use super::tables::Line;
use crate::domain::school_import::book::{Cell, Row, Sheet};
use crate::domain::school_import::{RowRef, SheetKind};
use crate::source::{Faults, Origin, Places};

/// Lines that a notice names; nobody reads more.
const NAMED: usize = 20;

/// What is wrong, and what to do.
#[derive(Clone, Copy)]
pub(super) struct Fault {
    /// Stable rule.
    pub rule: &'static str,
    /// In Russian, without personal data.
    pub message: &'static str,
    /// In Russian.
    pub hint: &'static str,
}

/// Where a cell comes from.
pub(super) struct Place<'a> {
    pub column: usize,
    pub value: &'a str,
    pub from: Origin,
}

impl<'a> Place<'a> {
    /// A cell of a line; `to_add` says what to do where it is empty.
    pub(super) fn of(column: usize, line: &Line<'a>, name: &str, value: &'a str) -> Self {
        Self {
            column,
            value,
            from: line.origin(name),
        }
    }

    /// What to do where the package has nothing.
    pub(super) fn or_add(mut self, hint: impl Into<String>) -> Self {
        self.from.to_add = hint.into();
        self
    }
}

#[derive(Default)]
pub(super) struct Report {
    rows: BTreeMap<SheetKind, Vec<Row>>,
    places: Places,
    faults: Faults,
    told: BTreeMap<(File, &'static str, String), (Vec<u32>, &'static str)>,
}

impl Report {
    /// A row of the form with its cells. Rows of one sheet come in ascending order.
    pub(super) fn row(&mut self, at: RowRef, line: &Line<'_>, cells: Vec<Place<'_>>) {
        self.places.row(at, line.origin(""));
        let mut row = Row {
            number: at.row,
            cells: Vec::new(),
        };
        for cell in cells {
            self.places.cell(at, cell.column, cell.from);
            let column = u16::try_from(cell.column).unwrap_or(u16::MAX);
            if !cell.value.is_empty() {
                row.cells.push((column, Cell::Text(cell.value.to_owned())));
            }
        }
        row.cells.sort_by_key(|(column, _)| *column);
        self.rows.entry(at.sheet).or_default().push(row);
    }

    /// A sheet is there, though it may stay empty.
    pub(super) fn sheet(&mut self, sheet: SheetKind, file: File) {
        self.rows.entry(sheet).or_default();
        self.places.sheet(sheet, file.name());
    }

    /// Nothing can be imported.
    pub(super) fn broken(&mut self, file: File, fault: Fault, value: &str) {
        self.faults
            .broken
            .push(issue(file.name(), 0, "", value, fault));
    }

    /// The same, at a cell.
    pub(super) fn broken_at(&mut self, line: &Line<'_>, column: &str, fault: Fault) {
        self.faults.broken.push(at_cell(line, column, fault));
    }

    /// A row of the form cannot be taken.
    pub(super) fn refuse(&mut self, at: RowRef, line: &Line<'_>, column: &str, fault: Fault) {
        let found = at_cell(line, column, fault);
        self.faults.rows.entry(at).or_default().push(found);
    }

    /// A line that is no row of the form cannot be taken.
    pub(super) fn loose(&mut self, line: &Line<'_>, column: &str, fault: Fault) {
        self.faults.loose.push(at_cell(line, column, fault));
    }

    /// Somebody should look at a row of the form.
    pub(super) fn warn_row(&mut self, at: RowRef, line: &Line<'_>, column: &str, fault: Fault) {
        let found = at_cell(line, column, fault);
        self.faults.row_warnings.entry(at).or_default().push(found);
    }

    /// Somebody should look at a line.
    pub(super) fn warn(&mut self, line: &Line<'_>, column: &str, fault: Fault) {
        self.faults.warnings.push(at_cell(line, column, fault));
    }

    /// There is something to know of a line; lines of one kind are told together.
    pub(super) fn tell(&mut self, line: &Line<'_>, column: &str, fault: Fault) {
        let key = (line.file, fault.rule, column.to_owned());
        let (lines, _) = self.told.entry(key).or_insert((Vec::new(), fault.message));
        lines.push(line.number);
    }

    /// There is something to know of a file.
    pub(super) fn tell_file(&mut self, name: &str, value: &str, fault: Fault) {
        self.faults.notices.push(issue(name, 0, "", value, fault));
    }

    pub(super) fn finish(mut self) -> (Vec<Sheet>, Places, Faults) {
        for ((file, rule, column), (lines, message)) in self.told {
            let named: Vec<String> = lines.iter().take(NAMED).map(u32::to_string).collect();
            let more = if lines.len() > NAMED { " …" } else { "" };
            let fault = Fault {
                rule,
                message,
                hint: "",
            };
            let value = match lines.len() {
                1 => String::new(),
                count => format!("строк {count}: {}{more}", named.join(", ")),
            };
            let first = lines.first().copied().unwrap_or(0);
            let found = issue(file.name(), first, &column, &value, fault);
            self.faults.notices.push(found);
        }
        let sheets = self.rows.into_iter().map(|(kind, rows)| {
            let header = kind.columns().iter().zip(0u16..);
            let header = Row {
                number: 1,
                cells: header
                    .map(|(spec, at)| (at, Cell::Text(spec.header.to_owned())))
                    .collect(),
            };
            Sheet {
                title: kind.title().to_owned(),
                rows: std::iter::once(header).chain(rows).collect(),
            }
        });
        (sheets.collect(), self.places, self.faults)
    }
}

fn at_cell(line: &Line<'_>, column: &str, fault: Fault) -> TableIssue {
    let value = line.get(column);
    issue(line.file.name(), line.number, column, value, fault)
}

fn issue(file: &str, row: u32, column: &str, value: &str, fault: Fault) -> TableIssue {
    let shown: String = crate::domain::text::with_invisible_shown(value)
        .chars()
        .take(200)
        .collect();
    TableIssue {
        sheet: file.to_owned(),
        row,
        column: column.to_owned(),
        value: shown,
        reason: fault.rule.to_owned(),
        message: fault.message.to_owned(),
        hint: fault.hint.to_owned(),
    }
}
