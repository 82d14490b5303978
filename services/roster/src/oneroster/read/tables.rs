//! Lines of the files by their columns and ids.

use std::collections::{BTreeMap, HashMap};

use jiff::civil::Date;

use super::File;
use super::report::{Fault, Report};
use crate::oneroster::write::is_formula;
use crate::source::Origin;
use crate::workbook::CsvFile;

/// A line of a file.
#[derive(Clone, Copy)]
pub(super) struct Line<'a> {
    pub file: File,
    pub number: u32,
    cells: &'a [String],
    columns: &'a HashMap<String, usize>,
}

impl<'a> Line<'a> {
    /// A cell, trimmed; empty where the file has no such column.
    pub(super) fn get(&self, column: &str) -> &'a str {
        let at = self.columns.get(&column.to_lowercase());
        let cell = at
            .and_then(|at| self.cells.get(*at))
            .map_or("", |cell| cell.trim());
        match cell.strip_prefix('\'') {
            Some(text) if is_formula(text) => text,
            _ => cell,
        }
    }

    /// A list of a cell: `a,b`.
    pub(super) fn list(&self, column: &str) -> Vec<&'a str> {
        let parts = self.get(column).split(',').map(str::trim);
        parts.filter(|part| !part.is_empty()).collect()
    }

    pub(super) fn id(&self) -> &'a str {
        self.get("sourcedId")
    }

    pub(super) fn origin(&self, column: &str) -> Origin {
        Origin {
            file: self.file.name(),
            line: self.number,
            column: column.to_owned(),
            to_add: String::new(),
        }
    }

    /// A date of ISO 8601. The outer `None` is another text.
    #[allow(clippy::option_option)]
    pub(super) fn date(&self, column: &str) -> Option<Option<Date>> {
        match self.get(column) {
            "" => Some(None),
            text => iso(text).map(Some),
        }
    }
}

/// `2026-09-01`, also with a time of day behind it.
fn iso(text: &str) -> Option<Date> {
    let day = text.get(..10)?;
    let rest = text.get(10..)?;
    let plain = day.bytes().zip(0u8..).all(|(byte, at)| match at {
        4 | 7 => byte == b'-',
        _ => byte.is_ascii_digit(),
    });
    let fits = plain && (rest.is_empty() || rest.starts_with('T'));
    fits.then(|| day.parse().ok()).flatten()
}

/// What an id leads to.
pub(super) enum Found<'a> {
    /// A line that is taken.
    Line(Line<'a>),
    /// A line that is there but left out.
    LeftOut,
    /// Nothing.
    Nothing,
}

struct Loaded<'a> {
    columns: HashMap<String, usize>,
    rows: Vec<(u32, &'a [String])>,
    /// By id, with whether the line is taken.
    by_id: HashMap<String, (usize, bool)>,
    /// Places of the lines that are taken.
    taken: Vec<usize>,
}

/// The files that are read.
#[derive(Default)]
pub(super) struct Tables<'a> {
    files: BTreeMap<File, Loaded<'a>>,
}

const UNKNOWN_COLUMN: Fault = Fault {
    rule: "UNKNOWN_COLUMN",
    message: "Такого столбца нет в OneRoster 1.2, он не загружается",
    hint: "",
};
const MISSING_COLUMN: Fault = Fault {
    rule: "MISSING_COLUMN",
    message: "Нет обязательного столбца",
    hint: "Добавьте столбец с этим заголовком",
};
const DUPLICATE_COLUMN: Fault = Fault {
    rule: "DUPLICATE_COLUMN",
    message: "Столбец указан дважды",
    hint: "Оставьте один столбец с таким заголовком",
};
const EXTRA_CELLS: Fault = Fault {
    rule: "EXTRA_CELLS",
    message: "В строке больше значений, чем столбцов: они могли сдвинуться",
    hint: "Возьмите значение с запятой в кавычки",
};
const MISSING_SOURCED_ID: Fault = Fault {
    rule: "MISSING_SOURCED_ID",
    message: "Нет sourcedId",
    hint: "Впишите идентификатор строки",
};
const DUPLICATE_SOURCED_ID: Fault = Fault {
    rule: "DUPLICATE_SOURCED_ID",
    message: "Такой sourcedId уже есть выше в этом файле",
    hint: "Идентификаторы одного файла различны",
};
const TO_BE_DELETED: Fault = Fault {
    rule: "TO_BE_DELETED",
    message: "Строка помечена tobedeleted, она не загружается",
    hint: "",
};
const BAD_STATUS: Fault = Fault {
    rule: "BAD_STATUS",
    message: "Такого состояния нет",
    hint: "Одно из: active, tobedeleted; в пакете bulk можно оставить пустым",
};
const BAD_LAST_MODIFIED: Fault = Fault {
    rule: "BAD_LAST_MODIFIED",
    message: "Время изменения не в виде ISO 8601; оно и не загружается",
    hint: "",
};

