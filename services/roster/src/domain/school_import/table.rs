//! Finding the form's columns in a sheet: the header row, the columns, what is left unread.

use std::collections::BTreeMap;

use super::{
    book::{Book, Cell, Row, Sheet},
    context::Context,
    findings::{Column, Issue, Notice, Problem, Reason},
    template::SheetKind,
};
use crate::domain::text;

/// Headers are looked for in so many rows from the top.
const HEADER_WITHIN: usize = 20;

/// A sheet whose columns are known.
pub(super) struct Table<'a> {
    pub(super) kind: SheetKind,
    pub(super) sheet: &'a Sheet,
    /// For each column of the form, where it is in the sheet.
    columns: Vec<Option<u16>>,
    /// Headers as the file has them, by position.
    headers: BTreeMap<u16, String>,
    /// Rows of data: below the headers and not blank.
    pub(super) rows: Vec<&'a Row>,
}

impl<'a> Table<'a> {
    /// The cell, `None` where it is blank or the column is missing.
    pub(super) fn cell(&self, row: u32, column: usize) -> Option<&'a Cell> {
        let at = self.rows.binary_search_by_key(&row, |r| r.number).ok()?;
        let position = *self.columns.get(column)?.as_ref()?;
        self.rows
            .get(at)?
            .cell(position)
            .filter(|cell| !cell.is_blank())
    }

    pub(super) fn has(&self, column: usize) -> bool {
        self.columns.get(column).is_some_and(Option::is_some)
    }

    /// How the column is called in findings.
    pub(super) fn column(&self, column: usize) -> Option<Column> {
        let spec = self.kind.columns().get(column)?;
        Some(match self.columns.get(column).copied().flatten() {
            Some(position) => Column::at(
                self.headers
                    .get(&position)
                    .map_or(spec.header, String::as_str),
                position,
            ),
            None => Column {
                header: spec.header.to_owned(),
                letter: String::new(),
            },
        })
    }
}

/// Finds every sheet of the form; what is missing is an error, what is not in the form a notice.
pub(super) fn find<'a>(book: &'a Book, context: &mut Context<'a>) {
    for kind in SheetKind::ALL {
        let mut sheets = book
            .sheets
            .iter()
            .filter(|sheet| SheetKind::of_title(&sheet.title) == Some(kind));
        let found = sheets.next();
        if sheets.next().is_some() {
            context.findings.broken(whole_sheet(
                kind,
                Problem::new(
                    Reason::DuplicateSheet,
                    "Два листа с одним названием",
                    "Оставьте один",
                ),
            ));
        }
        match found {
            Some(sheet) => {
                if let Some(table) = read_headers(kind, sheet, context) {
                    context.tables.insert(kind, table);
                }
            }
            None => absent(kind, context),
        }
    }
    let unread = book
        .sheets
        .iter()
        .map(|s| &s.title)
        .filter(|title| SheetKind::of_title(title).is_none());
    for title in unread.chain(&book.other_sheets) {
        context.findings.notices.push(Notice {
            sheet: title.clone(),
            rows: Vec::new(),
            column: None,
            reason: Reason::IgnoredSheet,
            message: "Такого листа нет в форме, он не загружается".to_owned(),
        });
    }
}

fn absent(kind: SheetKind, context: &mut Context<'_>) {
    if kind.is_required() {
        context.findings.broken(whole_sheet(
            kind,
            Problem::new(
                Reason::MissingSheet,
                "Нет обязательного листа",
                format!("Добавьте лист «{}»", kind.title()),
            ),
        ));
        return;
    }
    if kind.is_rare() {
        return;
    }
    context.findings.notices.push(Notice {
        sheet: kind.title().to_owned(),
        rows: Vec::new(),
        column: None,
        reason: Reason::AbsentSheet,
        message: "Листа нет в файле, этих данных не будет".to_owned(),
    });
}

fn whole_sheet(kind: SheetKind, problem: Problem) -> Issue {
    Issue {
        sheet: kind.title().to_owned(),
        row: 0,
        column: None,
        value: String::new(),
        reason: problem.reason,
        message: problem.message.into_owned(),
        hint: problem.hint.into_owned(),
        at: None,
    }
}

