//! orgs and academicSessions: «Школа» and «Учебные периоды».

use jiff::civil::Date;

use super::File;
use super::report::{Fault, Place, Report};
use super::tables::{Found, Line, Tables};
use crate::domain::school_import::col::periods;
use crate::domain::school_import::value::Value;
use crate::domain::school_import::{RowRef, SheetKind};
use crate::domain::text::search_key;

/// The school and its year, as far as the package names them.
#[derive(Default)]
pub(super) struct School {
    /// Id of the school.
    pub school: Option<String>,
    /// First and last day of the year.
    pub year: Option<(Date, Date)>,
}

const NOT_ONE_SCHOOL: Fault = Fault {
    rule: "SCHOOL_NOT_ONE",
    message: "В orgs.csv должна быть ровно одна организация вида school",
    hint: "Оставьте в пакете одну школу: каждая загружается своим пакетом",
};
const ORG_LEFT_OUT: Fault = Fault {
    rule: "ORG_LEFT_OUT",
    message: "Организация не загружается: загружаются школа и её муниципалитет",
    hint: "",
};
const NO_MUNICIPALITY: Fault = Fault {
    rule: "MUNICIPALITY_MISSING",
    message: "Не сказано, в каком муниципалитете школа",
    hint: "Добавьте в orgs.csv организацию вида district и укажите её в parentSourcedId школы",
};
const UNKNOWN_PARENT: Fault = Fault {
    rule: "UNKNOWN_REFERENCE",
    message: "Строки с таким sourcedId в пакете нет",
    hint: "Проверьте ссылку parentSourcedId",
};
const DEFAULT_WEEK: Fault = Fault {
    rule: "STUDY_WEEK_ASSUMED",
    message: "OneRoster не говорит об учебной неделе: взята пятидневная",
    hint: "Добавьте столбец metadata.studyWeekDays (5 или 6)",
};
const NOT_ONE_YEAR: Fault = Fault {
    rule: "SCHOOL_YEAR_NOT_ONE",
    message: "В academicSessions.csv должен быть ровно один учебный год (type schoolYear)",
    hint: "Оставьте учебный год, в котором школа начнёт работать",
};
const BAD_DATE: Fault = Fault {
    rule: "BAD_DATE",
    message: "Дата не в виде ГГГГ-ММ-ДД",
    hint: "Запишите дату по ISO 8601: 2026-09-01",
};
const BAD_TYPE: Fault = Fault {
    rule: "BAD_CHOICE",
    message: "Такого вида нет",
    hint: "Одно из: schoolYear, semester, term, gradingPeriod",
};
const GRADES_ASSUMED: Fault = Fault {
    rule: "GRADES_ASSUMED",
    message: "Параллели взяты по виду периода: четверти и триместры 1–9, полугодия 10–11",
    hint: "Добавьте столбец metadata.grades, например 1-9",
};

/// Zone of the region.
const ZONE: &str = "Europe/Simferopol";

pub(super) fn read(tables: &Tables<'_>, report: &mut Report) -> School {
    for (sheet, file) in [
        (SheetKind::School, File::Orgs),
        (SheetKind::Staff, File::Users),
        (SheetKind::Classes, File::Classes),
        (SheetKind::Pupils, File::Users),
        (SheetKind::Guardians, File::Users),
        (SheetKind::Groups, File::Classes),
        (SheetKind::Periods, File::AcademicSessions),
    ] {
        report.sheet(sheet, file);
    }
    let year = year(tables, report);
    let school = school(tables, year.as_ref(), report);
    periods(tables, report);
    School {
        school,
        year: year.and_then(|year| year.days),
    }
}

struct Year<'a> {
    line: Line<'a>,
    /// `2026/2027`.
    name: String,
    days: Option<(Date, Date)>,
}

fn year<'t>(tables: &'t Tables<'_>, report: &mut Report) -> Option<Year<'t>> {
    if !tables.has(File::AcademicSessions) {
        return None;
    }
    let is_year = |line: &Line<'_>| line.get("type").eq_ignore_ascii_case("schoolYear");
    let mut years: Vec<Line<'_>> = tables
        .lines(File::AcademicSessions)
        .filter(is_year)
        .collect();
    let line = years.pop().filter(|_| years.is_empty());
    let Some(line) = line else {
        let count = if years.is_empty() { 0 } else { years.len() + 1 };
        report.broken(File::AcademicSessions, NOT_ONE_YEAR, &count.to_string());
        return None;
    };
    parent(tables, &line, report);
    let (from, to) = (line.date("startDate"), line.date("endDate"));
    for (column, day) in [("startDate", from), ("endDate", to)] {
        if !matches!(day, Some(Some(_))) {
            report.broken_at(&line, column, BAD_DATE);
        }
    }
    let days = from.flatten().zip(to.flatten());
    // The standard names a year by the calendar year in which it ends.
    let ends_in: Option<i16> = line.get("schoolYear").parse().ok();
    let starts_in = ends_in.map(|year| year.saturating_sub(1));
    let by_day = days.map(|(from, _)| {
        if from.month() >= 7 {
            from.year()
        } else {
            from.year() - 1
        }
    });
    let starts_in = starts_in.or(by_day);
    let name = starts_in.map(|year| format!("{year}/{}", year.saturating_add(1)));
    Some(Year {
        line,
        name: name.unwrap_or_default(),
        days,
    })
}

