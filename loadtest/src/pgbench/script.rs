//! pgbench scripts made of a sample.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::sample::{Sample, Table};

/// How the four tables are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// The statements of the service: BEGIN, cells with ledger, outbox, idempotency,
    /// COMMIT.
    Transaction,
    /// All four tables in one statement: one round trip, the least that is possible.
    OneStatement,
}

/// Keys that are new in each transaction, by table and column. Lessons are any;
/// changes and requests grow with time, as version 7 UUIDs do.
const FRESH: [(&str, &str, Kind); 4] = [
    ("cell", "lesson_id", Kind::Lesson),
    ("ledger_entry", "lesson_id", Kind::Lesson),
    ("ledger_entry", "change_id", Kind::InTime),
    ("idempotency_key", "request_id", Kind::InTime),
];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Lesson,
    InTime,
}

/// The script that writes the sample's rows under new keys, again and again.
pub fn script(sample: &Sample, shape: Shape) -> String {
    let mut keys = Keys::default();
    let inserts: Vec<String> = sample
        .tables
        .iter()
        .map(|table| insert(table, &mut keys))
        .collect();
    let mut text = String::new();
    for variable in keys.variables.values() {
        let _ = writeln!(text, "\\set {variable} random(1, 9000000000000000000)");
    }
    let named: BTreeMap<&str, &String> = sample
        .tables
        .iter()
        .map(|t| t.name.as_str())
        .zip(&inserts)
        .collect();
    let of = |name: &str| named.get(name).map(|sql| sql.as_str()).unwrap_or_default();
    let cells = format!(
        "logged AS ({}),\nwritten AS ({} RETURNING 1)",
        of("ledger_entry"),
        of("cell")
    );
    let (outbox, idempotency) = (of("outbox"), of("idempotency_key"));
    let _ = match shape {
        Shape::Transaction => write!(
            text,
            "BEGIN;\nWITH {cells}\nSELECT count(*) FROM written;\n{outbox};\n{idempotency};\nCOMMIT;\n"
        ),
        Shape::OneStatement => write!(
            text,
            "WITH {cells},\ntold AS ({outbox}),\nkept AS ({idempotency})\nSELECT count(*) FROM written;\n"
        ),
    };
    text
}

/// Variables of the script: one for each value that must be new.
#[derive(Default)]
struct Keys {
    variables: BTreeMap<String, String>,
}

impl Keys {
    /// The expression that stands for a value of the sample; the same value is
    /// replaced by the same expression everywhere.
    fn expression(&mut self, kind: Kind, value: &str) -> String {
        let next = self.variables.len();
        let variable = self
            .variables
            .entry(value.to_owned())
            .or_insert_with(|| format!("key{next}"));
        match kind {
            Kind::Lesson => format!("lpad(to_hex(:{variable}::bigint), 32, '0')::uuid"),
            Kind::InTime => format!(
                "(lpad(to_hex((extract(epoch FROM now()) * 1000)::bigint), 12, '0') \
                 || lpad(to_hex(:{variable}::bigint), 20, '0'))::uuid"
            ),
        }
    }
}

fn insert(table: &Table, keys: &mut Keys) -> String {
    let names: Vec<&str> = table
        .columns
        .iter()
        .map(|(name, _)| name.as_str())
        .collect();
    let rows: Vec<String> = table
        .rows
        .iter()
        .map(|row| values(table, row, keys))
        .collect();
    let mut sql = format!(
        "INSERT INTO {} ({}) VALUES\n  {}",
        table.name,
        names.join(", "),
        rows.join(",\n  ")
    );
    if table.name == "cell" {
        sql.push_str(&upsert(table));
    }
    sql
}

fn values(table: &Table, row: &[String], keys: &mut Keys) -> String {
    let value = |((name, kind), literal): (&(String, String), &String)| {
        let fresh = FRESH.iter().find(|(t, c, _)| *t == table.name && c == name);
        match fresh {
            Some((_, _, how)) => keys.expression(*how, literal),
            None => format!("{}::{kind}", without_colons(literal)),
        }
    };
    let all: Vec<String> = table.columns.iter().zip(row).map(value).collect();
    format!("({})", all.join(", "))
}

/// pgbench takes `:1` for a variable inside literals too.
fn without_colons(literal: &str) -> String {
    match literal.strip_prefix('E') {
        _ if !literal.contains(':') => literal.to_owned(),
        Some(escaped) => format!("E{}", escaped.replace(':', "\\x3a")),
        None => format!("E{}", literal.replace(':', "\\x3a")),
    }
}

