//! users, roles, demographics: «Сотрудники» and «Ученики».

use std::collections::{BTreeMap, HashMap};

use super::File;
use super::classes::Classes;
use super::enrollments::Taken;
use super::report::{Fault, Place, Report};
use super::roles::Roles;
use super::tables::{Found, Line, Tables};
use crate::domain::school_import::col::{pupils as of_pupils, staff as of_staff};
use crate::domain::school_import::value::{Sex, Value};
use crate::domain::school_import::{RowRef, SheetKind};

const POST_BY_ROLE: Fault = Fault {
    rule: "POST_ASSUMED",
    message: "Должность взята по роли: в OneRoster должностей нет",
    hint: "Добавьте столбец metadata.post или исправьте должность после загрузки",
};
const BAD_BIRTH_DATE: Fault = Fault {
    rule: "BAD_DATE",
    message: "Дата не в виде ГГГГ-ММ-ДД",
    hint: "Запишите дату рождения по ISO 8601: 2015-05-12",
};
const GRADE_DIFFERS: Fault = Fault {
    rule: "GRADE_MISMATCH",
    message: "Параллель ученика не та, что у класса",
    hint: "Проверьте grades ученика и его зачисление",
};

/// Codes by user.
pub(super) type Codes = HashMap<String, String>;

fn name<'a>(line: &Line<'a>, columns: [usize; 3]) -> [Place<'a>; 3] {
    let [surname, given, patronymic] = columns;
    [
        (surname, "familyName"),
        (given, "givenName"),
        (patronymic, "middleName"),
    ]
    .map(|(column, name)| Place::of(column, line, name, line.get(name)))
}

/// A telephone, whichever of its columns has one.
pub(super) fn phone<'a>(line: &Line<'a>) -> (&'static str, &'a str) {
    match line.get("phone") {
        "" => ("sms", line.get("sms")),
        phone => ("phone", phone),
    }
}

pub(super) fn staff(tables: &Tables<'_>, roles: &Roles, report: &mut Report) -> Codes {
    let mut codes = Codes::new();
    for line in tables.lines(File::Users) {
        let Some(by_role) = roles.post(line.id()) else {
            continue;
        };
        let at = RowRef {
            sheet: SheetKind::Staff,
            row: line.number,
        };
        let code = format!("С-{:03}", codes.len() + 1);
        let post = match line.get("metadata.post") {
            "" => by_role,
            post => post,
        };
        let (phone_column, phone) = phone(&line);
        let [surname, given, patronymic] = name(
            &line,
            [of_staff::SURNAME, of_staff::GIVEN, of_staff::PATRONYMIC],
        );
        let cells = vec![
            Place {
                column: of_staff::CODE,
                value: &code,
                from: line.origin("sourcedId"),
            },
            surname,
            given,
            patronymic,
            Place::of(of_staff::POST, &line, "metadata.post", post),
            Place::of(of_staff::PHONE, &line, phone_column, phone),
            Place::of(of_staff::EMAIL, &line, "email", line.get("email")),
        ];
        report.row(at, &line, cells);
        if line.get("metadata.post").is_empty() {
            report.tell(&line, "metadata.post", POST_BY_ROLE);
        }
        codes.insert(line.id().to_owned(), code);
    }
    codes
}

/// A pupil whose row is in the book.
pub(super) struct Pupil<'t> {
    pub line: Line<'t>,
    pub code: String,
    /// Id of the homeroom.
    pub homeroom: Option<String>,
}

/// Pupils by their ids, in the order of the file.
#[derive(Default)]
pub(super) struct Pupils<'t> {
    pub by_id: HashMap<String, usize>,
    pub list: Vec<Pupil<'t>>,
}

impl Pupils<'_> {
    pub(super) fn get(&self, id: &str) -> Option<&Pupil<'_>> {
        self.list.get(*self.by_id.get(id)?)
    }
}

