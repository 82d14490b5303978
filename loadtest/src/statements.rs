//! What a request costs the database: `pg_stat_statements` before and after.

use std::collections::BTreeMap;

use sea_orm::{ConnectionTrait as _, DatabaseConnection, FromQueryResult};

use crate::postgres::{Postgres, rows};

/// Calls of each statement in each database.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Snapshot(BTreeMap<(String, String), i64>);

#[derive(FromQueryResult)]
struct Row {
    database: String,
    query: String,
    calls: i64,
}

/// A look at the server's statements.
#[derive(Debug)]
pub struct Statements {
    admin: DatabaseConnection,
}

/// What each of `requests` equal requests did in one database.
#[derive(Debug, Clone, PartialEq)]
pub struct PerRequest {
    /// Statements, BEGIN and COMMIT not counted.
    pub statements: f64,
    /// Commits.
    pub commits: f64,
    /// Which statements, with calls for each request.
    pub which: Vec<(String, f64)>,
}

impl Statements {
    /// Connects as superuser.
    pub async fn of(server: &Postgres) -> anyhow::Result<Self> {
        let admin = server.admin("postgres").await?;
        admin
            .execute_unprepared("CREATE EXTENSION IF NOT EXISTS pg_stat_statements")
            .await?;
        Ok(Self { admin })
    }

    /// Counters now.
    pub async fn now(&self) -> anyhow::Result<Snapshot> {
        let sql = "SELECT d.datname::text AS database, s.query, sum(s.calls)::bigint AS calls
            FROM pg_stat_statements s JOIN pg_database d ON d.oid = s.dbid GROUP BY 1, 2";
        let found = rows::<Row>(&self.admin, sql).await?;
        Ok(Snapshot(
            found
                .into_iter()
                .map(|row| ((row.database, row.query), row.calls))
                .collect(),
        ))
    }
}

/// Upkeep of the chassis, of the ledger and of the feeds: it does not belong to a
/// request, however often requests wake it.
const UPKEEP: [&str; 7] = [
    "feed_epoch",
    "feed_cursor",
    "feed_quarantine",
    "UPDATE outbox",
    "FROM outbox",
    "ledger_progress",
    "ledger_checkpoint",
];
/// Once in each transaction of the sequencer, of a follower, of a checkpoint.
const COMMITS_OF_OTHERS: [&str; 3] = [
    "SELECT head FROM feed_epoch FOR UPDATE",
    "UPDATE feed_cursor",
    "INSERT INTO \"ledger_checkpoint\"",
];
/// The question whether a connection still lives.
const PING: &str = "SELECT $1";

/// The difference of two looks around `requests` equal requests.
pub fn per_request(
    before: &Snapshot,
    after: &Snapshot,
    database: &str,
    requests: u64,
) -> PerRequest {
    let count = requests.max(1) as f64;
    let mut delta: Vec<(&str, f64)> = Vec::new();
    for ((of, sql), calls) in &after.0 {
        let earlier = before
            .0
            .get(&(of.clone(), sql.clone()))
            .copied()
            .unwrap_or(0);
        if of == database && *calls > earlier {
            delta.push((sql, (calls - earlier) as f64 / count));
        }
    }
    let sum = |pick: &dyn Fn(&str) -> bool| {
        delta
            .iter()
            .filter(|(sql, _)| pick(sql))
            .map(|(_, n)| n)
            .sum::<f64>()
    };
    let of_others = sum(&|sql| COMMITS_OF_OTHERS.iter().any(|words| sql.contains(words)));
    let commits = (sum(&|sql| sql == "COMMIT") - of_others).max(0.0);
    let mut which: Vec<(String, f64)> = delta
        .iter()
        .filter(|(sql, _)| {
            is_statement(sql) && *sql != PING && !UPKEEP.iter().any(|words| sql.contains(words))
        })
        // A statement of upkeep that is not known here comes now and then.
        .filter(|(_, calls)| *calls >= 0.02)
        .map(|(sql, calls)| (squeezed(sql), *calls))
        .collect();
    which.sort_by(|a, b| b.1.total_cmp(&a.1));
    PerRequest {
        statements: which.iter().map(|(_, calls)| calls).sum(),
        commits,
        which,
    }
}

fn is_statement(sql: &str) -> bool {
    let verb = sql
        .split_whitespace()
        .next()
        .unwrap_or_default()
        .to_uppercase();
    !matches!(
        verb.as_str(),
        "BEGIN" | "COMMIT" | "ROLLBACK" | "SET" | "SAVEPOINT" | "RELEASE" | "START"
    )
}

fn squeezed(sql: &str) -> String {
    let words: Vec<&str> = sql.split_whitespace().collect();
    let text = words.join(" ");
    text.chars().take(110).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn snapshot(rows: &[(&str, &str, i64)]) -> Snapshot {
        Snapshot(
            rows.iter()
                .map(|(d, q, n)| (((*d).to_owned(), (*q).to_owned()), *n))
                .collect(),
        )
    }

    #[test]
    fn upkeep_and_other_databases_do_not_count() {
        let before = snapshot(&[("grading", "SELECT 1 FROM lesson", 5)]);
        let after = snapshot(&[
            ("grading", "SELECT 1 FROM lesson", 105),
            ("grading", "INSERT INTO outbox VALUES ($1)", 100),
            ("grading", "UPDATE outbox SET position = $1", 40),
            (
                "grading",
                "SELECT head FROM feed_epoch FOR UPDATE SKIP LOCKED",
                40,
            ),
            ("grading", "BEGIN", 140),
            ("grading", "COMMIT", 140),
            ("grading", "DELETE FROM something_rare", 1),
            ("roster", "SELECT 1 FROM lesson", 999),
        ]);
        let cost = per_request(&before, &after, "grading", 100);
        assert!((cost.statements - 2.0).abs() < 1e-9, "{cost:?}");
        assert!((cost.commits - 1.0).abs() < 1e-9, "{cost:?}");
    }
}
