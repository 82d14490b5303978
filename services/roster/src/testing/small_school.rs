//! A school of two classes, complete and without a slip.

use std::collections::BTreeMap;

use crate::domain::school_import::{
    Book, SheetKind,
    book::{Cell, Row, Sheet},
};

/// The sheets of the form as tables of cells. Row 1 has the headers, as in a spreadsheet.
#[derive(Clone)]
pub struct SmallSchool {
    sheets: BTreeMap<SheetKind, Vec<Vec<Option<Cell>>>>,
    others: Vec<Sheet>,
}

impl SmallSchool {
    /// Five members of staff, 5-А in two subgroups and 10-А, six pupils, seven parents; load and
    /// timetable agree.
    pub fn new() -> Self {
        let mut school = Self {
            sheets: BTreeMap::new(),
            others: Vec::new(),
        };
        for kind in SheetKind::ALL {
            let headers: Vec<&str> = kind.columns().iter().map(|c| c.header).collect();
            school.sheets.insert(kind, vec![cells(&headers)]);
            for row in rows(kind) {
                school.push(kind, row);
            }
        }
        school
    }

    /// Adds a row of texts, empty ones left out; gives its number.
    pub fn push(&mut self, sheet: SheetKind, row: &[&str]) -> u32 {
        let rows = self.sheets.entry(sheet).or_default();
        rows.push(cells(row));
        u32::try_from(rows.len()).unwrap_or(u32::MAX)
    }

    /// Puts a text into a cell: `set(Pupils, "F", 2, "31.02.2015")`.
    pub fn set(&mut self, sheet: SheetKind, column: &str, row: u32, text: &str) -> &mut Self {
        self.set_cell(sheet, column, row, Some(Cell::Text(text.to_owned())))
    }

    /// Puts anything into a cell, or nothing.
    pub fn set_cell(
        &mut self,
        sheet: SheetKind,
        column: &str,
        row: u32,
        cell: Option<Cell>,
    ) -> &mut Self {
        let column = column
            .bytes()
            .fold(0, |n, letter| n * 26 + usize::from(letter - b'A') + 1)
            - 1;
        let rows = self.sheets.entry(sheet).or_default();
        let at = usize::try_from(row).unwrap_or(usize::MAX) - 1;
        if rows.len() <= at {
            rows.resize(at + 1, Vec::new());
        }
        if let Some(row) = rows.get_mut(at) {
            if row.len() <= column {
                row.resize(column + 1, None);
            }
            if let Some(place) = row.get_mut(column) {
                *place = cell;
            }
        }
        self
    }

    /// The text of a cell.
    pub fn get(&self, sheet: SheetKind, column: usize, row: u32) -> String {
        let at = usize::try_from(row).unwrap_or(usize::MAX) - 1;
        let row = self.sheets.get(&sheet).and_then(|rows| rows.get(at));
        row.and_then(|row| row.get(column)?.as_ref().map(Cell::shown))
            .unwrap_or_default()
    }

    /// The number of the last row of a sheet.
    pub fn last_row(&self, sheet: SheetKind) -> u32 {
        self.sheets
            .get(&sheet)
            .map_or(0, |rows| u32::try_from(rows.len()).unwrap_or(u32::MAX))
    }

    /// Takes a row away; those below move up.
    pub fn remove_row(&mut self, sheet: SheetKind, row: u32) -> &mut Self {
        let at = usize::try_from(row).unwrap_or(usize::MAX) - 1;
        if let Some(rows) = self.sheets.get_mut(&sheet)
            && at < rows.len()
        {
            rows.remove(at);
        }
        self
    }

    /// Takes a sheet away.
    pub fn remove_sheet(&mut self, sheet: SheetKind) -> &mut Self {
        self.sheets.remove(&sheet);
        self
    }

    /// Adds a sheet that is not of the form, or a second one of the form.
    pub fn add_sheet(&mut self, title: &str) -> &mut Self {
        let row = Row {
            number: 1,
            cells: vec![(0, Cell::Text("что-то".to_owned()))],
        };
        self.others.push(Sheet {
            title: title.to_owned(),
            rows: vec![row],
        });
        self
    }

    /// The workbook as the import reads it.
    pub fn book(&self) -> Book {
        let sheets = self.sheets.iter().map(|(kind, rows)| Sheet {
            title: kind.title().to_owned(),
            rows: rows
                .iter()
                .zip(1u32..)
                .filter_map(|(cells, number)| row(number, cells))
                .collect(),
        });
        Book {
            sheets: sheets.chain(self.others.iter().cloned()).collect(),
            other_sheets: Vec::new(),
        }
    }
}

impl Default for SmallSchool {
    fn default() -> Self {
        Self::new()
    }
}

fn cells(texts: &[&str]) -> Vec<Option<Cell>> {
    texts
        .iter()
        .map(|text| (!text.is_empty()).then(|| Cell::Text((*text).to_owned())))
        .collect()
}

fn row(number: u32, cells: &[Option<Cell>]) -> Option<Row> {
    let cells: Vec<(u16, Cell)> = (0u16..)
        .zip(cells)
        .filter_map(|(at, cell)| cell.clone().map(|cell| (at, cell)))
        .collect();
    (!cells.is_empty()).then_some(Row { number, cells })
}

