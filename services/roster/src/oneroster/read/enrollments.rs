//! enrollments: who is in which class, once each line is sound.

use std::collections::HashMap;

use super::File;
use super::classes::Classes;
use super::places::School;
use super::report::{Fault, Report};
use super::roles::Roles;
use super::tables::{Found, Line, Tables};

/// Lines that are taken, by what they do.
#[derive(Default)]
pub(super) struct Taken<'t> {
    /// The homeroom of each pupil.
    pub homes: HashMap<String, Line<'t>>,
    /// The teacher of each homeroom.
    pub teachers: HashMap<String, Line<'t>>,
    /// Pupils of each group, in the order of the file.
    pub members: HashMap<String, Vec<Line<'t>>>,
}

const UNKNOWN_CLASS: Fault = Fault {
    rule: "UNKNOWN_REFERENCE",
    message: "Строки с таким sourcedId нет в classes.csv",
    hint: "Добавьте класс в classes.csv или уберите зачисление",
};
const UNKNOWN_USER: Fault = Fault {
    rule: "UNKNOWN_REFERENCE",
    message: "Строки с таким sourcedId нет в users.csv",
    hint: "Добавьте человека в users.csv или уберите зачисление",
};
const LEFT_OUT: Fault = Fault {
    rule: "REFERS_TO_LEFT_OUT",
    message: "Ссылается на строку, которая не загружается",
    hint: "",
};
const BAD_DATE: Fault = Fault {
    rule: "BAD_DATE",
    message: "Дата не в виде ГГГГ-ММ-ДД",
    hint: "Запишите дату по ISO 8601: 2026-09-01",
};
const ENDED: Fault = Fault {
    rule: "ENROLLMENT_ENDED",
    message: "Зачисление кончается раньше учебного года, оно не загружается",
    hint: "",
};
const NOT_STUDENT: Fault = Fault {
    rule: "ROLE_MISMATCH",
    message: "Зачислен как student, а роли student в этой школе у человека нет",
    hint: "Исправьте role здесь или добавьте роль в roles.csv",
};
const NOT_STAFF: Fault = Fault {
    rule: "ROLE_MISMATCH",
    message: "Записан как работник, а такой роли в этой школе у человека нет",
    hint: "Исправьте role здесь или добавьте роль в roles.csv",
};
const BAD_ROLE: Fault = Fault {
    rule: "BAD_CHOICE",
    message: "Такой роли у зачисления нет",
    hint: "Одно из: student, teacher, administrator, proctor",
};
const TWO_HOMEROOMS: Fault = Fault {
    rule: "TWO_HOMEROOMS",
    message: "Ученик уже зачислен в другой класс вида homeroom",
    hint: "Оставьте одно зачисление в класс, остальные — в группы вида scheduled",
};
const LOAD_NOT_TAKEN: Fault = Fault {
    rule: "LOAD_NOT_TAKEN",
    message: "Кто ведёт группу, не загружается: часов нагрузки в OneRoster нет",
    hint: "",
};

pub(super) fn read<'t>(
    tables: &'t Tables<'_>,
    (school, roles, classes): (&School, &Roles, &Classes<'t>),
    report: &mut Report,
) -> Taken<'t> {
    let mut taken = Taken::default();
    for line in tables.lines(File::Enrollments) {
        if !refers_well(tables, classes, &line, report) || !lasts(school, &line, report) {
            continue;
        }
        let (user, class) = (line.get("userSourcedId"), line.get("classSourcedId"));
        let is_home = classes.homeroom(class).is_some();
        match line.get("role").to_lowercase().as_str() {
            "student" if !roles.is_student(user) => report.loose(&line, "role", NOT_STUDENT),
            "student" if is_home => {
                let known = taken.homes.get(user);
                if known.is_some_and(|known| known.get("classSourcedId") != class) {
                    report.loose(&line, "classSourcedId", TWO_HOMEROOMS);
                } else {
                    taken.homes.insert(user.to_owned(), line);
                }
            }
            "student" => {
                let members = taken.members.entry(class.to_owned()).or_default();
                if !members
                    .iter()
                    .any(|known| known.get("userSourcedId") == user)
                {
                    members.push(line);
                }
            }
            "teacher" | "administrator" | "proctor" if !roles.is_staff(user) => {
                report.loose(&line, "role", NOT_STAFF);
            }
            "teacher" if is_home => {
                let primary = line.get("primary").eq_ignore_ascii_case("true");
                if primary || !taken.teachers.contains_key(class) {
                    taken.teachers.insert(class.to_owned(), line);
                }
            }
            "teacher" | "administrator" | "proctor" => {
                report.tell(&line, "role", LOAD_NOT_TAKEN);
            }
            _ => report.loose(&line, "role", BAD_ROLE),
        }
    }
    taken
}

fn refers_well(
    tables: &Tables<'_>,
    classes: &Classes<'_>,
    line: &Line<'_>,
    report: &mut Report,
) -> bool {
    let (class, user) = (line.get("classSourcedId"), line.get("userSourcedId"));
    let mut well = true;
    for (column, found, unknown) in [
        (
            "classSourcedId",
            tables.find(File::Classes, class),
            UNKNOWN_CLASS,
        ),
        (
            "userSourcedId",
            tables.find(File::Users, user),
            UNKNOWN_USER,
        ),
    ] {
        match found {
            Found::Line(_) if column == "userSourcedId" || classes.is_taken(class) => continue,
            Found::Line(_) | Found::LeftOut => report.tell(line, column, LEFT_OUT),
            Found::Nothing => report.loose(line, column, unknown),
        }
        well = false;
    }
    well
}

/// Whether the enrollment is good to the end of the year.
fn lasts(school: &School, line: &Line<'_>, report: &mut Report) -> bool {
    for column in ["beginDate", "endDate"] {
        if line.date(column).is_none() {
            report.loose(line, column, BAD_DATE);
            return false;
        }
    }
    let ended = line.date("endDate").flatten().zip(school.year);
    // Lessons end in May: whoever stays until then stays.
    let is_over = ended.is_some_and(|(last, (from, to))| {
        let months = i32::from(to.month()) + 12 * i32::from(to.year());
        let own = i32::from(last.month()) + 12 * i32::from(last.year());
        last < from || own < months - 3
    });
    if is_over {
        report.tell(line, "endDate", ENDED);
    }
    !is_over
}
