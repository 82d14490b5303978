//! Rows as one array for each column: one statement text for any number of rows,
//! parsed and planned once. For PostgreSQL; SQLite takes lists of values.

use sea_orm::{Value, sea_query::ArrayType};

/// A column with the kind of its values.
pub type Column = (&'static str, ArrayType);

/// `school_id, lesson_id`.
pub fn names(columns: &[Column]) -> String {
    let names: Vec<&str> = columns.iter().map(|(name, _)| *name).collect();
    names.join(", ")
}

/// `unnest($3::uuid[], $4::text[])` for `first` 3.
pub fn unnest<'a>(kinds: impl IntoIterator<Item = &'a ArrayType>, first: usize) -> String {
    let arrays: Vec<String> = kinds
        .into_iter()
        .enumerate()
        .map(|(at, kind)| format!("${}::{}[]", first + at, name_of(kind)))
        .collect();
    format!("unnest({})", arrays.join(", "))
}

/// The rows turned into a parameter for each column. No value may be NULL: arrays
/// cannot say it.
pub fn arrays<'a, R: IntoIterator<Item = Value>>(
    kinds: impl IntoIterator<Item = &'a ArrayType>,
    rows: impl ExactSizeIterator<Item = R>,
) -> Vec<Value> {
    let count = rows.len();
    let mut columns: Vec<(&ArrayType, Vec<Value>)> = kinds
        .into_iter()
        .map(|kind| (kind, Vec::with_capacity(count)))
        .collect();
    for row in rows {
        for ((_, column), value) in columns.iter_mut().zip(row) {
            column.push(value);
        }
    }
    columns
        .into_iter()
        .map(|(kind, column)| Value::Array(kind.clone(), Some(Box::new(column))))
        .collect()
}

/// PostgreSQL's name of the kinds that our tables have.
fn name_of(kind: &ArrayType) -> &'static str {
    match kind {
        ArrayType::Uuid => "uuid",
        ArrayType::SmallInt => "smallint",
        ArrayType::Int => "integer",
        ArrayType::BigInt => "bigint",
        ArrayType::Bool => "boolean",
        ArrayType::Bytes => "bytea",
        _ => "text",
    }
}
