//! GetTimesheet: the month's lessons of each teacher (табель, R116), for those who
//! answer for it.

use chassis::access::Facts;
use chassis::service::Cx;
use chassis::{caller, status};
use jiff::civil::Date;
use tonic::{Request, Response, Status};
use zhurnal_proto::id::{PersonId, SchoolId};
use zhurnal_proto::schedule::v1 as pb;

use super::Answer;
use super::parse::{self, checked};
use crate::domain::timesheet::{Row, timesheet};
use crate::store::lessons;

pub(super) async fn handle(
    cx: &Cx,
    request: Request<pb::GetTimesheetRequest>,
) -> Answer<pb::GetTimesheetResponse> {
    let caller = caller::of(&request)?;
    let message = request.get_ref();
    checked(message)?;
    let school: SchoolId = parse::id("schoolId", &message.school_id)?;
    let first = month(&message.month)?;
    let scope = cx
        .access
        .check(caller, "schedule.timesheets.get", &Facts::school(school))?;
    let school = parse::school(&scope)?;

    let days = (first, first.last_of_month());
    let stints = lessons::stints(cx.db.read(), school, days)
        .await
        .map_err(status::from_db)?;
    let rows = timesheet(&stints).into_iter().map(row).collect();
    Ok(Response::new(pb::GetTimesheetResponse { rows }))
}

/// First day of `2026-09`.
fn month(text: &str) -> Result<Date, Status> {
    let shaped = text.len() == 7 && text.is_ascii();
    let first: Option<Date> = shaped.then(|| format!("{text}-01").parse().ok()).flatten();
    first
        .ok_or_else(|| status::invalid_field("month", "INVALID_MONTH", "месяц пишется как 2026-09"))
}

fn row((teacher, row): (PersonId, Row)) -> pb::TimesheetRow {
    pb::TimesheetRow {
        teacher_id: teacher.to_string(),
        planned: row.planned,
        replaced: row.replaced,
        cancelled: row.cancelled,
        substituted: row.substituted,
        given: row.given(),
        days: row
            .days
            .into_iter()
            .map(|(date, given)| pb::TimesheetDay {
                date: date.to_string(),
                given,
            })
            .collect(),
    }
}

#[cfg(test)]
mod tests;
