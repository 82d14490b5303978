//! classes: «Классы» of homerooms, «Группы» of what is scheduled.

use std::collections::{BTreeSet, HashMap};

use super::File;
use super::enrollments::Taken;
use super::people::{Codes, Pupils};
use super::places::School;
use super::report::{Fault, Place, Report};
use super::tables::{Found, Line, Tables};
use crate::domain::school_import::col::{classes as of_classes, groups as of_groups};
use crate::domain::school_import::value::{ClassName, GroupName, GroupWord, Part, Value};
use crate::domain::school_import::{RowRef, SheetKind};

/// A homeroom.
pub(super) struct Homeroom<'t> {
    pub line: Line<'t>,
    /// `5-А`, or the title as it is.
    pub name: String,
    pub grade: Option<u8>,
}

/// Classes of the school that are taken.
#[derive(Default)]
pub(super) struct Classes<'t> {
    homerooms: Vec<Homeroom<'t>>,
    scheduled: Vec<Line<'t>>,
    by_id: HashMap<String, Option<usize>>,
}

impl<'t> Classes<'t> {
    pub(super) fn homeroom(&self, id: &str) -> Option<&Homeroom<'t>> {
        self.homerooms.get((*self.by_id.get(id)?)?)
    }

    pub(super) fn is_taken(&self, id: &str) -> bool {
        self.by_id.contains_key(id)
    }
}

const BAD_TYPE: Fault = Fault {
    rule: "BAD_CHOICE",
    message: "Такого вида класса нет",
    hint: "Одно из: homeroom (класс), scheduled (группа)",
};
const UNKNOWN_SCHOOL: Fault = Fault {
    rule: "UNKNOWN_REFERENCE",
    message: "Строки с таким sourcedId нет в orgs.csv",
    hint: "Укажите sourcedId школы",
};
const OTHER_SCHOOL: Fault = Fault {
    rule: "OTHER_ORG",
    message: "Класс другой организации, он не загружается",
    hint: "",
};
const UNKNOWN_COURSE: Fault = Fault {
    rule: "UNKNOWN_REFERENCE",
    message: "Строки с таким sourcedId нет в courses.csv",
    hint: "Курсы не загружаются, ссылку можно оставить",
};
const UNKNOWN_TERM: Fault = Fault {
    rule: "UNKNOWN_REFERENCE",
    message: "Такого периода нет в academicSessions.csv",
    hint: "Проверьте termSourcedIds",
};

pub(super) fn read<'t>(
    tables: &'t Tables<'_>,
    school: &School,
    report: &mut Report,
) -> Classes<'t> {
    let mut classes = Classes::default();
    for line in tables.lines(File::Classes) {
        let of = line.get("schoolSourcedId");
        if school.school.as_ref().is_some_and(|school| school != of) {
            if matches!(tables.find(File::Orgs, of), Found::Nothing) {
                report.loose(&line, "schoolSourcedId", UNKNOWN_SCHOOL);
            } else {
                report.tell(&line, "schoolSourcedId", OTHER_SCHOOL);
            }
            continue;
        }
        refers(tables, &line, report);
        match line.get("classType").to_lowercase().as_str() {
            "homeroom" => {
                let (name, grade) = named(&line);
                classes
                    .by_id
                    .insert(line.id().to_owned(), Some(classes.homerooms.len()));
                classes.homerooms.push(Homeroom { line, name, grade });
            }
            "scheduled" => {
                classes.by_id.insert(line.id().to_owned(), None);
                classes.scheduled.push(line);
            }
            _ => report.loose(&line, "classType", BAD_TYPE),
        }
    }
    classes
}

fn refers(tables: &Tables<'_>, line: &Line<'_>, report: &mut Report) {
    let course = line.get("courseSourcedId");
    let unknown =
        |file, id: &str| !id.is_empty() && matches!(tables.find(file, id), Found::Nothing);
    if tables.has(File::Courses) && unknown(File::Courses, course) {
        report.warn(line, "courseSourcedId", UNKNOWN_COURSE);
    }
    let terms = line.list("termSourcedIds");
    if terms
        .iter()
        .any(|term| unknown(File::AcademicSessions, term))
    {
        report.warn(line, "termSourcedIds", UNKNOWN_TERM);
    }
}

/// The only grade of a cell of grades.
fn grade_of(line: &Line<'_>) -> Option<u8> {
    match line.list("grades").as_slice() {
        [one] => one.parse().ok(),
        _ => None,
    }
}

/// The class that a homeroom is: by its title, or by its grade and a title that is a letter.
fn named(line: &Line<'_>) -> (String, Option<u8>) {
    let (title, grade) = (line.get("title"), grade_of(line));
    let by_title = ClassName::parse(title);
    let with_grade = || ClassName::parse(&format!("{}-{title}", grade?)).ok();
    match by_title.ok().or_else(with_grade) {
        Some(name) => (name.to_string(), Some(name.grade())),
        None => (title.to_owned(), grade),
    }
}

