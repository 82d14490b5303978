//! The workbook of a demo school.

use super::Parameters;
use super::dice::Dice;
use super::names::Names;
use super::timetable::{self, LESSONS, Timetable};
use crate::domain::school_import::SheetKind;
use crate::domain::school_import::book::{Book, Cell, Row, Sheet};

const LETTERS: [&str; 12] = ["А", "Б", "В", "Г", "Д", "Е", "Ж", "З", "И", "К", "Л", "М"];
const DAY_NAMES: [&str; 5] = ["Понедельник", "Вторник", "Среда", "Четверг", "Пятница"];
const BELLS: [(&str, &str); LESSONS as usize] = [
    ("08:00", "08:40"),
    ("08:50", "09:30"),
    ("09:45", "10:25"),
    ("10:45", "11:25"),
    ("11:40", "12:20"),
    ("12:30", "13:10"),
    ("13:20", "14:00"),
];
/// Posts besides the teachers.
const OFFICE: [&str; 7] = [
    "Директор",
    "Заместитель директора по УВР",
    "Заместитель директора по ВР",
    "Администратор электронного журнала",
    "Секретарь",
    "Инженер-электроник",
    "Библиотекарь",
];

/// The cells of a row.
pub(super) type Cells = Vec<String>;

/// A school in the making.
pub(super) struct Maker<'a> {
    pub(super) of: &'a Parameters,
    pub(super) names: Names,
    pub(super) dice: Dice,
    /// (grade, title).
    pub(super) classes: Vec<(u8, String)>,
    timetable: Timetable,
    phones: u32,
}

/// Makes the book. The same parameters make the same book.
pub(super) fn make(of: &Parameters) -> Book {
    let letters = LETTERS
        .iter()
        .take(usize::from(of.classes_per_grade.max(1)));
    let classes: Vec<(u8, String)> = of
        .grades
        .clone()
        .flat_map(|grade| {
            letters
                .clone()
                .map(move |letter| (grade, format!("{grade}-{letter}")))
        })
        .collect();
    let grades: Vec<u8> = classes.iter().map(|(grade, _)| *grade).collect();
    let seed = of.seed ^ (u64::from(of.number) << 32);
    let mut maker = Maker {
        of,
        names: Names::new(seed),
        dice: Dice::new(seed),
        classes,
        timetable: timetable::make(&grades),
        phones: 0,
    };
    let (pupils, guardians) = maker.families();
    let sheets = [
        (SheetKind::School, maker.school()),
        (SheetKind::Staff, maker.staff()),
        (SheetKind::Classes, maker.class_rows()),
        (SheetKind::Pupils, pupils),
        (SheetKind::Guardians, guardians),
        (SheetKind::Loads, maker.loads()),
        (SheetKind::Bells, bells()),
        (SheetKind::Periods, maker.periods()),
        (SheetKind::DaysOff, maker.days_off()),
        (SheetKind::Timetable, maker.lessons()),
    ];
    Book {
        sheets: sheets
            .into_iter()
            .map(|(kind, rows)| sheet(kind, rows))
            .collect(),
        other_sheets: Vec::new(),
    }
}

fn sheet(kind: SheetKind, rows: Vec<Cells>) -> Sheet {
    let headers: Cells = kind
        .columns()
        .iter()
        .map(|column| column.header.to_owned())
        .collect();
    let rows = std::iter::once(headers)
        .chain(rows)
        .zip(1u32..)
        .map(|(cells, number)| {
            let filled = cells
                .into_iter()
                .zip(0u16..)
                .filter(|(text, _)| !text.is_empty());
            Row {
                number,
                cells: filled.map(|(text, at)| (at, Cell::Text(text))).collect(),
            }
        });
    Sheet {
        title: kind.title().to_owned(),
        rows: rows.collect(),
    }
}

/// A row of these texts.
pub(super) fn cells<const N: usize>(texts: [&str; N]) -> Cells {
    texts.map(str::to_owned).to_vec()
}

fn bells() -> Vec<Cells> {
    let rows = BELLS.iter().zip(1u8..);
    rows.map(|((starts, ends), number)| cells([&number.to_string(), starts, ends, ""]))
        .collect()
}

/// Code of a teacher: after those of the office.
fn teacher_code(teacher: usize) -> String {
    format!("С-{:03}", OFFICE.len() + teacher + 1)
}

