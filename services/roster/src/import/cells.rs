//! The cells of each row of a workbook in the order of the form's columns: as they
//! would be stored where the row is taken, as they stand in the file where it is not.
//! Secret columns are masked.

use std::collections::{BTreeMap, HashMap};

use super::findings::shortened;
use crate::domain::school_import::book::{Book, Row, Sheet};
use crate::domain::school_import::value::Snils;
use crate::domain::school_import::{Entry, RowRef, SchoolPlan, SheetKind, to_book};
use crate::domain::text::{search_key, with_invisible_shown};

/// Headers are within so many rows from the top.
const HEADER_WITHIN: usize = 20;

/// Cells of every row.
pub(super) struct Cells<'a> {
    stored: HashMap<RowRef, Vec<String>>,
    file: BTreeMap<SheetKind, FileSheet<'a>>,
}

struct FileSheet<'a> {
    sheet: &'a Sheet,
    /// For each column of the form, where it is in the file.
    columns: Vec<Option<u16>>,
}

impl<'a> Cells<'a> {
    /// Of a workbook, and of the plan of its sound rows.
    pub(super) fn of(book: &'a Book, plan: Option<&SchoolPlan>) -> Self {
        let mut file = BTreeMap::new();
        for kind in SheetKind::ALL {
            if let Some(sheet) = book
                .sheets
                .iter()
                .find(|sheet| SheetKind::of_title(&sheet.title) == Some(kind))
            {
                file.insert(
                    kind,
                    FileSheet {
                        sheet,
                        columns: columns(kind, sheet),
                    },
                );
            }
        }
        let mut cells = Self {
            stored: HashMap::new(),
            file,
        };
        if let Some(plan) = plan {
            cells.store(plan);
        }
        cells
    }

    /// The title of a sheet as the file has it.
    pub(super) fn title(&self, kind: SheetKind) -> &str {
        self.file
            .get(&kind)
            .map_or(kind.title(), |file| &file.sheet.title)
    }

    /// The cells of a row.
    pub(super) fn of_row(&self, at: RowRef) -> Vec<String> {
        let cells = self
            .stored
            .get(&at)
            .cloned()
            .unwrap_or_else(|| self.in_file(at));
        let specs = at.sheet.columns().iter();
        cells
            .into_iter()
            .zip(specs)
            .map(|(cell, spec)| {
                if spec.secret {
                    Snils::mask(&cell)
                } else {
                    cell
                }
            })
            .collect()
    }

    fn in_file(&self, at: RowRef) -> Vec<String> {
        let Some(file) = self.file.get(&at.sheet) else {
            return Vec::new();
        };
        let row = file
            .sheet
            .rows
            .binary_search_by_key(&at.row, |row| row.number)
            .ok()
            .and_then(|i| file.sheet.rows.get(i));
        let shown = |column: &Option<u16>| {
            let cell = row.zip(*column).and_then(|(row, column)| row.cell(column));
            cell.map(|cell| shortened(&with_invisible_shown(&cell.shown())))
                .unwrap_or_default()
        };
        file.columns.iter().map(shown).collect()
    }

    /// The exported form has the plan's rows in the plan's order, under one row of headers.
    fn store(&mut self, plan: &SchoolPlan) {
        for sheet in &to_book(plan).sheets {
            let Some(kind) = SheetKind::of_title(&sheet.title) else {
                continue;
            };
            let numbers = self.rows_of(kind, plan, sheet);
            for (row, number) in sheet.rows.iter().skip(1).zip(numbers) {
                let Some(number) = number else { continue };
                let cells = (0u16..)
                    .zip(kind.columns())
                    .map(|(at, _)| row.cell(at).map(|c| c.shown()).unwrap_or_default());
                self.stored.insert(
                    RowRef {
                        sheet: kind,
                        row: number,
                    },
                    cells.collect(),
                );
            }
        }
    }

    /// Where the rows of the exported sheet come from.
    fn rows_of(&self, kind: SheetKind, plan: &SchoolPlan, exported: &Sheet) -> Vec<Option<u32>> {
        match kind {
            SheetKind::School => exported
                .rows
                .iter()
                .skip(1)
                .map(|row| self.field_row(row))
                .collect(),
            SheetKind::Staff => numbers(&plan.staff),
            SheetKind::Classes => numbers(&plan.classes),
            SheetKind::Pupils => numbers(&plan.pupils),
            SheetKind::Guardians => {
                let mut ties: Vec<u32> = plan
                    .guardians
                    .iter()
                    .flat_map(|g| &g.children)
                    .map(|tie| tie.row)
                    .collect();
                ties.sort_unstable();
                ties.into_iter().map(Some).collect()
            }
            SheetKind::Groups => numbers(&plan.listed),
            SheetKind::Loads => numbers(&plan.loads),
            SheetKind::Bells => numbers(&plan.bells),
            SheetKind::Periods => numbers(&plan.periods),
            SheetKind::DaysOff => numbers(&plan.days_off),
            SheetKind::Timetable => numbers(&plan.timetable),
        }
    }

