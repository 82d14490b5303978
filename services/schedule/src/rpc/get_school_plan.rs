//! GetSchoolPlan: roster's export reads a school's plan of a year in the terms of PutSchoolPlan.

use chassis::access::Facts;
use chassis::service::Cx;
use chassis::{caller, status};
use jiff::civil::Date;
use sea_orm::DbErr;
use tonic::{Request, Response};
use zhurnal_proto::id::SchoolId;
use zhurnal_proto::schedule::v1 as pb;

use super::parse::{self, checked};
use super::{Answer, convert};
use crate::domain::academic_year::AcademicYear;
use crate::domain::calendar::{DayOffSource, Period};
use crate::domain::timetable::Reigns;
use crate::store::timetables::{self, EntryView, Wanted};
use crate::store::{School, calendars, loads};

pub(super) async fn handle(
    cx: &Cx,
    request: Request<pb::GetSchoolPlanRequest>,
) -> Answer<pb::GetSchoolPlanResponse> {
    let caller = caller::of(&request)?;
    let message = request.get_ref();
    checked(message)?;
    let school: SchoolId = parse::id("schoolId", &message.school_id)?;
    let facts = Facts::school(school);
    let scope = cx.access.check(caller, "schedule.plans.get", &facts)?;
    let school = parse::school(&scope)?;
    let year: AcademicYear = parse::value("academicYear", "INVALID_YEAR", &message.academic_year)?;

    let plan = read(cx, school, year).await.map_err(status::from_db)?;
    Ok(Response::new(plan))
}

async fn read(
    cx: &Cx,
    school: School,
    year: AcademicYear,
) -> Result<pb::GetSchoolPlanResponse, DbErr> {
    let conn = cx.db.read();
    let Some(found) = calendars::year(conn, school, year).await? else {
        return Ok(pb::GetSchoolPlanResponse::default());
    };
    let today = cx.clock.today(&found.time_zone);
    let day = today.clamp(year.first_day(), year.last_day());
    let stored = calendars::calendar(conn, school, found).await?;
    let own = |day: &&crate::domain::calendar::DayOff| day.source == DayOffSource::School;
    Ok(pb::GetSchoolPlanResponse {
        periods: stored.periods.iter().map(|(_, one)| period(one)).collect(),
        days_off: stored
            .days_off
            .iter()
            .filter(own)
            .map(convert::day_off)
            .collect(),
        bells: stored.bells.iter().map(convert::bell).collect(),
        loads: in_force(cx, (school, year), day).await?,
        weekly_lessons: weekly(cx, (school, year), day).await?,
    })
}

async fn in_force(
    cx: &Cx,
    (school, year): (School, AcademicYear),
    day: Date,
) -> Result<Vec<pb::PlannedLoad>, DbErr> {
    let (year, day) = (year.to_string(), day.to_string());
    let all = loads::list(
        cx.db.read(),
        (school, &year),
        (None, None),
        None,
        u64::MAX >> 1,
    )
    .await?;
    let mut all: Vec<loads::LoadView> = all
        .into_iter()
        .filter(|one| one.starts_on <= day)
        .filter(|one| one.ends_on.as_ref().is_none_or(|last| *last >= day))
        .collect();
    all.sort_by_key(|one| {
        (
            one.group.uuid(),
            one.subject_title.clone(),
            one.teacher.uuid(),
        )
    });
    let load = |one: loads::LoadView| pb::PlannedLoad {
        group_id: one.group.to_string(),
        subject: one.subject_title,
        teacher_id: one.teacher.to_string(),
        weekly_hours_hundredths: one.weekly_hours_hundredths,
    };
    Ok(all.into_iter().map(load).collect())
}

async fn weekly(
    cx: &Cx,
    (school, year): (School, AcademicYear),
    day: Date,
) -> Result<Vec<pb::PlannedLesson>, DbErr> {
    let conn = cx.db.read();
    let versions = timetables::of_year(conn, school, year).await?;
    let in_force = Reigns::of(&versions).on(day);
    let Some(version) = versions.iter().find(|one| Some(one.id) == in_force) else {
        return Ok(Vec::new());
    };
    let entries = timetables::entries(conn, school, version, Wanted::All).await?;
    let of_first_week = entries.into_iter().filter(|one| one.entry.week.is_in(1));
    Ok(of_first_week.map(lesson).collect())
}

fn lesson(of: EntryView) -> pb::PlannedLesson {
    pb::PlannedLesson {
        weekday: of.entry.weekday.into(),
        lesson_number: of.entry.number.into(),
        group_id: of.entry.group.to_string(),
        subject: of.subject_title,
        teacher_id: of.entry.teacher.to_string(),
        room: of.room,
    }
}

fn period(of: &Period) -> pb::PlannedPeriod {
    pb::PlannedPeriod {
        title: of.title.clone(),
        kind: convert::period_kind(of.kind).into(),
        starts_on: of.starts_on.to_string(),
        ends_on: of.ends_on.to_string(),
        grade_from: of.grade_from.into(),
        grade_to: of.grade_to.into(),
        period_id: String::new(),
    }
}

#[cfg(test)]
mod tests;