impl Maker<'_> {
    fn school(&self) -> Vec<Cells> {
        let (title, year) = (
            self.of.title(),
            format!("{}/{}", self.of.year, self.of.year + 1),
        );
        vec![
            cells(["Полное наименование", &title]),
            cells(["Муниципалитет", super::MUNICIPALITY]),
            cells(["Учебный год", &year]),
            cells(["Учебная неделя", "5"]),
            cells(["Часовой пояс", "Europe/Simferopol"]),
        ]
    }

    pub(super) fn phone(&mut self) -> String {
        self.phones += 1;
        // No country code of Russia begins with 000: nobody has these numbers.
        format!(
            "+7 000 {:03}-{:02}-{:02}",
            self.phones / 10_000 % 1_000,
            self.phones / 100 % 100,
            self.phones % 100
        )
    }

    fn staff(&mut self) -> Vec<Cells> {
        let teachers = self
            .timetable
            .teachers
            .iter()
            .map(|teacher| match teacher.subject {
                Some(subject) => format!("Учитель: {subject}"),
                None => "Учитель начальных классов".to_owned(),
            });
        let posts: Vec<String> = OFFICE
            .iter()
            .map(|post| (*post).to_owned())
            .chain(teachers)
            .collect();
        let mut rows = Vec::with_capacity(posts.len());
        for (post, number) in posts.iter().zip(1u32..) {
            let female = self.dice.percent(80);
            let name = self.names.anybody(female);
            let (code, phone) = (format!("С-{number:03}"), self.phone());
            let email = format!("s{number:03}@school-{}.example", self.of.number);
            rows.push(cells([
                &code,
                &name.surname,
                &name.given,
                &name.patronymic,
                post,
                &phone,
                &email,
            ]));
        }
        rows
    }

    fn class_rows(&self) -> Vec<Cells> {
        let rows = self.classes.iter().zip(&self.timetable.class_teachers).map(
            |((grade, title), teacher)| {
                let letter = title.rsplit('-').next().unwrap_or_default();
                let level = match grade {
                    1..=4 => "Начальное",
                    5..=9 => "Основное",
                    _ => "Среднее",
                };
                cells([
                    title,
                    &grade.to_string(),
                    letter,
                    &teacher_code(*teacher),
                    level,
                    "1",
                ])
            },
        );
        rows.collect()
    }

    /// (group, subject, teacher, index of the unit) of every group that is taught.
    fn taught(&self) -> impl Iterator<Item = (String, String, String, usize)> {
        self.timetable
            .units
            .iter()
            .enumerate()
            .flat_map(|(at, unit)| {
                let (_, class) = self.classes.get(unit.class).cloned().unwrap_or_default();
                unit.teachers.iter().zip(1u8..).map(move |(teacher, part)| {
                    let subject = unit.taught.subject.to_owned();
                    let group = if unit.taught.divided {
                        format!("{class} {subject} гр.{part}")
                    } else {
                        class.clone()
                    };
                    (group, subject, teacher_code(*teacher), at)
                })
            })
    }

    fn loads(&self) -> Vec<Cells> {
        let rows = self.taught().map(|(group, subject, teacher, unit)| {
            let unit = self.timetable.units.get(unit);
            let class = unit
                .and_then(|u| self.classes.get(u.class))
                .map(|(_, title)| title.as_str())
                .unwrap_or_default();
            let hours = unit.map_or(0, |u| u.taught.hours).to_string();
            cells([&group, class, &subject, &hours, &teacher])
        });
        rows.collect()
    }

    fn lessons(&self) -> Vec<Cells> {
        let mut lessons: Vec<(u8, u8, Cells)> = Vec::new();
        for (group, subject, teacher, unit) in self.taught() {
            let slots = self
                .timetable
                .units
                .get(unit)
                .map(|u| u.slots.as_slice())
                .unwrap_or_default();
            let room = format!(
                "каб. {}",
                100 + teacher.trim_start_matches("С-").parse::<u32>().unwrap_or(0)
            );
            for (day, lesson) in slots {
                let day_name = DAY_NAMES
                    .get(usize::from(*day) - 1)
                    .copied()
                    .unwrap_or_default();
                let row = cells([
                    day_name,
                    &lesson.to_string(),
                    &group,
                    &subject,
                    &teacher,
                    &room,
                ]);
                lessons.push((*day, *lesson, row));
            }
        }
        lessons.sort_by_key(|(day, lesson, _)| (*day, *lesson));
        lessons.into_iter().map(|(_, _, row)| row).collect()
    }

    fn periods(&self) -> Vec<Cells> {
        let (first, next) = (self.of.year, self.of.year + 1);
        let row = |title: &str, starts: String, ends: String, grades: &str| {
            cells([title, &starts, &ends, grades])
        };
        vec![
            row(
                "1 четверть",
                format!("01.09.{first}"),
                format!("23.10.{first}"),
                "1-9",
            ),
            row(
                "2 четверть",
                format!("02.11.{first}"),
                format!("30.12.{first}"),
                "1-9",
            ),
            row(
                "3 четверть",
                format!("11.01.{next}"),
                format!("19.03.{next}"),
                "1-9",
            ),
            row(
                "4 четверть",
                format!("29.03.{next}"),
                format!("26.05.{next}"),
                "1-9",
            ),
            row(
                "1 полугодие",
                format!("01.09.{first}"),
                format!("30.12.{first}"),
                "10-11",
            ),
            row(
                "2 полугодие",
                format!("11.01.{next}"),
                format!("26.05.{next}"),
                "10-11",
            ),
        ]
    }

    fn days_off(&self) -> Vec<Cells> {
        vec![
            cells([
                &format!("04.11.{}", self.of.year),
                "День народного единства",
            ]),
            cells([
                &format!("23.02.{}", self.of.year + 1),
                "День защитника Отечества",
            ]),
            cells([
                &format!("08.03.{}", self.of.year + 1),
                "Международный женский день",
            ]),
        ]
    }
}
