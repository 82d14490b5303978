//! The tables of grading.
//!
//! Functions over a connection; every row of a school is found by its school. What
//! answers a person takes the `Scope` of a decision; what is loaded to decide at
//! all takes the bare school. Dates are ISO texts, instants microseconds.

pub mod calendar;
pub mod cell_text;
pub mod columns;
pub mod corrections;
pub mod diary;
mod entity;
pub mod journals;
pub mod ledger;
pub mod lesson_cards;
pub mod lesson_entries;
pub mod migration;
pub mod page;
pub mod pupils;
pub mod roster_copy;
pub mod save;
pub mod schedule_copy;
pub mod schools;

use jiff::{
    Timestamp,
    civil::{Date, Time},
};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, Value};

/// An end that is not known yet, as stored.
pub const OPEN_END: &str = "9999-12-31";

/// A row that the service cannot have written.
fn corrupt(table: &str, key: impl std::fmt::Display, what: &str) -> DbErr {
    DbErr::Custom(format!("{table} {key}: {what} is corrupt"))
}

fn date(table: &str, text: &str) -> Result<Date, DbErr> {
    text.parse().map_err(|_| corrupt(table, text, "date"))
}

fn time(table: &str, text: &str) -> Result<Time, DbErr> {
    // `HH:MM`, checked when the copy was written.
    let parsed = text
        .split_once(':')
        .and_then(|(hour, minute)| Time::new(hour.parse().ok()?, minute.parse().ok()?, 0, 0).ok());
    parsed.ok_or_else(|| corrupt(table, text, "time"))
}

fn instant(micros: i64) -> Timestamp {
    chassis::db::from_micros(micros)
}

fn micros(at: Timestamp) -> i64 {
    chassis::db::micros(at)
}

/// Rows of a statement with `?` placeholders.
async fn all<R: FromQueryResult>(
    conn: &impl ConnectionTrait,
    sql: &str,
    values: impl IntoIterator<Item = Value>,
) -> Result<Vec<R>, DbErr> {
    let query = chassis::db::statement(conn.get_database_backend(), sql, values);
    conn.query_all_raw(query)
        .await?
        .iter()
        .map(|row| R::from_query_result(row, ""))
        .collect()
}

/// The first row of a statement with `?` placeholders.
async fn one<R: FromQueryResult>(
    conn: &impl ConnectionTrait,
    sql: &str,
    values: impl IntoIterator<Item = Value>,
) -> Result<Option<R>, DbErr> {
    let query = chassis::db::statement(conn.get_database_backend(), sql, values);
    let row = conn.query_one_raw(query).await?;
    row.map(|row| R::from_query_result(&row, "")).transpose()
}
