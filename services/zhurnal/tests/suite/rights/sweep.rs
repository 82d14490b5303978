//! Every call by every caller on every target, compared with the table.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Mutex;

use futures::stream::{self, StreamExt};
use prost_reflect::MethodDescriptor;

use super::cast::{self, Caller, Kind};
use super::expect::opens;
use super::request;
use super::stage::Stage;
use super::table::{self, Table};
use super::target::{self, Target};
use super::wire::{self, Answer, Outcome, Routes, Way};

/// Calls under way at a time.
const AT_ONCE: usize = 8;

/// What a run found.
#[derive(Debug, Default)]
pub struct Found {
    pub cells: usize,
    pub opened: usize,
    /// What is wrong, with which method → who on what, and the first answer.
    pub differences: BTreeMap<(&'static str, String), Vec<Difference>>,
}

#[derive(Debug)]
pub struct Difference {
    who: String,
    text: String,
}

/// Calls on one more object, which the stage has not: whom they are open to, their own tests say.
const ABSENT: [&str; 4] = [
    "DeleteAuthorityRecord",
    "DeleteConsent",
    "PutGuardianLink",
    "WithdrawConsent",
];

/// Calls whose content is a whole document, which the sweep does not make.
const DOCUMENTS: [&str; 2] = ["PutSchoolPlan", "UploadSchoolImport"];

/// Rules that nobody can tell without having looked at the school: who hears of them was let in.
const AFTERWARDS: [&str; 4] = ["UNKNOWN_GROUP", "UNKNOWN_ENTRY", "PAST", "CARD_OR_NEW"];

/// So many are shown of each kind.
const SHOWN: usize = 12;

impl fmt::Display for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let differ: usize = self.differences.values().map(Vec::len).sum();
        let refused = self.cells - self.opened;
        let Self { cells, opened, .. } = self;
        writeln!(
            f,
            "{cells} cells: {opened} open, {refused} refused, {differ} differ"
        )?;
        for ((what, method), all) in &self.differences {
            writeln!(f, "{what}: {method}, {} times: {}", all.len(), all[0].text)?;
            for one in all.iter().take(SHOWN) {
                writeln!(f, "    {}", one.who)?;
            }
        }
        Ok(())
    }
}

/// One call.
struct Cell {
    method: MethodDescriptor,
    caller: Caller,
    target: Target,
    /// What the table says; nothing where a caller may reach everything and the thing is not there.
    open: Option<bool>,
    /// The table opens it to nobody, so no request can be right.
    nobody: bool,
}

/// All cells: first those that must be refused, for they change nothing; then what is open, reads
/// before changes.
pub async fn sweep(stage: &Stage, way: Way) -> Found {
    let routes = Routes::read();
    let table = table::read();
    let mut cells = cells(stage, way, &table, &routes);
    let writes = |cell: &Cell| request::rule(&cell.method, "idempotency") != "1";
    cells.sort_by_key(|cell| (cell.open == Some(true), writes(cell)));
    let found = Mutex::new(Found::default());
    let absent: Mutex<BTreeMap<String, String>> = Mutex::default();
    stream::iter(&cells)
        .for_each_concurrent(AT_ONCE, async |cell| {
            let answer = call(stage, way, &routes, cell).await;
            let wrong = judge(stage, cell, &answer, &absent);
            let mut found = found.lock().unwrap();
            found.cells += 1;
            found.opened += usize::from(cell.open == Some(true));
            if let Some(what) = wrong {
                let key = (what, cell.method.name().to_owned());
                let who = format!("{} on {}", cell.caller.name, cell.target.name);
                let text = format!(
                    "{:?} {}",
                    answer.outcome,
                    answer.text.chars().take(400).collect::<String>()
                );
                found
                    .differences
                    .entry(key)
                    .or_default()
                    .push(Difference { who, text });
            }
        })
        .await;
    found.into_inner().unwrap()
}

fn cells(stage: &Stage, way: Way, table: &Table, routes: &Routes) -> Vec<Cell> {
    let mut cells = Vec::new();
    for method in request::methods() {
        if way == Way::Http && routes.of(&method).is_none() {
            continue;
        }
        let mut callers = stage.callers.clone();
        if way == Way::Grpc {
            callers.extend(cast::services(stage.running(), wire::service_of(&method)));
        }
        let with_school = method.input().get_field_by_name("school_id").is_some();
        for target in targets(stage, table, &method) {
            if target.foreign && !with_school {
                continue;
            }
            let Some(words) = table.get(&row(&method, &target.case)) else {
                panic!("no row for {} ({})", method.name(), target.case);
            };
            for caller in &callers {
                let open = opens(words, caller, &target);
                cells.push(Cell {
                    method: method.clone(),
                    caller: caller.clone(),
                    open: (open || target.is_somewhere() || !reaches_all(caller)).then_some(open),
                    target: target.clone(),
                    nobody: words.iter().all(|word| word == "nobody"),
                });
            }
        }
    }
    cells
}

