//! UndoDayChange: the lessons of a changed day are as they were before, with their
//! substitutes; what is recorded in them stays.

use std::collections::{HashMap, HashSet};

use chassis::access::Facts;
use chassis::caller::Caller;
use chassis::db::UnitOfWork;
use chassis::service::Cx;
use chassis::{caller, idempotency, status};
use tonic::{Request, Response, Status};
use zhurnal_proto::id::{DayChangeId, LessonId, SchoolId};
use zhurnal_proto::schedule::v1 as pb;

use super::get_calendar::present_year;
use super::parse::{self, checked};
use super::{Answer, day_change, refused, school_year};
use crate::domain::academic_year::AcademicYear;
use crate::domain::calendar::Calendar;
use crate::domain::day_change::{DayChange, Kind};
use crate::domain::lesson::{Lesson, LessonState};
use crate::domain::refusal::Refusal;
use crate::store::lessons::LessonView;
use crate::store::{School, calendars, day_changes};

pub(super) async fn handle(
    cx: &Cx,
    request: Request<pb::UndoDayChangeRequest>,
) -> Answer<pb::UndoDayChangeResponse> {
    let caller = caller::of(&request)?.clone();
    let message = request.into_inner();
    checked(&message)?;
    let school: SchoolId = parse::id("schoolId", &message.school_id)?;
    let id: DayChangeId = parse::id("dayChangeId", &message.day_change_id)?;
    let facts = Facts::school(school);
    let scope = cx
        .access
        .check(&caller, "schedule.dayChanges.undo", &facts)?;
    let school = parse::school(&scope)?;

    let key = idempotency::key(
        &caller.actor(),
        "UndoDayChange",
        &message.request_id,
        &message,
    )?;
    let seen = chassis::etag::version(&message.etag);
    let response = idempotency::once(&cx.db, &key, |mut uow| async move {
        let response = undo(cx, &mut uow, (school, id), (seen, &caller)).await?;
        Ok((uow, response))
    })
    .await?;
    Ok(Response::new(response))
}

async fn undo(
    cx: &Cx,
    uow: &mut UnitOfWork,
    (school, id): (School, DayChangeId),
    (seen, caller): (Option<i64>, &Caller),
) -> Result<pb::UndoDayChangeResponse, Status> {
    let refuse = |refusal: Refusal| refused::status(&refusal);
    let found = day_changes::lock(uow.conn(), school, id).await;
    let found = found.map_err(status::from_db)?;
    let change = found.ok_or_else(|| status::not_found("day_change"))?;
    let year = present_year(cx, school).await?;
    let year = year.ok_or_else(|| refuse(Refusal::SchoolYearMissing))?;
    let today = cx.clock.today(&year.time_zone);
    let act = day_change::act(cx, caller);
    let undone = change.undo(seen, act, today).map_err(refuse)?;
    let noted = day_changes::noted(uow.conn(), school, id).await;
    let views = day_change::lessons_of(uow.conn(), school, undone.date).await?;
    let calendar = calendar_of(uow, school, &views).await?;
    let noted = noted.map_err(status::from_db)?;
    let lessons = restored(&views, &undone, (&noted, calendar.as_ref()));
    day_changes::put(uow.conn(), school, &undone)
        .await
        .map_err(status::from_db)?;
    let restored_count = u32::try_from(lessons.len()).unwrap_or(u32::MAX);
    let day_change = day_change::write(cx, uow, (school, &undone), &lessons).await?;
    Ok(pb::UndoDayChangeResponse {
        day_change: Some(day_change),
        restored_count,
    })
}

/// The calendar of the lessons' year; none when there is no lesson.
async fn calendar_of(
    uow: &UnitOfWork,
    school: School,
    views: &[LessonView],
) -> Result<Option<Calendar>, Status> {
    let Some(view) = views.first() else {
        return Ok(None);
    };
    let year: AcademicYear = parse::value("academicYear", "INVALID_YEAR", &view.academic_year)?;
    let year = calendars::year(uow.conn(), school, year).await;
    let Some(year) = year.map_err(status::from_db)? else {
        return Ok(None);
    };
    let stored = school_year::calendar(uow.conn(), school, &year).await?;
    Ok(Some(stored.days()))
}

/// Lessons of the change as they were. One whose place the group has another lesson in by now
/// stays cancelled, and so does one whose day has become a day without lessons.
fn restored(
    views: &[LessonView],
    change: &DayChange,
    (noted, calendar): (&HashMap<LessonId, String>, Option<&Calendar>),
) -> Vec<Lesson> {
    let is_taught = |view: &LessonView| {
        calendar.is_none_or(|calendar| calendar.is_school_day(view.grade, change.date))
    };
    let cancelled = |view: &LessonView| matches!(view.lesson.state, LessonState::Cancelled { .. });
    let place = |view: &LessonView| (view.lesson.group, view.number);
    let taken: HashSet<_> = views
        .iter()
        .filter(|view| !cancelled(view))
        .map(place)
        .collect();
    let one = |view: &LessonView| {
        let reason = noted.get(&view.lesson.id)?.clone();
        let lesson = view.lesson.clone();
        match change.kind {
            Kind::Cancelled if taken.contains(&place(view)) || !is_taught(view) => None,
            Kind::Cancelled => lesson.restore(reason),
            Kind::Remote => lesson.set_remote(false),
        }
    };
    views.iter().filter_map(one).collect()
}

#[cfg(test)]
mod tests;
