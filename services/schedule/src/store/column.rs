//! Values of the domain as columns, and back.

use std::str::FromStr;

use chassis::db::Corrupt;
use jiff::civil::Date;

use crate::domain::calendar::{DayOffSource, PeriodKind, StudyWeek};

/// Reads a text column.
pub(super) fn read<T: FromStr>(
    table: &'static str,
    column: &'static str,
    text: &str,
) -> Result<T, Corrupt> {
    text.parse().map_err(|_| Corrupt::new(table, column, text))
}

/// Reads a text column that may be empty.
pub(super) fn read_optional<T: FromStr>(
    table: &'static str,
    column: &'static str,
    text: Option<&str>,
) -> Result<Option<T>, Corrupt> {
    text.map(|text| read(table, column, text)).transpose()
}

/// A date as stored: `YYYY-MM-DD`, sorts by time.
pub(super) fn date(date: Date) -> String {
    date.to_string()
}

/// A small number as stored.
pub(super) fn small(number: u8) -> i16 {
    i16::from(number)
}

/// A small number read back.
pub(super) fn read_small(
    table: &'static str,
    column: &'static str,
    number: i16,
) -> Result<u8, Corrupt> {
    u8::try_from(number).map_err(|_| Corrupt::new(table, column, number))
}

pub(super) fn period_kind(kind: PeriodKind) -> i16 {
    match kind {
        PeriodKind::Quarter => 1,
        PeriodKind::HalfYear => 2,
        PeriodKind::Trimester => 3,
    }
}

pub(super) fn read_period_kind(kind: i16) -> Result<PeriodKind, Corrupt> {
    match kind {
        1 => Ok(PeriodKind::Quarter),
        2 => Ok(PeriodKind::HalfYear),
        3 => Ok(PeriodKind::Trimester),
        other => Err(Corrupt::new("period", "kind", other)),
    }
}

pub(super) fn source(source: DayOffSource) -> i16 {
    match source {
        DayOffSource::Regional => 1,
        DayOffSource::School => 2,
    }
}

pub(super) fn read_source(source: i16) -> Result<DayOffSource, Corrupt> {
    match source {
        1 => Ok(DayOffSource::Regional),
        2 => Ok(DayOffSource::School),
        other => Err(Corrupt::new("day_off", "source", other)),
    }
}

pub(super) fn read_week(days: i16) -> Result<StudyWeek, Corrupt> {
    u32::try_from(days)
        .ok()
        .and_then(StudyWeek::of_days)
        .ok_or_else(|| Corrupt::new("school_year", "study_week_days", days))
}