/// «Классы», once the teachers have codes.
pub(super) fn homerooms(
    classes: &Classes<'_>,
    taken: &Taken<'_>,
    staff: &Codes,
    report: &mut Report,
) {
    for class in &classes.homerooms {
        let line = class.line;
        let at = RowRef {
            sheet: SheetKind::Classes,
            row: line.number,
        };
        let teacher = taken.teachers.get(line.id());
        let code = teacher.and_then(|it| staff.get(it.get("userSourcedId")));
        let grade = grade_of(&line)
            .map(|grade| grade.to_string())
            .unwrap_or_default();
        let from = teacher.map_or_else(|| line.origin("title"), |it| it.origin("userSourcedId"));
        let cells = vec![
            Place::of(of_classes::NAME, &line, "title", &class.name),
            Place {
                column: of_classes::GRADE,
                value: &grade,
                from: line.origin("grades"),
            },
            Place {
                column: of_classes::TEACHER,
                value: code.map_or("", String::as_str),
                from,
            },
            Place::of(
                of_classes::SHIFT,
                &line,
                "metadata.shift",
                line.get("metadata.shift"),
            ),
        ];
        report.row(at, &line, cells);
    }
}

/// «Группы»: a row per pupil, and one for a group without pupils.
pub(super) fn groups(
    classes: &Classes<'_>,
    taken: &Taken<'_>,
    pupils: &Pupils<'_>,
    report: &mut Report,
) {
    let mut row = 1;
    for line in &classes.scheduled {
        let empty = Vec::new();
        let members = taken.members.get(line.id()).unwrap_or(&empty);
        let known = members.iter().filter_map(|one| {
            let pupil = pupils.get(one.get("userSourcedId"))?;
            Some((*one, pupil.code.as_str()))
        });
        let known: Vec<(Line<'_>, &str)> = known.collect();
        let group = described(line, (classes, pupils), members);
        let rows = if known.is_empty() {
            vec![(*line, "")]
        } else {
            known
        };
        for (from, code) in rows {
            row += 1;
            let at = RowRef {
                sheet: SheetKind::Groups,
                row,
            };
            let mut cells = group.cells(line);
            cells.push(Place {
                column: of_groups::PUPIL,
                value: code,
                from: from.origin("userSourcedId"),
            });
            report.row(at, &from, cells);
        }
    }
}

/// What the form says of a group.
struct Described<'a> {
    title: &'a str,
    kind: &'a str,
    class: String,
    grade: String,
}

impl<'a> Described<'a> {
    fn cells(&'a self, line: &Line<'a>) -> Vec<Place<'a>> {
        vec![
            Place::of(of_groups::TITLE, line, "title", self.title),
            Place::of(of_groups::KIND, line, "metadata.kind", self.kind),
            Place::of(
                of_groups::CLASS,
                line,
                "metadata.homeroomSourcedId",
                &self.class,
            ),
            Place::of(of_groups::GRADE, line, "grades", &self.grade),
            Place::of(
                of_groups::SHIFT,
                line,
                "metadata.shift",
                line.get("metadata.shift"),
            ),
            Place::of(
                of_groups::MARKS,
                line,
                "metadata.marks",
                line.get("metadata.marks"),
            ),
        ]
    }
}

fn described<'a>(
    line: &Line<'a>,
    (classes, pupils): (&Classes<'_>, &Pupils<'_>),
    members: &[Line<'_>],
) -> Described<'a> {
    let title = line.get("title");
    let homes: BTreeSet<&str> = members
        .iter()
        .filter_map(|one| pupils.get(one.get("userSourcedId"))?.homeroom.as_deref())
        .collect();
    let only_home = homes.first().copied().filter(|_| homes.len() == 1);
    let kind = line.get("metadata.kind");
    let said = line.get("metadata.homeroomSourcedId");
    // A package of ours says it of every group: none named means several.
    let home = match (said, kind) {
        ("", "") => only_home,
        ("", _) => None,
        (id, _) => Some(id),
    };
    let by_title = GroupName::parse(title).ok();
    let by_title = by_title.filter(|name| matches!(name.part, Part::Subgroup { .. }));
    let class = home
        .and_then(|id| classes.homeroom(id))
        .map(|home| home.name.clone());
    let class = class.or_else(|| by_title.as_ref().map(|name| name.class.to_string()));
    let of_class = class.is_some();
    let usual = if of_class {
        GroupWord::Subgroup
    } else {
        GroupWord::Elective
    };
    let grades = line.list("grades");
    let grade = grades.first().and_then(|grade| grade.parse::<u8>().ok());
    Described {
        title,
        kind: if kind.is_empty() { usual.word() } else { kind },
        class: class.unwrap_or_default(),
        grade: grade
            .filter(|_| !of_class)
            .map(|grade| grade.to_string())
            .unwrap_or_default(),
    }
}
