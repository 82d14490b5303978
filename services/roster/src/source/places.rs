//! Places in the files of a package: a row of the form may come from several of them.

use std::collections::{BTreeMap, HashMap};

use zhurnal_proto::types::v1::TableIssue;

use crate::domain::school_import::{RowRef, SheetKind};

/// Where a cell or a row comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Origin {
    /// Name of the file.
    pub file: &'static str,
    /// Line in it; 0 where there is no such line.
    pub line: u32,
    /// Header of the column; empty where the whole line is meant.
    pub column: String,
    /// What to do where the file has nothing for the cell; empty where the engine knows.
    pub to_add: String,
}

/// Where everything comes from; empty for a workbook, whose rows are their own places.
#[derive(Default)]
pub(crate) struct Places {
    rows: HashMap<RowRef, Origin>,
    cells: HashMap<(RowRef, usize), Origin>,
    files: HashMap<SheetKind, &'static str>,
}

impl Places {
    /// The file of what is wrong with a whole sheet.
    pub(crate) fn sheet(&mut self, sheet: SheetKind, file: &'static str) {
        self.files.insert(sheet, file);
    }

    /// A row comes from a line.
    pub(crate) fn row(&mut self, at: RowRef, origin: Origin) {
        self.rows.insert(at, origin);
    }

    /// A cell comes from somewhere else than its row, or has another name there.
    pub(crate) fn cell(&mut self, at: RowRef, column: usize, origin: Origin) {
        self.cells.insert((at, column), origin);
    }

    /// Whether the file has places of its own.
    pub(crate) fn are_own(&self) -> bool {
        !self.files.is_empty()
    }

    /// A finding of the engine, told with its place in the package. `header` as the form has it.
    pub(crate) fn told(
        &self,
        mut issue: TableIssue,
        at: Option<RowRef>,
        header: &str,
    ) -> TableIssue {
        if !self.are_own() {
            return issue;
        }
        let Some(at) = at else {
            let kind = SheetKind::of_title(&issue.sheet);
            if let Some(file) = kind.and_then(|kind| self.files.get(&kind)) {
                issue.sheet = (*file).to_owned();
            }
            return issue;
        };
        let column = at
            .sheet
            .columns()
            .iter()
            .position(|spec| spec.header == header);
        let cell = column.and_then(|column| self.cells.get(&(at, column)));
        if let Some(origin) = cell.or_else(|| self.rows.get(&at)) {
            issue.sheet = origin.file.to_owned();
            issue.row = origin.line;
            issue.column = match origin.column.as_str() {
                "" => issue.column,
                column => column.to_owned(),
            };
            if !origin.to_add.is_empty() && issue.reason == "MISSING_VALUE" {
                issue.message = "В пакете нет нужного значения".to_owned();
                issue.hint.clone_from(&origin.to_add);
            }
        }
        issue
    }

    /// A row as people find it.
    pub(crate) fn name(&self, at: RowRef) -> String {
        match self.rows.get(&at) {
            Some(origin) => format!("файл {}, строка {}", origin.file, origin.line),
            None => at.to_string(),
        }
    }
}

/// What the reader of a package has found.
#[derive(Default)]
pub(crate) struct Faults {
    /// No choice of rows helps.
    pub broken: Vec<TableIssue>,
    /// Errors of rows of the form.
    pub rows: BTreeMap<RowRef, Vec<TableIssue>>,
    /// Errors of lines that are no row of the form.
    pub loose: Vec<TableIssue>,
    /// Warnings of rows of the form.
    pub row_warnings: BTreeMap<RowRef, Vec<TableIssue>>,
    /// Warnings of other lines.
    pub warnings: Vec<TableIssue>,
    /// What there is to know.
    pub notices: Vec<TableIssue>,
}
