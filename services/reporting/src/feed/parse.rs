//! Fields of events. Producers are ours: what does not parse is a fault, and the
//! event is put aside with the field's name.

use std::collections::BTreeMap;

use anyhow::Context;
use jiff::civil::{Date, Time};
use uuid::Uuid;
use zhurnal_proto::id::{Id, SchoolId};

use crate::store::School;

/// The school that the event is about.
pub fn school(text: &str) -> anyhow::Result<School> {
    let school: SchoolId = text.parse().context("school_id")?;
    Ok(School::told_by_feed(school))
}

/// An id as stored.
pub fn id<T: Id>(field: &'static str, text: &str) -> anyhow::Result<Uuid> {
    Ok(text.parse::<T>().context(field)?.uuid())
}

/// An id that may be empty.
pub fn optional_id<T: Id>(field: &'static str, text: &str) -> anyhow::Result<Option<Uuid>> {
    if text.is_empty() {
        Ok(None)
    } else {
        id::<T>(field, text).map(Some)
    }
}

/// A date as stored.
pub fn date(field: &'static str, text: &str) -> anyhow::Result<String> {
    Ok(text.parse::<Date>().context(field)?.to_string())
}

/// A last day that may be open.
pub fn optional_date(field: &'static str, text: &str) -> anyhow::Result<Option<String>> {
    if text.is_empty() {
        Ok(None)
    } else {
        date(field, text).map(Some)
    }
}

/// A time of day as stored.
pub fn time(field: &'static str, text: &str) -> anyhow::Result<String> {
    let time = Time::strptime("%H:%M", text).context(field)?;
    Ok(time.strftime("%H:%M").to_string())
}

/// A small number as stored.
pub fn small(field: &'static str, number: impl TryInto<i16>) -> anyhow::Result<i16> {
    number.try_into().ok().context(field)
}

/// One row per key: of a record named twice the last state is the present one.
pub fn latest<K: Ord, R>(
    rows: impl Iterator<Item = anyhow::Result<(K, R)>>,
) -> anyhow::Result<Vec<R>> {
    Ok(rows
        .collect::<anyhow::Result<BTreeMap<K, R>>>()?
        .into_values()
        .collect())
}