impl<'a> Tables<'a> {
    /// Reads the lines of a file.
    pub(super) fn load(&mut self, file: File, from: &'a CsvFile, report: &mut Report) {
        let mut records = from.records.iter();
        let header: &[String] = records.next().map_or(&[], |(_, cells)| cells);
        let columns = columns(file, header, report);
        let rows: Vec<(u32, &[String])> = records
            .map(|(number, cells)| (*number, cells.as_slice()))
            .collect();
        let mut loaded = Loaded {
            columns,
            rows,
            by_id: HashMap::new(),
            taken: Vec::new(),
        };
        for (at, (number, cells)) in loaded.rows.iter().enumerate() {
            let line = Line {
                file,
                number: *number,
                cells,
                columns: &loaded.columns,
            };
            let extra = cells.get(header.len()..).unwrap_or_default();
            if extra.iter().any(|cell| !cell.trim().is_empty()) {
                report.loose(&line, "", EXTRA_CELLS);
                continue;
            }
            let id = line.id();
            if id.is_empty() {
                report.loose(&line, "sourcedId", MISSING_SOURCED_ID);
                continue;
            }
            if loaded.by_id.contains_key(id) {
                report.loose(&line, "sourcedId", DUPLICATE_SOURCED_ID);
                continue;
            }
            let is_taken = status(&line, report);
            loaded.by_id.insert(id.to_owned(), (at, is_taken));
            if is_taken {
                loaded.taken.push(at);
            }
        }
        self.files.insert(file, loaded);
    }

    /// Whether the file is read.
    pub(super) fn has(&self, file: File) -> bool {
        self.files.contains_key(&file)
    }

    fn line(&self, file: File, at: usize) -> Option<Line<'_>> {
        let loaded = self.files.get(&file)?;
        let (number, cells) = loaded.rows.get(at)?;
        Some(Line {
            file,
            number: *number,
            cells,
            columns: &loaded.columns,
        })
    }

    /// Lines that are taken, in the order of the file.
    pub(super) fn lines(&self, file: File) -> impl Iterator<Item = Line<'_>> {
        let taken = self
            .files
            .get(&file)
            .map_or(&[][..], |loaded| &loaded.taken);
        taken.iter().filter_map(move |at| self.line(file, *at))
    }

    /// What an id of a file leads to.
    pub(super) fn find(&self, file: File, id: &str) -> Found<'_> {
        let known = self
            .files
            .get(&file)
            .and_then(|loaded| loaded.by_id.get(id));
        match known {
            Some((_, false)) => Found::LeftOut,
            Some((at, true)) => self.line(file, *at).map_or(Found::Nothing, Found::Line),
            None => Found::Nothing,
        }
    }
}

fn columns(file: File, header: &[String], report: &mut Report) -> HashMap<String, usize> {
    let mut columns = HashMap::new();
    for (at, title) in header.iter().enumerate() {
        let title = title.trim();
        let known = file
            .columns()
            .iter()
            .any(|one| one.eq_ignore_ascii_case(title));
        if title.is_empty() {
            continue;
        }
        if !known {
            let meant = file.columns().iter().find(|one| nearly(one, title));
            let shown = meant.map_or(title.to_owned(), |one| format!("{title} (похоже на {one})"));
            report.tell_file(file.name(), &shown, UNKNOWN_COLUMN);
            continue;
        }
        if columns.insert(title.to_lowercase(), at).is_some() {
            report.broken(file, DUPLICATE_COLUMN, title);
        }
    }
    for needed in file.needed() {
        if !columns.contains_key(&needed.to_lowercase()) {
            report.broken(file, MISSING_COLUMN, needed);
        }
    }
    columns
}

/// Whether two headers differ by a letter or two.
fn nearly(known: &str, title: &str) -> bool {
    let (known, title) = (known.to_lowercase(), title.to_lowercase());
    let (a, b): (Vec<char>, Vec<char>) = (known.chars().collect(), title.chars().collect());
    if a.len().abs_diff(b.len()) > 2 || a.len() < 5 {
        return false;
    }
    let mut before: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, to) in b.iter().enumerate() {
            let get = |list: &[usize], at: usize| list.get(at).copied().unwrap_or(usize::MAX / 2);
            let changed = get(&before, j) + usize::from(from != to);
            let least = changed.min(get(&before, j + 1) + 1).min(get(&row, j) + 1);
            row.push(least);
        }
        before = row;
    }
    before.last().is_some_and(|distance| *distance <= 2)
}

/// Whether the line is taken.
fn status(line: &Line<'_>, report: &mut Report) -> bool {
    if line.date("dateLastModified").is_none() {
        report.tell(line, "dateLastModified", BAD_LAST_MODIFIED);
    }
    match line.get("status").to_lowercase().as_str() {
        "" | "active" => true,
        "tobedeleted" => {
            report.tell(line, "status", TO_BE_DELETED);
            false
        }
        _ => {
            report.loose(line, "status", BAD_STATUS);
            false
        }
    }
}
