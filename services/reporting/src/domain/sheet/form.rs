//! The lines of sheet № 1 and № 2 in the words of order № 402 (R227-R256).

use super::documents;
use super::facts::{Facts, Of};
use super::send::{Presence, Statement};

/// Which of the two forms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Sheet № 1.
    Databases,
    /// Sheet № 2.
    Documents,
}

/// How a line gets its figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// From the facts.
    Counted,
    /// From the school.
    Stated,
}

/// Number and words of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Title {
    /// `2.1`.
    pub number: &'static str,
    /// Words of the form.
    pub text: &'static str,
}

/// What a line says by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Figure {
    /// So many of so many.
    Counted(Of),
    /// The school says the per cent.
    Stated,
    /// Whether the document was found.
    Found(bool),
    /// The school says whether there is one.
    Asked,
}

/// A line with what was counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Number and words.
    pub title: Title,
    /// Its figure.
    pub figure: Figure,
    /// What was found, in words.
    pub found: String,
}

impl Line {
    /// How it gets its figure.
    pub fn source(&self) -> Source {
        match self.figure {
            Figure::Counted(_) | Figure::Found(_) => Source::Counted,
            Figure::Stated | Figure::Asked => Source::Stated,
        }
    }

    /// Per cent with what the school says; a document that is there is 100.
    pub fn percent(&self, said: Option<&Statement>) -> u32 {
        match self.figure {
            Figure::Counted(of) => of.percent(),
            Figure::Stated => said.map_or(0, |said| said.percent),
            Figure::Found(_) | Figure::Asked => {
                if self.presence(said) == Some(Presence::Yes) {
                    100
                } else {
                    0
                }
            }
        }
    }

    /// Whether there is such a document: what the school says goes first.
    pub fn presence(&self, said: Option<&Statement>) -> Option<Presence> {
        let found = match self.figure {
            Figure::Counted(_) | Figure::Stated => return None,
            Figure::Found(true) => Some(Presence::Yes),
            Figure::Found(false) => Some(Presence::No),
            Figure::Asked => None,
        };
        said.and_then(|said| said.presence).or(found)
    }
}

type Count = fn(&Facts) -> Of;

