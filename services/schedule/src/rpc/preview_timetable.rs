//! PreviewTimetable: what approval from a day on would do to the dated lessons.

use chassis::service::Cx;
use chassis::{caller, status};
use jiff::civil::Date;
use sea_orm::ConnectionTrait;
use tonic::{Request, Response, Status};
use zhurnal_proto::schedule::v1 as pb;

use super::parse::{self, checked};
use super::timetable::{self, Bench, Wanted};
use super::{Answer, convert_timetable, refused};
use crate::domain::timetable::in_step::{self, Steps};
use crate::domain::timetable::{Entry, Reigns, Version};
use crate::store::in_step::{Dated, read};

pub(super) async fn handle(
    cx: &Cx,
    request: Request<pb::PreviewTimetableRequest>,
) -> Answer<pb::PreviewTimetableResponse> {
    let caller = caller::of(&request)?;
    let message = request.get_ref();
    checked(message)?;
    let wanted = Wanted::of(&message.school_id, &message.timetable_id)?;
    let valid_from = parse::date("validFrom", &message.valid_from)?;
    let school = wanted.let_in(cx, caller, "schedule.timetableVersions.preview")?;

    let refusal = |refusal| refused::status(&refusal);
    let draft = wanted.find(cx, school).await?.open(None).map_err(refusal)?;
    let conn = cx.db.read();
    let bench = Bench::of(cx, conn, (school, &draft), Some(valid_from)).await?;
    draft.may_start(valid_from, bench.today).map_err(refusal)?;
    let entries = timetable::bare(&timetable::all_entries(conn, school, &draft).await?);
    let check = convert_timetable::check(&bench.check(&draft, &entries), &bench.titles);
    let reigns = timetable::reigns(conn, school, draft.year).await?;
    let span = Span::of(&draft, valid_from, &reigns);
    let (_, steps) = steps(conn, &bench, (&draft, &entries), (span, false)).await?;
    Ok(Response::new(pb::PreviewTimetableResponse {
        effect: Some(convert_timetable::effect(&steps, span.told_end)),
        error_count: check.error_count,
        warning_count: check.warning_count,
    }))
}

/// Days whose lessons follow a version.
#[derive(Debug, Clone, Copy)]
pub(super) struct Span {
    from: Date,
    to: Date,
    /// Last day, when it is not that of the year.
    pub told_end: Option<Date>,
}

impl Span {
    /// From its first day to the day before the next version or the end of the year.
    pub fn of(version: &Version, valid_from: Date, reigns: &Reigns) -> Self {
        let told_end = reigns.end_of(valid_from);
        Self {
            from: valid_from,
            to: told_end.unwrap_or(version.year.last_day()),
            told_end,
        }
    }
}

/// The lessons of those days and what brings them in step; `keep` keeps them from others.
pub(super) async fn steps(
    conn: &impl ConnectionTrait,
    bench: &Bench,
    (version, entries): (&Version, &[Entry]),
    (span, keep): (Span, bool),
) -> Result<(Dated, Steps), Status> {
    let days = (span.from, span.to);
    let dated = read(conn, (bench.school, version.year), days, keep)
        .await
        .map_err(status::from_db)?;
    let school_days = bench.school_days(conn).await?;
    let weekly = (version.cycle, entries);
    let wanted = in_step::wanted(&bench.ground, &school_days, weekly, days);
    let held = dated.held().map_err(status::from_db)?;
    Ok((dated, in_step::steps(held, wanted)))
}

#[cfg(test)]
mod tests;
