//! The lists of a school year as requests have them.

use chassis::status;
use tonic::Status;
use zhurnal_proto::schedule::v1 as pb;

use super::{convert, parse};
use crate::domain::bells::Bell;
use crate::domain::calendar::{DayOff, DayOffSource, Holiday, Period, ShortenedDay};
use crate::domain::school_year::Content;

/// The lists of a request.
pub struct Lists<'a> {
    /// Periods.
    pub periods: &'a [pb::PlannedPeriod],
    /// Holidays beside the gaps between periods.
    pub holidays: &'a [pb::Holiday],
    /// Days off.
    pub days_off: &'a [pb::DayOff],
    /// Days with shorter lessons.
    pub shortened_days: &'a [pb::ShortenedDay],
}

impl Lists<'_> {
    /// As the domain sees them.
    pub fn content(&self) -> Result<Content, Status> {
        let at = |list: &str, at: usize| format!("{list}[{at}]");
        let periods = self.periods.iter().enumerate();
        let holidays = self.holidays.iter().enumerate();
        let days_off = self.days_off.iter().enumerate();
        let shortened = self.shortened_days.iter().enumerate();
        Ok(Content {
            periods: periods
                .map(|(n, one)| {
                    let field = at("periods", n);
                    let id = parse::optional_id(&format!("{field}.periodId"), &one.period_id)?;
                    Ok((id, period(&field, one)?))
                })
                .collect::<Result<_, Status>>()?,
            holidays: holidays
                .map(|(n, one)| holiday(&at("holidays", n), one))
                .collect::<Result<_, _>>()?,
            days_off: days_off
                .map(|(n, one)| day_off(&at("daysOff", n), one))
                .collect::<Result<_, _>>()?,
            shortened: shortened
                .map(|(n, one)| shortened_day(&at("shortenedDays", n), one))
                .collect::<Result<_, _>>()?,
        })
    }
}

/// Bells of a list; each as it is told, whether they can be rung or not.
pub fn bells(list: &[pb::Bell]) -> Result<Vec<Bell>, Status> {
    let list = list.iter().enumerate();
    list.map(|(n, one)| bell(&format!("bells[{n}]"), one))
        .collect()
}

/// A number that the proto's rules keep far below 255.
fn small(number: u32) -> u8 {
    u8::try_from(number).unwrap_or(u8::MAX)
}

fn period(at: &str, one: &pb::PlannedPeriod) -> Result<Period, Status> {
    let kind = convert::read_period_kind(one.kind());
    Ok(Period {
        title: one.title.trim().to_owned(),
        kind: kind.ok_or_else(|| {
            status::invalid_field(&format!("{at}.kind"), "REQUIRED", "поле обязательно")
        })?,
        starts_on: parse::date(&format!("{at}.startsOn"), &one.starts_on)?,
        ends_on: parse::date(&format!("{at}.endsOn"), &one.ends_on)?,
        grade_from: small(one.grade_from),
        grade_to: small(one.grade_to),
    })
}

fn holiday(at: &str, one: &pb::Holiday) -> Result<Holiday, Status> {
    Ok(Holiday {
        title: one.title.trim().to_owned(),
        starts_on: parse::date(&format!("{at}.startsOn"), &one.starts_on)?,
        ends_on: parse::date(&format!("{at}.endsOn"), &one.ends_on)?,
        grade_from: small(one.grade_from),
        grade_to: small(one.grade_to),
    })
}

fn day_off(at: &str, one: &pb::DayOff) -> Result<DayOff, Status> {
    Ok(DayOff {
        date: parse::date(&format!("{at}.date"), &one.date)?,
        title: one.title.trim().to_owned(),
        source: DayOffSource::School,
    })
}

fn shortened_day(at: &str, one: &pb::ShortenedDay) -> Result<ShortenedDay, Status> {
    Ok(ShortenedDay {
        date: parse::date(&format!("{at}.date"), &one.date)?,
        title: one.title.trim().to_owned(),
        lesson_minutes: small(one.lesson_minutes),
    })
}

/// A bell.
pub fn bell(at: &str, item: &pb::Bell) -> Result<Bell, Status> {
    Ok(Bell {
        shift: small(item.shift),
        number: small(item.lesson_number),
        starts_at: parse::value(&format!("{at}.startsAt"), "INVALID_TIME", &item.starts_at)?,
        ends_at: parse::value(&format!("{at}.endsAt"), "INVALID_TIME", &item.ends_at)?,
    })
}