/// As the service does: the row is written only over the version that was seen.
fn upsert(table: &Table) -> String {
    let others = table
        .columns
        .iter()
        .map(|(name, _)| name)
        .filter(|name| !table.key.contains(name));
    let others: Vec<&String> = others.filter(|name| name.as_str() != "date").collect();
    let sets: Vec<String> = others
        .iter()
        .map(|name| format!("{name} = excluded.{name}"))
        .collect();
    let guard = match others.iter().any(|name| name.as_str() == "revision") {
        true => "\n  WHERE cell.revision = excluded.revision - 1",
        false => "",
    };
    format!(
        "\n  ON CONFLICT ({}) DO UPDATE SET {}{guard}",
        table.key.join(", "),
        sets.join(", ")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const LESSON: &str = "'0192f0c1-0000-7000-8000-000000000001'";
    const CHANGE: &str = "'0192f0c1-0000-7000-8000-000000000002'";
    const REQUEST: &str = "'0192f0c1-0000-7000-8000-000000000003'";

    fn table(name: &str, columns: &[(&str, &str)], key: &[&str], rows: Vec<Vec<&str>>) -> Table {
        Table {
            name: name.into(),
            columns: columns
                .iter()
                .map(|(n, k)| ((*n).to_owned(), (*k).to_owned()))
                .collect(),
            key: key.iter().map(|&k| k.to_owned()).collect(),
            rows: rows
                .into_iter()
                .map(|row| row.into_iter().map(str::to_owned).collect())
                .collect(),
        }
    }

    fn sample(marks: usize) -> Sample {
        let pupils: Vec<String> = (0..marks).map(|n| format!("'per-{n}'")).collect();
        let cells = pupils
            .iter()
            .map(|p| vec![LESSON, p.as_str(), "'1'", "'[]'"])
            .collect();
        let entries = pupils
            .iter()
            .map(|p| vec![LESSON, CHANGE, p.as_str()])
            .collect();
        Sample {
            tables: vec![
                table(
                    "cell",
                    &[
                        ("lesson_id", "uuid"),
                        ("pupil_id", "uuid"),
                        ("revision", "bigint"),
                        ("marks", "text"),
                    ],
                    &["lesson_id", "pupil_id"],
                    cells,
                ),
                table(
                    "ledger_entry",
                    &[
                        ("lesson_id", "uuid"),
                        ("change_id", "uuid"),
                        ("pupil_id", "uuid"),
                    ],
                    &["lesson_id", "change_id"],
                    entries,
                ),
                table(
                    "outbox",
                    &[("payload", "bytea")],
                    &["id"],
                    vec![vec![r"E'\\x00'"]],
                ),
                table(
                    "idempotency_key",
                    &[("request_id", "uuid")],
                    &["request_id"],
                    vec![vec![REQUEST]],
                ),
            ],
        }
    }

    #[test]
    fn all_four_tables_are_written_in_one_transaction() {
        let text = script(&sample(30), Shape::Transaction);
        assert_eq!(text.matches("BEGIN;").count(), 1);
        assert_eq!(text.matches("COMMIT;").count(), 1);
        assert_eq!(text.matches("INSERT INTO").count(), 4);
        // Three statements between BEGIN and COMMIT, whatever the number of marks.
        assert_eq!(text.matches(";\n").count(), 5);
        assert_eq!(text.matches("'per-29'::uuid").count(), 2);
        let one = script(&sample(1), Shape::Transaction);
        assert_eq!(one.matches(";\n").count(), 5);
    }

    #[test]
    fn keys_are_new_each_time_and_agree_between_the_tables() {
        let text = script(&sample(2), Shape::Transaction);
        for old in [LESSON, CHANGE, REQUEST] {
            assert!(!text.contains(old), "{old} would be written twice:\n{text}");
        }
        assert_eq!(text.matches("\\set ").count(), 3);
        // Two cells and two ledger rows of one lesson.
        assert_eq!(
            text.matches("lpad(to_hex(:key0::bigint), 32, '0')::uuid")
                .count(),
            4
        );
    }

    #[test]
    fn cells_are_upserted_over_the_version_that_was_seen() {
        let text = script(&sample(1), Shape::Transaction);
        let upsert = "ON CONFLICT (lesson_id, pupil_id) DO UPDATE SET revision = excluded.revision, marks = excluded.marks";
        assert!(text.contains(upsert), "{text}");
        assert!(
            text.contains("WHERE cell.revision = excluded.revision - 1 RETURNING 1"),
            "{text}"
        );
    }

    #[test]
    fn a_colon_in_a_value_is_no_variable() {
        assert_eq!(without_colons(r#"'{"slot":1}'"#), r#"E'{"slot"\x3a1}'"#);
        assert_eq!(without_colons(r"E'\\x00:'"), r"E'\\x00\x3a'");
        assert_eq!(without_colons("'5'"), "'5'");
        assert_eq!(without_colons("NULL"), "NULL");
    }

    #[test]
    fn the_shortest_form_is_one_statement() {
        let text = script(&sample(30), Shape::OneStatement);
        assert_eq!(text.matches(";\n").count(), 1);
        assert_eq!(text.matches("INSERT INTO").count(), 4);
        assert!(!text.contains("BEGIN"));
    }
}
