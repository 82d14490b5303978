//! ApproveTimetable: the director puts a draft in force from a day on (R101). The dated
//! lessons of its days are brought in step and announced, all in one transaction.

use chassis::caller::Caller;
use chassis::db::UnitOfWork;
use chassis::service::Cx;
use chassis::{caller, idempotency, status};
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use tonic::{Request, Response, Status};
use zhurnal_proto::id::LessonId;
use zhurnal_proto::schedule::v1 as pb;
use zhurnal_proto::schedule::v1::schedule_event::Change;

use super::parse::{self, checked};
use super::preview_timetable::{Span, steps};
use super::timetable::{self, Bench, Wanted};
use super::{Answer, EVENT_ITEMS, announce, convert, convert_timetable, refused};
use crate::domain::timetable::in_step::Steps;
use crate::domain::timetable::{Approval, Version};
use crate::store::in_step::Dated;
use crate::store::{School, calendars, timetables};

pub(super) async fn handle(
    cx: &Cx,
    request: Request<pb::ApproveTimetableRequest>,
) -> Answer<pb::ApproveTimetableResponse> {
    let caller = caller::of(&request)?.clone();
    let message = request.into_inner();
    checked(&message)?;
    let wanted = Wanted::of(&message.school_id, &message.timetable_id)?;
    let valid_from = parse::date("validFrom", &message.valid_from)?;
    let school = wanted.let_in(cx, &caller, "schedule.timetableVersions.approve")?;

    let key = idempotency::key(
        &caller.actor(),
        "ApproveTimetable",
        &message.request_id,
        &message,
    )?;
    let response = idempotency::once(&cx.db, &key, |mut uow| async move {
        lock_year(cx, &uow, school, wanted).await?;
        let draft = wanted.lock(&uow, school, &message.etag).await?;
        let response = approve(cx, &mut uow, (school, draft), (valid_from, &caller)).await?;
        Ok((uow, response))
    })
    .await?;
    Ok(Response::new(response))
}

/// Approvals of a year are made one after another: each sees the versions before it.
async fn lock_year(
    cx: &Cx,
    uow: &UnitOfWork,
    school: School,
    wanted: Wanted,
) -> Result<(), Status> {
    let version = wanted.find(cx, school).await?;
    calendars::lock_year(uow.conn(), school, version.year)
        .await
        .map_err(status::from_db)
}

async fn approve(
    cx: &Cx,
    uow: &mut UnitOfWork,
    (school, draft): (School, Version),
    (valid_from, caller): (Date, &Caller),
) -> Result<pb::ApproveTimetableResponse, Status> {
    let conn = uow.conn();
    let bench = Bench::of(cx, conn, (school, &draft), Some(valid_from)).await?;
    let refusal = |refusal| refused::status(&refusal);
    draft.may_start(valid_from, bench.today).map_err(refusal)?;
    let entries = timetable::bare(&timetable::all_entries(conn, school, &draft).await?);
    let errors = bench.check(&draft, &entries).error_count();
    let approval = Approval {
        valid_from,
        by: caller.user().and_then(|user| user.person),
        at: approved_at(cx, uow, (school, &draft), valid_from).await?,
    };
    let approved = draft
        .approve(approval, bench.today, errors)
        .map_err(refusal)?;
    if !timetables::save(conn, school, &approved)
        .await
        .map_err(status::from_db)?
    {
        return Err(timetable::raced());
    }
    let reigns = timetable::reigns(conn, school, approved.year).await?;
    let span = Span::of(&approved, valid_from, &reigns);
    let (dated, steps) = steps(conn, &bench, (&approved, &entries), (span, true)).await?;
    follow(cx, uow, &bench, (&approved, dated, &steps)).await?;
    tracing::info!(school = %school.id(), timetable = %approved.id, added = steps.added,
        changed = steps.changed, removed = steps.removed, "timetable approved");
    Ok(pb::ApproveTimetableResponse {
        timetable: Some(bench.view(&approved, &reigns)),
        effect: Some(convert_timetable::effect(&steps, span.told_end)),
    })
}

/// Now, but after every other approval for that day: of two the later one is in force, also when
/// two processes' clocks differ.
async fn approved_at(
    cx: &Cx,
    uow: &UnitOfWork,
    (school, draft): (School, &Version),
    valid_from: Date,
) -> Result<Timestamp, Status> {
    let versions = timetables::of_year(uow.conn(), school, draft.year).await;
    let versions = versions.map_err(status::from_db)?;
    let others = versions.iter().filter_map(|version| version.approval);
    let others = others.filter(|it| it.valid_from == valid_from);
    let last = others.map(|it| it.at).max();
    let after = last.and_then(|at| at.checked_add(SignedDuration::from_micros(1)).ok());
    let now = cx.clock.now();
    Ok(after.map_or(now, |after| after.max(now)))
}

/// Writes the lessons that changed and announces them.
async fn follow(
    cx: &Cx,
    uow: &mut UnitOfWork,
    bench: &Bench,
    (version, dated, steps): (&Version, Dated, &Steps),
) -> Result<(), Status> {
    let mut new_id = || LessonId::from_uuid(cx.ids.uuid());
    let place = (bench.school, version.year);
    let changed = dated
        .take(
            uow.conn(),
            place,
            (&steps.steps, cx.clock.now()),
            &mut new_id,
        )
        .await
        .map_err(status::from_db)?;
    let views = changed.views(&bench.ground, &bench.titles);
    let views = views.map_err(status::from_db)?;
    let (school, now) = (bench.school.id(), cx.clock.now());
    for chunk in views.chunks(EVENT_ITEMS) {
        let lessons = chunk.iter().map(|view| convert::lesson(school, view));
        let change = Change::LessonsChanged(pb::LessonsChanged {
            lessons: lessons.collect(),
        });
        uow.announce(announce::event(school, now, change));
    }
    Ok(())
}

#[cfg(test)]
mod tests;