    /// «Школа» has fields instead of rows, in any order.
    fn field_row(&self, exported: &Row) -> Option<u32> {
        let field = search_key(&exported.cell(0)?.shown());
        let file = self.file.get(&SheetKind::School)?;
        let column = (*file.columns.first()?)?;
        let same = |row: &&Row| {
            row.cell(column)
                .is_some_and(|cell| search_key(&cell.shown()) == field)
        };
        file.sheet.rows.iter().find(same).map(|row| row.number)
    }
}

fn numbers<T>(entries: &[Entry<T>]) -> Vec<Option<u32>> {
    entries.iter().map(|entry| Some(entry.row)).collect()
}

/// Where the form's columns are: in the row that has most of their headers.
fn columns(kind: SheetKind, sheet: &Sheet) -> Vec<Option<u16>> {
    let find = |row: &Row| -> Vec<Option<u16>> {
        let place = |wanted: &str| {
            let wanted = search_key(wanted);
            row.cells
                .iter()
                .find(|(_, cell)| search_key(&cell.shown()) == wanted)
                .map(|(at, _)| *at)
        };
        let specs = kind.columns().iter();
        specs
            .map(|spec| {
                std::iter::once(&spec.header)
                    .chain(spec.also)
                    .find_map(|header| place(header))
            })
            .collect()
    };
    let found = sheet.rows.iter().take(HEADER_WITHIN).map(find);
    let best = found
        .rev()
        .max_by_key(|columns| columns.iter().flatten().count());
    best.unwrap_or_else(|| vec![None; kind.columns().len()])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::school_import::{Selection, preview};
    use crate::testing::SmallSchool;

    fn cells(school: &SmallSchool, at: RowRef) -> Vec<String> {
        let book = school.book();
        let chosen = preview(&book, None)
            .choose(&Selection::WithoutErrors)
            .unwrap();
        Cells::of(&book, Some(&chosen.plan)).of_row(at)
    }

    #[test]
    fn a_sound_row_is_shown_as_it_would_be_stored_and_the_secret_masked() {
        let mut school = SmallSchool::new();
        school
            .set(SheetKind::Pupils, "F", 2, "15/5/2015")
            .set(SheetKind::Pupils, "G", 2, "5 а");
        let shown = cells(
            &school,
            RowRef {
                sheet: SheetKind::Pupils,
                row: 2,
            },
        );
        assert_eq!(
            shown,
            [
                "У-0001",
                "Аблаева",
                "Мария",
                "Тарасовна",
                "Ж",
                "15.05.2015",
                "5-А",
                "очная",
                "1",
                "•••-•••-••• 11"
            ]
        );
    }

    #[test]
    fn a_refused_row_is_shown_as_it_stands_in_the_file() {
        let mut school = SmallSchool::new();
        school.set(SheetKind::Pupils, "F", 3, "31.02.2015").set(
            SheetKind::Pupils,
            "B",
            3,
            "Куз\u{200b}нецов",
        );
        let shown = cells(
            &school,
            RowRef {
                sheet: SheetKind::Pupils,
                row: 3,
            },
        );
        assert_eq!(shown[1], "Куз⟨U+200B⟩нецов");
        assert_eq!(shown[5], "31.02.2015");
        assert_eq!(shown[9], "•••-•••-••• 11");
    }

    #[test]
    fn every_row_of_the_file_finds_its_cells() {
        let book = SmallSchool::new().book();
        let preview = preview(&book, None);
        let chosen = preview.choose(&Selection::Everything).unwrap();
        let cells = Cells::of(&book, Some(&chosen.plan));
        for verdict in preview.verdicts() {
            let (stored, file) = (cells.of_row(verdict.at), cells.in_file(verdict.at));
            assert!(cells.stored.contains_key(&verdict.at), "{}", verdict.at);
            assert_eq!(stored.first(), file.first(), "{}", verdict.at);
        }
    }
}
