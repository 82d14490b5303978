//! docs/rights.md as data.

use std::collections::{BTreeMap, BTreeSet};

use super::{request, wire};

/// Rows by service and method, and by the case in brackets where a call is two things:
/// `IssueInvitations` and `class`.
pub type Table = BTreeMap<Row, Vec<String>>;

/// Service, method, case.
pub type Row = (String, String, String);

/// Words that name who may; anything else in a row is a mistake of the table.
const WORDS: [&str; 27] = [
    "anonymous",
    "anybody",
    "staff",
    "staff of the school",
    "director",
    "deputy",
    "administrator",
    "secretary",
    "teacher",
    "class teacher",
    "deputy in charge",
    "author",
    "family",
    "guardian",
    "pupil",
    "region administrator",
    "ministry officer",
    "municipal officer",
    "operator",
    "service",
    "service gateway",
    "service roster",
    "service grading",
    "service reporting",
    "nobody",
    "client roster.read",
    "client schedule.read",
];

pub fn read() -> Table {
    let text = include_str!("../../../../../docs/rights.md");
    let mut table = Table::new();
    let mut service = "";
    for line in text.lines() {
        if let Some(title) = line.strip_prefix("## ") {
            service = title;
        } else if line.starts_with("| `") {
            let (method, case, words) = row(line);
            let twice = table.insert((service.to_owned(), method, case), words);
            assert!(twice.is_none(), "twice: {line}");
        }
    }
    table
}

fn row(line: &str) -> (String, String, Vec<String>) {
    let mut cells = line.trim_matches('|').split('|').map(str::trim);
    let call = cells.next().expect("a call");
    let who = cells.next().expect("who may");
    let (method, case) = call.trim_start_matches('`').split_once('`').expect(call);
    let case = case.trim().trim_start_matches('(').trim_end_matches(')');
    // What stands behind a semicolon is for people: other tests look after it.
    let who = who.split(';').next().unwrap_or_default();
    let words = who.split(',').map(|word| word.trim().to_owned());
    let words: Vec<String> = words.filter(|word| !word.is_empty()).collect();
    for word in &words {
        let events = word.starts_with("client ") && word.ends_with(".events");
        assert!(events || WORDS.contains(&word.as_str()), "{line}: {word}");
    }
    (method.to_owned(), case.to_owned(), words)
}

/// Every RPC has a row, and every row an RPC.
#[test]
fn the_table_has_every_call() {
    let rows = read()
        .into_keys()
        .map(|(service, method, _)| (service, method));
    let rows: BTreeSet<(String, String)> = rows.collect();
    let calls = request::methods();
    let calls = calls.map(|m| (wire::service_of(&m).to_owned(), m.name().to_owned()));
    assert_eq!(rows, calls.collect());
}
