//! GetSchoolYear: the staff reads the calendar of a year as the office keeps it.

use chassis::access::Facts;
use chassis::{caller, status};
use tonic::{Request, Response, Status};
use zhurnal_proto::id::SchoolId;
use zhurnal_proto::schedule::v1 as pb;

use super::parse::{self, checked};
use super::study_document::{Shelf, wanted_year};
use super::{Answer, Rpc, school_year};
use crate::store::calendars;

pub(super) async fn handle(
    rpc: &Rpc,
    request: Request<pb::GetSchoolYearRequest>,
) -> Answer<pb::GetSchoolYearResponse> {
    let cx = &rpc.cx;
    let caller = caller::of(&request)?;
    let message = request.get_ref();
    checked(message)?;
    let school: SchoolId = parse::id("schoolId", &message.school_id)?;
    let facts = Facts::school(school);
    let scope = cx
        .access
        .check(caller, "schedule.schoolYears.get", &facts)?;
    let school = parse::school(&scope)?;

    let year = wanted_year(cx, school, &message.academic_year)
        .await?
        .ok_or_else(missing)?;
    let shelf = Shelf::of(cx, cx.db.read(), school, year).await?;
    let stored = school_year::calendar(cx.db.read(), school, &shelf.year).await?;
    let grades = school_year::grades(cx.db.read(), school, shelf.year.year).await?;
    let years = calendars::years(cx.db.read(), school).await;
    let years = years.map_err(status::from_db)?;
    let next = years.last().map(|newest| newest.year.a_year_later());
    Ok(Response::new(pb::GetSchoolYearResponse {
        school_year: Some(school_year::view(rpc, &shelf, &stored, &grades)),
        academic_years: years.iter().map(|one| one.year.to_string()).collect(),
        next_academic_year: next.map(|year| year.to_string()).unwrap_or_default(),
    }))
}

fn missing() -> Status {
    status::not_found("calendar")
}

#[cfg(test)]
mod tests;
