//! ListTimetables: the staff of a school sees the versions of a year's timetable.

use chassis::access::Facts;
use chassis::service::Cx;
use chassis::{caller, status};
use tonic::{Request, Response};
use zhurnal_proto::id::SchoolId;
use zhurnal_proto::schedule::v1 as pb;

use super::parse::{self, checked};
use super::study_document::wanted_year;
use super::{Answer, convert_timetable};
use crate::domain::timetable::Reigns;
use crate::store::timetables;

pub(super) async fn handle(
    cx: &Cx,
    request: Request<pb::ListTimetablesRequest>,
) -> Answer<pb::ListTimetablesResponse> {
    let caller = caller::of(&request)?;
    let message = request.get_ref();
    checked(message)?;
    let school: SchoolId = parse::id("schoolId", &message.school_id)?;
    let facts = Facts::school(school);
    let scope = cx
        .access
        .check(caller, "schedule.timetableVersions.list", &facts)?;
    let school = parse::school(&scope)?;

    let Some(year) = wanted_year(cx, school, &message.academic_year).await? else {
        return Ok(Response::new(pb::ListTimetablesResponse::default()));
    };
    let versions = timetables::of_year(cx.db.read(), school, year.year)
        .await
        .map_err(status::from_db)?;
    let (reigns, today) = (Reigns::of(&versions), cx.clock.today(&year.time_zone));
    let timetables = versions.iter().rev().map(|version| {
        let reign = reigns.of_version(version.id);
        convert_timetable::timetable(school.id(), version, reign, (today, &year.time_zone))
    });
    Ok(Response::new(pb::ListTimetablesResponse {
        timetables: timetables.collect(),
    }))
}

#[cfg(test)]
mod tests;
