//! GetCalendar: staff of the school and other systems read the present year's
//! periods, days off and bells.

use chassis::access::Facts;
use chassis::service::Cx;
use chassis::{caller, status};
use tonic::{Request, Response, Status};
use zhurnal_proto::id::SchoolId;
use zhurnal_proto::schedule::v1 as pb;

use super::parse::{self, checked};
use super::{Answer, convert};
use crate::store::School;
use crate::store::calendars::{self, SchoolYear};

pub(super) async fn handle(
    cx: &Cx,
    request: Request<pb::GetCalendarRequest>,
) -> Answer<pb::GetCalendarResponse> {
    let caller = caller::of(&request)?;
    checked(request.get_ref())?;
    let school: SchoolId = parse::id("schoolId", &request.get_ref().school_id)?;
    let scope = cx
        .access
        .check(caller, "schedule.calendar.get", &Facts::school(school))?;
    let school = parse::school(&scope)?;

    let year = present_year(cx, school)
        .await?
        .ok_or_else(|| status::not_found("calendar"))?;
    let calendar = calendars::calendar(cx.db.read(), school, year)
        .await
        .map_err(status::from_db)?;
    Ok(Response::new(pb::GetCalendarResponse {
        calendar: Some(convert::calendar(school.id(), &calendar)),
    }))
}

/// The school's year that is on today, by the school's own clock.
pub(super) async fn present_year(cx: &Cx, school: School) -> Result<Option<SchoolYear>, Status> {
    calendars::present_year(cx.db.read(), school, |zone| cx.clock.today(zone))
        .await
        .map_err(status::from_db)
}

#[cfg(test)]
mod tests;