pub(super) fn pupils<'t>(
    tables: &'t Tables<'_>,
    (roles, classes, taken): (&Roles, &Classes<'t>, &Taken<'t>),
    report: &mut Report,
) -> Pupils<'t> {
    let mut pupils = Pupils::default();
    let students = tables
        .lines(File::Users)
        .filter(|line| roles.is_student(line.id()));
    for line in students {
        let at = RowRef {
            sheet: SheetKind::Pupils,
            row: line.number,
        };
        let code = format!("У-{:04}", pupils.list.len() + 1);
        let home = taken.homes.get(line.id());
        let class = home.and_then(|home| classes.homeroom(home.get("classSourcedId")));
        let known = match tables.find(File::Demographics, line.id()) {
            Found::Line(known) => Some(known),
            Found::LeftOut | Found::Nothing => None,
        };
        let born = known.map(|known| match known.date("birthDate") {
            Some(Some(day)) => day.canonical(),
            _ => known.get("birthDate").to_owned(),
        });
        let sex = known.map_or("", |known| sex(known.get("sex")));
        let mut cells = cells(&line, &code, (home, class.map(|class| class.name.as_str())));
        cells.push(of_demographics(&line, known, of_pupils::SEX, "sex", sex));
        let born = born.unwrap_or_default();
        cells.push(of_demographics(
            &line,
            known,
            of_pupils::BIRTH,
            "birthDate",
            &born,
        ));
        report.row(at, &line, cells);
        if let Some(known) = known
            && known.date("birthDate").is_none()
        {
            report.refuse(at, &known, "birthDate", BAD_BIRTH_DATE);
        }
        let grade = line
            .list("grades")
            .first()
            .and_then(|grade| grade.parse::<u8>().ok());
        if grade
            .zip(class.and_then(|class| class.grade))
            .is_some_and(|(own, of)| own != of)
        {
            report.warn_row(at, &line, "grades", GRADE_DIFFERS);
        }
        pupils.by_id.insert(line.id().to_owned(), pupils.list.len());
        pupils.list.push(Pupil {
            line,
            code,
            homeroom: class.map(|class| class.line.id().to_owned()),
        });
    }
    pupils
}

fn cells<'a>(
    line: &Line<'a>,
    code: &'a str,
    (home, class): (Option<&Line<'a>>, Option<&'a str>),
) -> Vec<Place<'a>> {
    let [surname, given, patronymic] = name(
        line,
        [of_pupils::SURNAME, of_pupils::GIVEN, of_pupils::PATRONYMIC],
    );
    let mut origin = home.map_or_else(|| line.origin(""), |home| home.origin("classSourcedId"));
    if home.is_none() {
        origin.file = File::Enrollments.name();
        origin.line = 0;
        origin.column = "classSourcedId".to_owned();
        origin.to_add = format!(
            "Добавьте в enrollments.csv зачисление (role student) в класс вида homeroom: users.csv, строка {}",
            line.number
        );
    }
    vec![
        Place {
            column: of_pupils::CODE,
            value: code,
            from: line.origin("sourcedId"),
        },
        surname,
        given,
        patronymic,
        Place {
            column: of_pupils::CLASS,
            value: class.unwrap_or_default(),
            from: origin,
        },
        Place::of(
            of_pupils::FORM,
            line,
            "metadata.educationForm",
            line.get("metadata.educationForm"),
        ),
    ]
}

/// A cell of demographics, with what to add where the pupil has none.
fn of_demographics<'a>(
    line: &Line<'a>,
    known: Option<Line<'a>>,
    column: usize,
    name: &str,
    value: &'a str,
) -> Place<'a> {
    let hint = format!(
        "Добавьте в demographics.csv {name} для sourcedId из users.csv, строка {}",
        line.number
    );
    let mut place = Place::of(column, &known.unwrap_or(*line), name, value).or_add(hint);
    if known.is_none() {
        place.from.file = File::Demographics.name();
        place.from.line = 0;
    }
    place
}

/// The word of the form; what is none stays as it is.
fn sex(word: &str) -> &str {
    match word.to_lowercase().as_str() {
        "male" => Sex::Male.word(),
        "female" => Sex::Female.word(),
        _ => word,
    }
}

/// The sex of somebody, where the package tells it.
pub(super) fn sex_of(tables: &Tables<'_>, user: &str) -> Option<Sex> {
    match tables.find(File::Demographics, user) {
        Found::Line(line) => Sex::parse(sex(line.get("sex"))).ok(),
        Found::LeftOut | Found::Nothing => None,
    }
}

/// Lines of guardians, by id.
pub(super) fn guardians<'t>(tables: &'t Tables<'_>, roles: &Roles) -> BTreeMap<u32, Line<'t>> {
    let lines = tables
        .lines(File::Users)
        .filter(|line| roles.tie(line.id()).is_some());
    lines.map(|line| (line.number, line)).collect()
}