fn rows(kind: SheetKind) -> &'static [&'static [&'static str]] {
    match kind {
        SheetKind::School => &[
            &["Полное наименование", "МБОУ «Школа № 1»"],
            &["Муниципалитет", "Белогорский район"],
            &["Учебный год", "2026/2027"],
            &["Учебная неделя", "5"],
            &["Часовой пояс", "Europe/Simferopol"],
        ],
        SheetKind::Staff => &[
            &[
                "С-001",
                "Павленко",
                "Ева",
                "Львовна",
                "Директор",
                "+7 978 111-22-01",
                "s001@school.example",
            ],
            &[
                "С-002",
                "Алиев",
                "Осман",
                "Рустемович",
                "Учитель: Алгебра",
                "+7 978 111-22-02",
                "s002@school.example",
            ],
            &[
                "С-003",
                "Гончар",
                "Вера",
                "",
                "Учитель: Информатика",
                "+7 978 111-22-03",
                "",
            ],
            &[
                "С-004",
                "Ёлкин",
                "Глеб",
                "Ильич",
                "Учитель: Информатика",
                "",
                "s004@school.example",
            ],
            &["С-005", "Белая", "Анна", "Игоревна", "Секретарь", "", ""],
        ],
        SheetKind::Classes => &[
            &["5-А", "5", "А", "С-002", "Основное", "1"],
            &["10-А", "10", "А", "С-003", "Среднее", "1"],
        ],
        SheetKind::Pupils => &[
            &[
                "У-0001",
                "Аблаева",
                "Мария",
                "Тарасовна",
                "Ж",
                "15.05.2015",
                "5-А",
                "очная",
                "1",
                "000-000-001 11",
            ],
            &[
                "У-0002",
                "Кузнецов",
                "Пётр",
                "Ильич",
                "М",
                "01.02.2015",
                "5-А",
                "очная",
                "2",
                "000-000-002 11",
            ],
            &[
                "У-0003",
                "Римская-Корсакова",
                "Ева",
                "",
                "Ж",
                "31.12.2014",
                "5-А",
                "надомная",
                "1",
                "",
            ],
            &[
                "У-0004",
                "Меметов",
                "Амет",
                "Османович",
                "М",
                "03.03.2015",
                "5-А",
                "очная",
                "2",
                "",
            ],
            &[
                "У-0005",
                "Аблаев",
                "Осман",
                "Тарасович",
                "М",
                "20.07.2010",
                "10-А",
                "очная",
                "1",
                "",
            ],
            &[
                "У-0006",
                "Дзюба",
                "Алиса",
                "Петровна",
                "Ж",
                "28.02.2010",
                "10-А",
                "семейная",
                "2",
                "",
            ],
        ],
        SheetKind::Guardians => &[
            &[
                "У-0001",
                "Аблаева",
                "Аза",
                "",
                "мать",
                "+7 978 333-44-01",
                "p1@family.example",
                "электронная",
            ],
            &[
                "У-0002",
                "Кузнецова",
                "Ольга",
                "Львовна",
                "мать",
                "+7 978 333-44-02",
                "",
                "бумажная",
            ],
            &[
                "У-0002",
                "Кузнецов",
                "Илья",
                "Петрович",
                "отец",
                "",
                "p3@family.example",
                "электронная",
            ],
            &[
                "У-0003",
                "Римский",
                "Лев",
                "Львович",
                "опекун",
                "+7 978 333-44-04",
                "",
                "электронная",
            ],
            &[
                "У-0004",
                "Меметова",
                "Диляра",
                "Серверовна",
                "бабушка или дедушка",
                "",
                "",
                "электронная",
            ],
            &[
                "У-0006",
                "Дзюба",
                "Вера",
                "Юрьевна",
                "мать",
                "+7 978 333-44-06",
                "",
                "электронная",
            ],
        ],
        SheetKind::Groups => &[],
        SheetKind::Loads => &[
            &["5-А", "5-А", "Алгебра", "2", "С-002"],
            &["5-А Информатика гр.1", "5-А", "Информатика", "1", "С-003"],
            &["5-А Информатика гр.2", "5-А", "Информатика", "1", "С-004"],
            &["10-А", "10-А", "Алгебра", "1", "С-002"],
        ],
        SheetKind::Bells => &[
            &["1", "08:00", "08:40"],
            &["2", "08:50", "09:30"],
            &["3", "09:45", "10:25"],
        ],
        SheetKind::Periods => &[
            &["1 четверть", "01.09.2026", "23.10.2026", "1-9"],
            &["2 четверть", "02.11.2026", "30.12.2026", "1-9"],
            &["1 полугодие", "01.09.2026", "30.12.2026", "10-11"],
        ],
        SheetKind::DaysOff => &[&["04.11.2026", "День народного единства"]],
        SheetKind::Timetable => &[
            &["Понедельник", "1", "5-А", "Алгебра", "С-002", "каб. 12"],
            &[
                "Понедельник",
                "2",
                "5-А Информатика гр.1",
                "Информатика",
                "С-003",
                "каб. 21",
            ],
            &[
                "Понедельник",
                "2",
                "5-А Информатика гр.2",
                "Информатика",
                "С-004",
                "каб. 22",
            ],
            &["Вторник", "1", "5-А", "Алгебра", "С-002", "каб. 12"],
            &["Вторник", "2", "10-А", "Алгебра", "С-002", "каб. 12"],
        ],
    }
}