fn row(method: &MethodDescriptor, case: &str) -> table::Row {
    let service = wire::service_of(method).to_owned();
    (service, method.name().to_owned(), case.to_owned())
}

/// The targets of a method; where a call is two things and the target does not say which, both.
fn targets(stage: &Stage, table: &Table, method: &MethodDescriptor) -> Vec<Target> {
    let (service, name, _) = row(method, "");
    let rows = table.keys().filter(|row| row.0 == service && row.1 == name);
    let cases: Vec<&str> = rows.map(|row| row.2.as_str()).collect();
    let of_class = method.input().get_field_by_name("class_id").is_some();
    let all = target::of(&request::rule(method, "resolver"), &stage.places, of_class);
    let mut targets = Vec::new();
    for mut target in all {
        // A draft that one may not see does not exist.
        if name.ends_with("SchoolEvent") || name == "PublishSchoolEvents" {
            target.object = true;
            // The one of a class is of 5-А.
            target.class_teachers.truncate(1);
        }
        // A pupil who is not the caller's does not exist.
        target.object |= name == "CreateCalendarSubscription";
        let said = !target.case.is_empty() && cases.len() > 1;
        if said {
            targets.push(target);
        } else {
            targets.extend(cases.iter().map(|case| target.clone().in_case(case)));
        }
    }
    targets
}

/// Whether the caller may ask about a school that does not exist.
fn reaches_all(caller: &Caller) -> bool {
    caller.region
        || caller.kind == Kind::Service
        || (caller.kind == Kind::Client && caller.school.is_none())
}

async fn call(stage: &Stage, way: Way, routes: &Routes, cell: &Cell) -> Answer {
    let body = request::of(&cell.method, &cell.target);
    match way {
        Way::Http => {
            let route = routes.of(&cell.method).expect("a route");
            wire::http(&stage.http, &stage.base, route, &cell.caller.token, body).await
        }
        Way::Grpc => wire::grpc(stage.running(), &cell.method, &cell.caller.token, &body).await,
    }
}

/// What is wrong with an answer.
fn judge(
    stage: &Stage,
    cell: &Cell,
    answer: &Answer,
    absent: &Mutex<BTreeMap<String, String>>,
) -> Option<&'static str> {
    let Cell {
        method,
        caller,
        target,
        open,
        ..
    } = cell;
    if answer.outcome == Outcome::Broken {
        return Some("the server's fault");
    }
    for place in &stage.places {
        let own = caller.school == Some(place.at) || caller.municipality == Some(place.at);
        let sees = own || reaches_all(caller);
        if (!sees || *open == Some(false)) && answer.text.contains(&place.canary) {
            return Some("something of a foreign school");
        }
    }
    // Which schools are in another municipality is not told to an officer of one.
    if caller.municipality.is_some() && answer.outcome == Outcome::NotFound {
        return None;
    }
    let absent_object = ABSENT.contains(&method.name());
    let known = |rule: &&str| answer.text.contains(rule);
    let let_in = AFTERWARDS.iter().any(known) || DOCUMENTS.contains(&method.name());
    match (open, answer.outcome) {
        (None, _) => None,
        (Some(true), Outcome::Invalid) if let_in => None,
        (Some(true), Outcome::NotFound) if absent_object => None,
        // What is open to nobody has no right request either.
        (_, Outcome::Invalid | Outcome::NotFound) if cell.nobody => None,
        (Some(_), Outcome::Invalid) => Some("a bad request of the sweep"),
        (Some(true), Outcome::Denied) => Some("refused, and the table opens it"),
        (Some(true), Outcome::NotFound) if target.object => Some("refused, and the table opens it"),
        (Some(false), Outcome::NotFound) if target.object => {
            // What exists and what does not look the same.
            let mut seen = absent.lock().unwrap();
            let first = seen
                .entry(method.name().to_owned())
                .or_insert_with(|| plain(&answer.text));
            (*first != plain(&answer.text)).then_some("another refusal than of what does not exist")
        }
        (Some(true), _) | (Some(false), Outcome::Denied) => None,
        (Some(false), _) => Some("open, and the table refuses it"),
    }
}

/// A refusal without the id of its trace and the words for people.
fn plain(text: &str) -> String {
    text.split("\"traceId\"")
        .next()
        .unwrap_or_default()
        .to_owned()
}
