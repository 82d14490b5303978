//! The rows that one real save wrote, as literals: what pgbench writes again and
//! again under new keys.

use anyhow::Context as _;
use sea_orm::{DatabaseConnection, FromQueryResult};
use uuid::Uuid;

use crate::postgres::rows;

/// Between the values of a row: quoted text never holds it.
const BREAK: char = '\u{1f}';

/// The four tables of a save.
pub const TABLES: [&str; 4] = ["cell", "ledger_entry", "outbox", "idempotency_key"];

/// Rows of one table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// Name.
    pub name: String,
    /// Columns that a statement names, with their types.
    pub columns: Vec<(String, String)>,
    /// Columns of the primary key.
    pub key: Vec<String>,
    /// Literals, in the order of the columns.
    pub rows: Vec<Vec<String>>,
}

/// All rows of one save.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sample {
    /// By table, in the order of [`TABLES`].
    pub tables: Vec<Table>,
}

#[derive(FromQueryResult)]
struct ColumnRow {
    name: String,
    kind: String,
    key: bool,
}

#[derive(FromQueryResult)]
struct Text {
    text: String,
}

impl Sample {
    /// The rows of the transaction that remembered this request: all of them carry
    /// its transaction id, so a save of two commits cannot be sampled. (The outbox's
    /// rows are numbered afterwards; they are told by the time of the ledger's.)
    pub async fn of(db: &DatabaseConnection, request: Uuid) -> anyhow::Result<Self> {
        let find = format!(
            "SELECT xmin::text AS text FROM idempotency_key WHERE request_id = '{request}'"
        );
        let transaction = rows::<Text>(db, &find).await?;
        let transaction = &transaction
            .first()
            .context("the save is not remembered")?
            .text;
        let mut tables = Vec::new();
        for name in TABLES {
            let table = table(db, name, transaction).await?;
            anyhow::ensure!(
                !table.rows.is_empty(),
                "the save wrote no {name} in its transaction"
            );
            tables.push(table);
        }
        Ok(Self { tables })
    }

    /// Rows of a table.
    pub fn count(&self, table: &str) -> usize {
        self.tables
            .iter()
            .find(|t| t.name == table)
            .map_or(0, |t| t.rows.len())
    }
}

async fn table(db: &DatabaseConnection, name: &str, transaction: &str) -> anyhow::Result<Table> {
    let describe = format!(
        "SELECT a.attname AS name, format_type(a.atttypid, a.atttypmod) AS kind,
                COALESCE(a.attnum = ANY (i.indkey), false) AS key
            FROM pg_attribute a
            LEFT JOIN pg_index i ON i.indrelid = a.attrelid AND i.indisprimary
            WHERE a.attrelid = '{name}'::regclass AND a.attnum > 0 AND NOT a.attisdropped
                AND a.attidentity = '' AND a.attgenerated = ''
            ORDER BY a.attnum"
    );
    // The position is given later, by the sequencer.
    let described: Vec<ColumnRow> = rows::<ColumnRow>(db, &describe)
        .await?
        .into_iter()
        .filter(|c| c.name != "position")
        .collect();
    let quoted: Vec<String> = described
        .iter()
        .map(|c| format!("quote_nullable({}::text)", c.name))
        .collect();
    let mine = match name {
        "outbox" => format!(
            "occurred_us = (SELECT max(recorded_us) FROM ledger_entry WHERE xmin::text = '{transaction}')"
        ),
        _ => format!("xmin::text = '{transaction}'"),
    };
    let read = format!(
        "SELECT concat_ws(chr({}), {}) AS text FROM {name} WHERE {mine}",
        u32::from(BREAK),
        quoted.join(", ")
    );
    let found = rows::<Text>(db, &read).await?;
    Ok(Table {
        name: name.to_owned(),
        key: described
            .iter()
            .filter(|c| c.key)
            .map(|c| c.name.clone())
            .collect(),
        columns: described.into_iter().map(|c| (c.name, c.kind)).collect(),
        rows: found
            .into_iter()
            .map(|row| row.text.split(BREAK).map(str::to_owned).collect())
            .collect(),
    })
}
