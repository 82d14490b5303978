//! DraftSchoolYear: a deputy or the administrator sees what the next year would be; nothing is
//! saved.

use std::collections::BTreeSet;

use chassis::access::Facts;
use chassis::{caller, status};
use tonic::{Request, Response, Status};
use zhurnal_proto::id::SchoolId;
use zhurnal_proto::schedule::v1 as pb;

use super::parse::{self, checked};
use super::school_year::{content_of, grade_days, regional};
use super::{Answer, Rpc, convert, refused, school_year};
use crate::domain::academic_year::AcademicYear;
use crate::domain::calendar::Period;
use crate::domain::next_year;
use crate::domain::refusal::Refusal;
use crate::store::{School, calendars};

pub(super) async fn handle(
    rpc: &Rpc,
    request: Request<pb::DraftSchoolYearRequest>,
) -> Answer<pb::DraftSchoolYearResponse> {
    let cx = &rpc.cx;
    let caller = caller::of(&request)?;
    let message = request.get_ref();
    checked(message)?;
    let school: SchoolId = parse::id("schoolId", &message.school_id)?;
    let facts = Facts::school(school);
    let scope = cx
        .access
        .check(caller, "schedule.schoolYears.draft", &facts)?;
    let school = parse::school(&scope)?;
    Ok(Response::new(pb::DraftSchoolYearResponse {
        draft: Some(draft(rpc, school).await?),
    }))
}

async fn draft(rpc: &Rpc, school: School) -> Result<pb::SchoolYearDraft, Status> {
    let conn = rpc.cx.db.read();
    let years = calendars::years(conn, school).await;
    let newest = years.map_err(status::from_db)?.pop();
    let newest = newest.ok_or_else(|| refused::status(&Refusal::SchoolYearMissing))?;
    let source = school_year::calendar(conn, school, &newest).await?;
    let (year, week) = (newest.year.a_year_later(), newest.week);
    let named = regional(rpc, year, week);
    let days = named.as_ref().map_or(&[][..], |(_, days)| days);
    let mut before = content_of(&source);
    // An import may list the region's days off as the school's own.
    let of_source = regional(rpc, newest.year, week).unwrap_or_default();
    before.attribute(&of_source.1, &source.days_off);
    let content = next_year::draft(&before, (year, week), days);
    let calendar = content.calendar(week);
    let grades = school_year::grades(conn, school, year).await?;
    let periods = content.periods.iter();
    Ok(pb::SchoolYearDraft {
        academic_year: year.to_string(),
        source_academic_year: newest.year.to_string(),
        study_week_days: week.days().into(),
        periods: periods.map(|(_, one)| planned(one)).collect(),
        holidays: content.holidays.iter().map(convert::holiday).collect(),
        days_off: content.days_off.iter().map(convert::day_off).collect(),
        shortened_days: content
            .shortened
            .iter()
            .map(convert::shortened_day)
            .collect(),
        bells: source.bells.iter().map(convert::bell).collect(),
        gaps: gaps(rpc, year, &grades),
        regional: named.as_ref().map(convert::regional),
        grades: grade_days(&calendar, &grades),
    })
}

fn gaps(rpc: &Rpc, year: AcademicYear, grades: &BTreeSet<u8>) -> Vec<i32> {
    let mut gaps = Vec::new();
    if rpc.calendars.of(year).is_none() {
        gaps.push(pb::SchoolYearGap::RegionalCalendar.into());
    }
    if grades.is_empty() {
        gaps.push(pb::SchoolYearGap::Classes.into());
    }
    gaps
}

fn planned(one: &Period) -> pb::PlannedPeriod {
    pb::PlannedPeriod {
        title: one.title.clone(),
        kind: convert::period_kind(one.kind).into(),
        starts_on: one.starts_on.to_string(),
        ends_on: one.ends_on.to_string(),
        grade_from: one.grade_from.into(),
        grade_to: one.grade_to.into(),
        period_id: String::new(),
    }
}

#[cfg(test)]
mod tests;