/// Sheet № 1; a line without a count is stated.
const DATABASES: &[(&str, &str, Option<Count>)] = &[
    (
        "1",
        "Техническое оснащение ОО (количество ТС/количество педагогов·100 %)",
        Some(|f| f.devices),
    ),
    (
        "2.1",
        "Введены основные данные: список сотрудников",
        Some(|f| f.staff.of_some()),
    ),
    (
        "2.2",
        "Введены основные данные: учителя, классные руководители",
        Some(|f| f.class_teachers.of_some()),
    ),
    (
        "2.3",
        "Введены основные данные: обучающиеся",
        Some(|f| f.pupils.of_some()),
    ),
    (
        "2.4",
        "Введены основные данные: родители",
        Some(|f| f.guardians.of_some()),
    ),
    ("3.1", "Календарь учебного года", Some(|f| f.calendar)),
    (
        "3.2",
        "Календарь учебного года разделён на четверти и полугодия",
        Some(|f| f.periods.of_some()),
    ),
    (
        "3.3",
        "Учтены праздничные и выходные дни",
        Some(|f| f.days_off),
    ),
    (
        "4.1",
        "Нагрузка учителей: создана учебная нагрузка",
        Some(|f| f.loads.of_some()),
    ),
    (
        "4.2",
        "Нагрузка учителей: возможность изменения нагрузки в течение года",
        None,
    ),
    (
        "5",
        "Все ученики загружены в классы, внесены личные данные, отредактированы ошибки",
        Some(|f| f.cards.of_some()),
    ),
    (
        "6",
        "Созданы классы, все настройки классов учтены",
        Some(|f| f.classes.of_some()),
    ),
    (
        "7",
        "Классы разделены на группы, каждой группе назначены учителя",
        Some(|f| f.groups.of_some()),
    ),
    (
        "8",
        "Работа с книгой приказов (отчисление, зачисление, перевод из класса в класс)",
        Some(|f| f.orders.of_some()),
    ),
    (
        "9.1",
        "Расписание: создано учительское расписание",
        Some(|f| f.teacher_timetables.of_some()),
    ),
    (
        "9.2",
        "Расписание: создано расписание по классам",
        Some(|f| f.class_timetables.of_some()),
    ),
    (
        "10.1",
        "Проводится копирование и изменение расписания",
        None,
    ),
    ("10.2", "Создаётся двухнедельное расписание", None),
    (
        "11",
        "Расписание надомного и семейного обучения",
        Some(|f| f.home_timetables),
    ),
    (
        "12",
        "Работа с детьми на надомном обучении (при необходимости)",
        Some(|f| f.home_pupils),
    ),
    ("13", "Расписание звонков", Some(|f| f.bells.of_some())),
    (
        "14.1",
        "Получили пригласительные коды и зарегистрировались: сотрудники",
        Some(|f| f.staff_accounts.of_some()),
    ),
    (
        "14.2",
        "Получили пригласительные коды и зарегистрировались: обучающиеся",
        Some(|f| f.pupil_accounts.of_some()),
    ),
    (
        "14.3",
        "Получили пригласительные коды и зарегистрировались: родители",
        Some(|f| f.guardian_accounts.of_some()),
    ),
    ("15", ACCESS_TITLE, None),
    ("16", "Внесение КТП", Some(|f| f.lesson_plans.of_some())),
    (
        "17",
        "Уровень ИКТ-компетентности педагогов",
        Some(|f| f.questionnaires.of_some()),
    ),
    (
        "18",
        "Организация обучения сотрудников по использованию журнала",
        Some(|f| f.trainings.of_some()),
    ),
    (
        "19",
        "Есть ли необходимость в повышении квалификации сотрудников (согласно плану курсовой подготовки)",
        Some(|f| f.courses.of_some()),
    ),
];

const ACCESS_TITLE: &str = "Организован доступ сотрудников к компьютерам (описать, где педагоги осуществляют заполнение журнала)";

/// The line that the school describes in words.
pub(super) const ACCESS: &str = "15";

/// Number and words of all lines of a form.
#[cfg(test)]
pub fn titles(kind: Kind) -> Vec<Title> {
    match kind {
        Kind::Databases => DATABASES
            .iter()
            .map(|(number, text, _)| Title { number, text })
            .collect(),
        Kind::Documents => documents::TITLES.to_vec(),
    }
}

/// The lines of a form with what is counted for them.
pub fn lines(kind: Kind, facts: &Facts) -> Vec<Line> {
    match kind {
        Kind::Documents => documents::lines(facts),
        Kind::Databases => DATABASES
            .iter()
            .map(|(number, text, count)| Line {
                title: Title { number, text },
                figure: count.map_or(Figure::Stated, |count| Figure::Counted(count(facts))),
                found: found(number, facts),
            })
            .collect(),
    }
}

/// What a line of sheet № 1 says beside its figure.
fn found(number: &str, facts: &Facts) -> String {
    let issued = |at: usize| format!("Коды получили: {}", facts.issued[at]);
    match number {
        "11" | "12" if facts.home_pupils.needed == 0 => "На дому никто не обучается".to_owned(),
        "14.1" => issued(0),
        "14.2" => issued(1),
        "14.3" => issued(2),
        ACCESS => {
            let points = facts.access_points.iter();
            let points: Vec<String> = points
                .map(|point| format!("{} — {}", point.place, point.devices))
                .collect();
            points.join("; ")
        }
        "19" => match facts.courses.needed.saturating_sub(facts.courses.have) {
            0 => "Необходимости нет".to_owned(),
            without => format!("Курсы нужны, педагогов: {without}"),
        },
        _ => String::new(),
    }
}
