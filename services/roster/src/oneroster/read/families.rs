//! Guardians by agentSourcedIds: «Родители», a row per pupil and guardian.

use std::collections::{BTreeSet, HashMap};

use super::File;
use super::people::{Pupils, guardians, phone, sex_of};
use super::report::{Fault, Place, Report};
use super::roles::{Roles, Tie};
use super::tables::{Found, Line, Tables};
use crate::domain::school_import::col::guardians as column;
use crate::domain::school_import::value::{Relation, Sex};
use crate::domain::school_import::{RowRef, SheetKind};

const UNKNOWN_AGENT: Fault = Fault {
    rule: "UNKNOWN_REFERENCE",
    message: "Строки с таким sourcedId нет в users.csv",
    hint: "Добавьте родителя в users.csv или уберите ссылку",
};
const AGENT_LEFT_OUT: Fault = Fault {
    rule: "REFERS_TO_LEFT_OUT",
    message: "Ссылается на строку, которая не загружается",
    hint: "",
};
const NOT_GUARDIAN: Fault = Fault {
    rule: "AGENT_NOT_GUARDIAN",
    message: "У человека из agentSourcedIds нет роли parent, guardian или relative",
    hint: "Добавьте роль в roles.csv или уберите ссылку",
};
const CHILDLESS: Fault = Fault {
    rule: "GUARDIAN_WITHOUT_CHILDREN",
    message: "Ни один ученик не указывает этого родителя, он не загружается",
    hint: "Впишите его sourcedId в agentSourcedIds ученика",
};

const RELATION_MISSING: &str = "Добавьте ученику столбец metadata.agentRelations (мать, отец) или родителю sex в demographics.csv";

pub(super) fn read(tables: &Tables<'_>, roles: &Roles, pupils: &Pupils<'_>, report: &mut Report) {
    let mut row = 1;
    let mut with_children: BTreeSet<String> = BTreeSet::new();
    let naming = naming(tables, roles);
    for pupil in &pupils.list {
        let own = pupil.line.list("agentSourcedIds");
        let mut agents: Vec<(usize, &str)> = own.iter().copied().enumerate().collect();
        let who_name = naming.get(pupil.line.id()).into_iter().flatten();
        agents.extend(who_name.map(|id| (usize::MAX, *id)));
        let mut seen = BTreeSet::new();
        agents.retain(|(_, id)| seen.insert(*id));
        let at = RowRef {
            sheet: SheetKind::Pupils,
            row: pupil.line.number,
        };
        for (place, id) in agents {
            let agent = match tables.find(File::Users, id) {
                Found::Line(agent) => agent,
                Found::LeftOut => {
                    report.tell(&pupil.line, "agentSourcedIds", AGENT_LEFT_OUT);
                    continue;
                }
                Found::Nothing => {
                    report.refuse(at, &pupil.line, "agentSourcedIds", UNKNOWN_AGENT);
                    continue;
                }
            };
            let Some(tie) = roles.tie(id) else {
                report.warn_row(at, &pupil.line, "agentSourcedIds", NOT_GUARDIAN);
                continue;
            };
            with_children.insert(id.to_owned());
            row += 1;
            let said = Said::of(&pupil.line, place, (tie, sex_of(tables, id)));
            guardian(&agent, (row, &pupil.code), &said, report);
        }
    }
    for line in guardians(tables, roles).values() {
        if !with_children.contains(line.id()) {
            report.warn(line, "sourcedId", CHILDLESS);
        }
    }
}

/// Guardians who name a pupil, though the pupil may not name them.
fn naming<'t>(tables: &'t Tables<'_>, roles: &Roles) -> HashMap<&'t str, Vec<&'t str>> {
    let mut naming: HashMap<&str, Vec<&str>> = HashMap::new();
    for line in guardians(tables, roles).into_values() {
        for child in line.list("agentSourcedIds") {
            naming.entry(child).or_default().push(line.id());
        }
    }
    naming
}

/// What is said of a tie.
struct Said<'a> {
    relation: &'a str,
    representative: &'a str,
    informing: &'a str,
}

impl<'a> Said<'a> {
    fn of(pupil: &Line<'a>, place: usize, (tie, sex): (Tie, Option<Sex>)) -> Self {
        let cell = |column: &str| pupil.list(column).get(place).copied().unwrap_or_default();
        let relation = match (cell("metadata.agentRelations"), tie, sex) {
            ("", Tie::Parent, Some(Sex::Female)) => Relation::Mother.word(),
            ("", Tie::Parent, Some(Sex::Male)) => Relation::Father.word(),
            ("", Tie::Guardian, _) => Relation::Guardian.word(),
            ("", Tie::Relative, _) => Relation::Other.word(),
            (relation, _, _) => relation,
        };
        Self {
            relation,
            representative: cell("metadata.agentRepresentatives"),
            informing: cell("metadata.agentInforming"),
        }
    }
}

fn guardian(agent: &Line<'_>, (row, pupil): (u32, &str), said: &Said<'_>, report: &mut Report) {
    let at = RowRef {
        sheet: SheetKind::Guardians,
        row,
    };
    let (phone_column, phone) = phone(agent);
    let cell = |at: usize, name: &str| Place::of(at, agent, name, agent.get(name));
    let told = |at: usize, name: &str, value| Place::of(at, agent, name, value);
    let cells = vec![
        Place {
            column: column::PUPIL,
            value: pupil,
            from: agent.origin("agentSourcedIds"),
        },
        cell(column::SURNAME, "familyName"),
        cell(column::GIVEN, "givenName"),
        cell(column::PATRONYMIC, "middleName"),
        told(column::RELATION, "metadata.agentRelations", said.relation).or_add(RELATION_MISSING),
        told(column::PHONE, phone_column, phone),
        cell(column::EMAIL, "email"),
        told(column::INFORMING, "metadata.agentInforming", said.informing),
        told(
            column::REPRESENTATIVE,
            "metadata.agentRepresentatives",
            said.representative,
        ),
    ];
    report.row(at, agent, cells);
}
