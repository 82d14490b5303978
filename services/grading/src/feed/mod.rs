//! Follows roster and schedule: each item of an event is the full present state of
//! its record and replaces what the copy held.

mod roster;
mod schedule;

pub use roster::Roster;
pub use schedule::Schedule;

use anyhow::Context;
use jiff::civil::Date;
use uuid::Uuid;
use zhurnal_proto::id::Id;

use crate::{domain::week::first_year, store::OPEN_END};

/// UUID of an id's text.
fn id<I: Id>(text: &str) -> anyhow::Result<Uuid> {
    text.parse::<I>()
        .map(Id::uuid)
        .with_context(|| format!("`{text}` is no id of the kind {}", I::PREFIX))
}

/// UUID of an id's text; empty = none.
fn optional<I: Id>(text: &str) -> anyhow::Result<Option<Uuid>> {
    if text.is_empty() {
        Ok(None)
    } else {
        id::<I>(text).map(Some)
    }
}

/// An ISO date, as it is stored.
fn day(text: &str) -> anyhow::Result<String> {
    let day: Date = text
        .parse()
        .with_context(|| format!("`{text}` is no date"))?;
    Ok(day.to_string())
}

/// A last day; empty = open.
fn end(text: &str) -> anyhow::Result<String> {
    if text.is_empty() {
        Ok(OPEN_END.to_owned())
    } else {
        day(text)
    }
}

/// A first day; empty = since ever.
fn start(text: &str) -> anyhow::Result<String> {
    if text.is_empty() {
        Ok("0001-01-01".to_owned())
    } else {
        day(text)
    }
}

/// A time of day `HH:MM`, as it is stored.
fn clock(text: &str) -> anyhow::Result<String> {
    let time = crate::domain::policy::DayTime::parse(text).filter(|_| text < "24:00");
    time.with_context(|| format!("`{text}` is no time of day"))?;
    Ok(text.to_owned())
}

/// First calendar year of `2026/2027`.
fn year(text: &str) -> anyhow::Result<i16> {
    first_year(text).with_context(|| format!("`{text}` is no academic year"))
}

fn small(number: u32) -> anyhow::Result<i16> {
    i16::try_from(number).with_context(|| format!("{number} is too large"))
}