fn parent(tables: &Tables<'_>, line: &Line<'_>, report: &mut Report) {
    let above = line.get("parentSourcedId");
    if !above.is_empty() && matches!(tables.find(line.file, above), Found::Nothing) {
        report.warn(line, "parentSourcedId", UNKNOWN_PARENT);
    }
}

fn school(tables: &Tables<'_>, year: Option<&Year<'_>>, report: &mut Report) -> Option<String> {
    if !tables.has(File::Orgs) {
        return None;
    }
    let is_school = |line: &Line<'_>| line.get("type").eq_ignore_ascii_case("school");
    let (mut schools, others): (Vec<Line<'_>>, Vec<Line<'_>>) =
        tables.lines(File::Orgs).partition(is_school);
    let above = schools
        .first()
        .map_or("", |line| line.get("parentSourcedId"));
    let above = above.to_owned();
    for other in others {
        if other.id() != above {
            report.tell(&other, "name", ORG_LEFT_OUT);
        }
        parent(tables, &other, report);
    }
    let Some(line) = schools.pop().filter(|_| schools.is_empty()) else {
        let count = if schools.is_empty() {
            0
        } else {
            schools.len() + 1
        };
        report.broken(File::Orgs, NOT_ONE_SCHOOL, &count.to_string());
        return None;
    };
    parent(tables, &line, report);
    let municipality = match tables.find(File::Orgs, &above) {
        Found::Line(org) => org.get("name").to_owned(),
        Found::LeftOut | Found::Nothing => {
            report.broken_at(&line, "parentSourcedId", NO_MUNICIPALITY);
            String::new()
        }
    };
    let week = match line.get("metadata.studyWeekDays") {
        "" => {
            report.warn(&line, "metadata.studyWeekDays", DEFAULT_WEEK);
            "5"
        }
        days => days,
    };
    let zone = match line.get("metadata.timeZone") {
        "" => ZONE,
        zone => zone,
    };
    let year_line = year.map_or(line, |year| year.line);
    let year_name = year.map_or("", |year| &year.name);
    let fields = [
        ("Полное наименование", line.get("name"), line, "name"),
        (
            "Муниципалитет",
            municipality.as_str(),
            line,
            "parentSourcedId",
        ),
        ("Учебный год", year_name, year_line, "schoolYear"),
        ("Учебная неделя", week, line, "metadata.studyWeekDays"),
        ("Часовой пояс", zone, line, "metadata.timeZone"),
    ];
    for ((field, value, from, column), row) in fields.into_iter().zip(2u32..) {
        let at = RowRef {
            sheet: SheetKind::School,
            row,
        };
        let cells = vec![
            Place::of(0, &from, column, field),
            Place {
                column: 1,
                value,
                from: from.origin(column),
            },
        ];
        report.row(at, &from, cells);
    }
    Some(line.id().to_owned())
}

/// What the title of a period says of the grades that have it.
fn usual_grades(title: &str) -> &'static str {
    if search_key(title).contains("полугоди") {
        "10-11"
    } else {
        "1-9"
    }
}

fn periods(tables: &Tables<'_>, report: &mut Report) {
    for line in tables.lines(File::AcademicSessions) {
        let kind = line.get("type").to_lowercase();
        if kind == "schoolyear" {
            continue;
        }
        parent(tables, &line, report);
        if !["term", "semester", "gradingperiod"].contains(&kind.as_str()) {
            report.loose(&line, "type", BAD_TYPE);
            continue;
        }
        let at = RowRef {
            sheet: SheetKind::Periods,
            row: line.number,
        };
        let day = |column: &str| match line.date(column) {
            Some(Some(day)) => day.canonical(),
            _ => line.get(column).to_owned(),
        };
        let (from, to) = (day("startDate"), day("endDate"));
        let grades = match line.get("metadata.grades") {
            "" => usual_grades(line.get("title")),
            grades => grades,
        };
        let cells = vec![
            Place::of(periods::NAME, &line, "title", line.get("title")),
            Place {
                column: periods::STARTS,
                value: &from,
                from: line.origin("startDate"),
            },
            Place {
                column: periods::ENDS,
                value: &to,
                from: line.origin("endDate"),
            },
            Place {
                column: periods::GRADES,
                value: grades,
                from: line.origin("metadata.grades"),
            },
        ];
        report.row(at, &line, cells);
        for column in ["startDate", "endDate"] {
            if line.date(column).is_none() {
                report.refuse(at, &line, column, BAD_DATE);
            }
        }
        if line.get("metadata.grades").is_empty() {
            report.tell(&line, "metadata.grades", GRADES_ASSUMED);
        }
    }
}
