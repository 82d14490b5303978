//! SaveSchoolYear: a deputy or the administrator changes the calendar of a year (R46, R229).
//! The dated lessons of the days that become others, or get other bells (R239), are brought in step, and the calendar, the
//! lessons and the version that the director is to approve are announced, in one transaction.

use chassis::access::Facts;
use chassis::db::UnitOfWork;
use chassis::{caller, idempotency, status};
use tonic::{Request, Response, Status};
use zhurnal_proto::id::{LessonId, PeriodId, SchoolId};
use zhurnal_proto::schedule::v1 as pb;
use zhurnal_proto::schedule::v1::schedule_event::Change;

use super::parse::{self, checked};
use super::school_year::{self, Weighed, weigh};
use super::study_document::{Shelf, open_year};
use super::year_lists::{self, Lists};
use super::{Answer, EVENT_ITEMS, Rpc, announce, convert};
use crate::domain::bells::Bell;
use crate::domain::school_year::Content;
use crate::domain::study_document::Kind;
use crate::store::calendars::{self, StoredCalendar};
use crate::store::ground::titles;
use crate::store::school_years::{self, Calendar};

struct Command {
    school: SchoolId,
    content: Content,
    bells: Vec<Bell>,
    seen: Option<i64>,
}

impl TryFrom<&pb::SaveSchoolYearRequest> for Command {
    type Error = Status;

    fn try_from(request: &pb::SaveSchoolYearRequest) -> Result<Self, Status> {
        checked(request)?;
        let lists = Lists {
            periods: &request.periods,
            holidays: &request.holidays,
            days_off: &request.days_off,
            shortened_days: &request.shortened_days,
        };
        Ok(Self {
            school: parse::id("schoolId", &request.school_id)?,
            content: lists.content()?,
            bells: year_lists::bells(&request.bells)?,
            seen: chassis::etag::version(&request.etag),
        })
    }
}

pub(super) async fn handle(
    rpc: &Rpc,
    request: Request<pb::SaveSchoolYearRequest>,
) -> Answer<pb::SaveSchoolYearResponse> {
    let cx = &rpc.cx;
    let caller = caller::of(&request)?.clone();
    let message = request.into_inner();
    let command = Command::try_from(&message)?;
    let facts = Facts::school(command.school);
    let scope = cx
        .access
        .check(&caller, "schedule.schoolYears.save", &facts)?;
    let school = parse::school(&scope)?;

    let key = idempotency::key(
        &caller.actor(),
        "SaveSchoolYear",
        &message.request_id,
        &message,
    )?;
    let year = open_year(cx, school, &message.academic_year).await?.year;
    let response = idempotency::once(&cx.db, &key, |mut uow| async move {
        calendars::lock_year(uow.conn(), school, year)
            .await
            .map_err(status::from_db)?;
        // As the transactions before have left it.
        let year = calendars::year(uow.conn(), school, year).await;
        let year = year.map_err(status::from_db)?;
        let year = year.ok_or_else(|| status::not_found("calendar"))?;
        let mut shelf = Shelf::of(cx, uow.conn(), school, year).await?;
        let draft = shelf.draft(cx, Kind::Calendar, command.seen)?;
        let place = (school, &shelf.year);
        let changed = (command.content, command.bells, true);
        let weighed = weigh(rpc, uow.conn(), place, changed).await?;
        let (stored, effect) = write(rpc, &mut uow, &mut shelf, weighed).await?;
        shelf.write(cx, &mut uow, &draft).await?;
        let grades = school_year::grades(uow.conn(), school, shelf.year.year).await?;
        let response = pb::SaveSchoolYearResponse {
            school_year: Some(school_year::view(rpc, &shelf, &stored, &grades)),
            effect: Some(effect),
        };
        Ok((uow, response))
    })
    .await?;
    Ok(Response::new(response))
}

/// Writes and announces the calendar and the lessons that follow it.
async fn write(
    rpc: &Rpc,
    uow: &mut UnitOfWork,
    shelf: &mut Shelf,
    weighed: Weighed,
) -> Result<(StoredCalendar, pb::SchoolYearEffect), Status> {
    let (cx, school) = (&rpc.cx, shelf.school);
    let year = shelf.year.year;
    let mut new_period = || PeriodId::from_uuid(cx.ids.uuid());
    let content = (&weighed.content, weighed.bells.clone());
    let calendar = Calendar::of(content, &mut new_period);
    let version = weighed.regional_version;
    school_years::put(uow.conn(), school, year, (&calendar, version))
        .await
        .map_err(status::from_db)?;
    shelf.year.regional_version = version;
    let stored = school_year::calendar(uow.conn(), school, &shelf.year).await?;
    let change = Change::CalendarChanged(pb::CalendarChanged {
        calendar: Some(convert::calendar(school.id(), &stored)),
    });
    uow.announce(announce::event(school.id(), cx.clock.now(), change));
    let effect = weighed.effect.clone();
    follow(rpc, uow, shelf, weighed).await?;
    tracing::info!(school = %school.id(), %year, added = effect.added,
        changed = effect.changed, removed = effect.removed, "calendar changed");
    Ok((stored, effect))
}

/// Writes the lessons that changed and announces them.
async fn follow(
    rpc: &Rpc,
    uow: &mut UnitOfWork,
    shelf: &Shelf,
    weighed: Weighed,
) -> Result<(), Status> {
    let cx = &rpc.cx;
    let mut new_id = || LessonId::from_uuid(cx.ids.uuid());
    let place = (shelf.school, shelf.year.year);
    let steps = &weighed.steps.steps;
    let changed = weighed
        .dated
        .take(uow.conn(), place, (steps, cx.clock.now()), &mut new_id)
        .await
        .map_err(status::from_db)?;
    let titles = titles(uow.conn(), shelf.school, &shelf.year).await;
    let titles = titles.map_err(status::from_db)?;
    let views = changed.views(&weighed.ground, &titles);
    let views = views.map_err(status::from_db)?;
    let school = shelf.school.id();
    for chunk in views.chunks(EVENT_ITEMS) {
        let lessons = chunk.iter().map(|view| convert::lesson(school, view));
        let change = Change::LessonsChanged(pb::LessonsChanged {
            lessons: lessons.collect(),
        });
        uow.announce(announce::event(school, cx.clock.now(), change));
    }
    Ok(())
}

#[cfg(test)]
mod bells;
#[cfg(test)]
mod tests;