fn read_headers<'a>(
    kind: SheetKind,
    sheet: &'a Sheet,
    context: &mut Context<'a>,
) -> Option<Table<'a>> {
    let keys = header_keys(kind);
    let column_of = |cell: &Cell| column_of(&keys, cell);
    let known = |row: &Row| {
        row.cells
            .iter()
            .filter(|(_, cell)| column_of(cell).is_some())
            .count()
    };
    // The row with the most headers of the form; the first of equals.
    let header = sheet
        .rows
        .iter()
        .take(HEADER_WITHIN)
        .map(|row| (known(row), row))
        .rev();
    let header = header
        .max_by_key(|(known, _)| *known)
        .filter(|(known, _)| *known > 0)
        .map(|(_, row)| row);
    let header_row = header.map_or(1, |row| row.number);
    let mut columns: Vec<Option<u16>> = vec![None; kind.columns().len()];
    let mut headers = BTreeMap::new();
    for (position, cell) in header.map(|row| row.cells.as_slice()).unwrap_or_default() {
        if cell.is_blank() {
            continue;
        }
        let title = text::tidy(&cell.shown());
        match column_of(cell).and_then(|at| columns.get_mut(at)) {
            Some(place @ None) => *place = Some(*position),
            Some(Some(_)) => context.findings.broken(in_header(
                sheet,
                header_row,
                Column::at(&title, *position),
                Problem::new(
                    Reason::DuplicateColumn,
                    "Столбец указан дважды",
                    "Оставьте один столбец с таким заголовком",
                ),
            )),
            None => context.findings.notices.push(Notice {
                sheet: sheet.title.clone(),
                rows: vec![header_row],
                column: Some(Column::at(&title, *position)),
                reason: Reason::IgnoredColumn,
                message: "Такого столбца нет в форме, он не загружается".to_owned(),
            }),
        }
        headers.insert(*position, title);
    }
    let mut complete = true;
    for (spec, place) in kind.columns().iter().zip(&columns) {
        if spec.required && place.is_none() {
            complete = false;
            context.findings.broken(in_header(
                sheet,
                header_row,
                Column {
                    header: spec.header.to_owned(),
                    letter: String::new(),
                },
                Problem::new(
                    Reason::MissingColumn,
                    "Нет обязательного столбца",
                    format!("Добавьте столбец «{}»", spec.header),
                ),
            ));
        }
    }
    if !complete {
        return None;
    }
    note_unread(sheet, header_row, &headers, context);
    let rows = sheet
        .rows
        .iter()
        .filter(|row| row.number > header_row)
        .filter(|row| {
            columns
                .iter()
                .flatten()
                .any(|at| row.cell(*at).is_some_and(|cell| !cell.is_blank()))
        });
    Some(Table {
        kind,
        sheet,
        rows: rows.collect(),
        columns,
        headers,
    })
}

/// Nothing is lost silently: text above the headers and cells under no header are named.
fn note_unread(
    sheet: &Sheet,
    header_row: u32,
    headers: &BTreeMap<u16, String>,
    context: &mut Context<'_>,
) {
    let above: Vec<u32> = sheet
        .rows
        .iter()
        .map(|r| r.number)
        .filter(|n| *n < header_row)
        .collect();
    if !above.is_empty() {
        context.findings.notices.push(Notice {
            sheet: sheet.title.clone(),
            rows: above,
            column: None,
            reason: Reason::IgnoredRows,
            message: "Строки над заголовками не загружаются".to_owned(),
        });
    }
    let mut stray: BTreeMap<u16, Vec<u32>> = BTreeMap::new();
    for row in sheet.rows.iter().filter(|row| row.number > header_row) {
        for (position, cell) in &row.cells {
            if !cell.is_blank() && !headers.contains_key(position) {
                stray.entry(*position).or_default().push(row.number);
            }
        }
    }
    for (position, rows) in stray {
        context.findings.notices.push(Notice {
            sheet: sheet.title.clone(),
            rows,
            column: Some(Column::at("", position)),
            reason: Reason::IgnoredColumn,
            message: "В столбце без заголовка есть значения, они не загружаются".to_owned(),
        });
    }
}

/// Every header under which a column is known, folded, with the column.
fn header_keys(kind: SheetKind) -> Vec<(String, usize)> {
    let columns = kind.columns().iter().enumerate();
    let headers = columns.flat_map(|(at, spec)| {
        std::iter::once(&spec.header)
            .chain(spec.also)
            .map(move |h| (h, at))
    });
    headers
        .map(|(header, at)| (text::search_key(header), at))
        .collect()
}

fn column_of(keys: &[(String, usize)], cell: &Cell) -> Option<usize> {
    let Cell::Text(title) = cell else {
        return None;
    };
    let key = text::search_key(title);
    keys.iter()
        .find(|(known, _)| *known == key)
        .map(|(_, at)| *at)
}

fn in_header(sheet: &Sheet, row: u32, column: Column, problem: Problem) -> Issue {
    Issue {
        sheet: sheet.title.clone(),
        row,
        column: Some(column),
        value: String::new(),
        reason: problem.reason,
        message: problem.message.into_owned(),
        hint: problem.hint.into_owned(),
        at: None,
    }
}
