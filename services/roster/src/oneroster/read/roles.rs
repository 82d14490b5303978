//! roles: who is what in the school.

use std::collections::HashMap;

use super::File;
use super::report::{Fault, Report};
use super::tables::{Found, Tables};

/// What a role makes of a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// On the staff, with the post that the role says.
    Staff(&'static str),
    Student,
    Guardian(Tie),
}

/// What a role of a guardian says of the relation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tie {
    Parent,
    Guardian,
    Relative,
}

impl Role {
    fn of(word: &str) -> Option<Self> {
        Some(match word.to_lowercase().as_str() {
            "student" => Self::Student,
            "parent" => Self::Guardian(Tie::Parent),
            "guardian" => Self::Guardian(Tie::Guardian),
            "relative" => Self::Guardian(Tie::Relative),
            "teacher" => Self::Staff("Учитель"),
            "principal" => Self::Staff("Директор"),
            "counselor" => Self::Staff("Педагог-психолог"),
            "aide" | "proctor" => Self::Staff("Помощник учителя"),
            // The right to administer the journal is given by people, not by a file.
            "siteadministrator" | "districtadministrator" | "systemadministrator" => {
                Self::Staff("Администратор школы")
            }
            _ => return None,
        })
    }
}

/// Roles in the school by user.
#[derive(Default)]
pub(super) struct Roles {
    by_user: HashMap<String, Vec<Role>>,
}

impl Roles {
    fn of(&self, user: &str) -> &[Role] {
        self.by_user.get(user).map_or(&[], Vec::as_slice)
    }

    pub(super) fn is_student(&self, user: &str) -> bool {
        self.of(user).contains(&Role::Student)
    }

    pub(super) fn is_staff(&self, user: &str) -> bool {
        self.post(user).is_some()
    }

    /// The post that a role says.
    pub(super) fn post(&self, user: &str) -> Option<&'static str> {
        self.of(user).iter().find_map(|role| match role {
            Role::Staff(post) => Some(*post),
            _ => None,
        })
    }

    pub(super) fn tie(&self, user: &str) -> Option<Tie> {
        self.of(user).iter().find_map(|role| match role {
            Role::Guardian(tie) => Some(*tie),
            _ => None,
        })
    }
}

const UNKNOWN_USER: Fault = Fault {
    rule: "UNKNOWN_REFERENCE",
    message: "Строки с таким sourcedId нет в users.csv",
    hint: "Добавьте человека в users.csv или уберите эту строку",
};
const USER_LEFT_OUT: Fault = Fault {
    rule: "REFERS_TO_LEFT_OUT",
    message: "Ссылается на строку, которая не загружается",
    hint: "",
};
const UNKNOWN_ORG: Fault = Fault {
    rule: "UNKNOWN_REFERENCE",
    message: "Строки с таким sourcedId нет в orgs.csv",
    hint: "Укажите sourcedId школы",
};
const OTHER_ORG: Fault = Fault {
    rule: "OTHER_ORG",
    message: "Роль в другой организации, она не загружается",
    hint: "",
};
const BAD_ROLE: Fault = Fault {
    rule: "BAD_CHOICE",
    message: "Такой роли в OneRoster 1.2 нет",
    hint: "Например: teacher, student, parent, guardian, principal, aide",
};
const WITHOUT_ROLE: Fault = Fault {
    rule: "USER_WITHOUT_ROLE",
    message: "У человека нет роли в этой школе, он не загружается",
    hint: "Добавьте строку в roles.csv",
};
/// Who is what in the school.
pub(super) fn read(tables: &Tables<'_>, school: Option<&str>, report: &mut Report) -> Roles {
    let mut roles = Roles::default();
    for line in tables.lines(File::Roles) {
        let user = line.get("userSourcedId");
        match tables.find(File::Users, user) {
            Found::Line(_) => {}
            Found::LeftOut => {
                report.tell(&line, "userSourcedId", USER_LEFT_OUT);
                continue;
            }
            Found::Nothing => {
                report.loose(&line, "userSourcedId", UNKNOWN_USER);
                continue;
            }
        }
        let org = line.get("orgSourcedId");
        if school.is_some_and(|school| school != org) {
            if matches!(tables.find(File::Orgs, org), Found::Nothing) {
                report.loose(&line, "orgSourcedId", UNKNOWN_ORG);
            } else {
                report.tell(&line, "orgSourcedId", OTHER_ORG);
            }
            continue;
        }
        match Role::of(line.get("role")) {
            Some(role) => roles.by_user.entry(user.to_owned()).or_default().push(role),
            None => report.loose(&line, "role", BAD_ROLE),
        }
    }
    for line in tables.lines(File::Users) {
        if roles.of(line.id()).is_empty() && tables.has(File::Roles) {
            report.warn(&line, "sourcedId", WITHOUT_ROLE);
        }
    }
    roles
}
