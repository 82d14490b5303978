//! ChangeTeachingLoads: a deputy or the administrator changes loads from days on (R230). The
//! journals follow the announced loads; the timetable follows by a draft, or the answer says
//! where it differs.

mod steps;

use std::collections::HashSet;

use chassis::access::Facts;
use chassis::db::UnitOfWork;
use chassis::service::Cx;
use chassis::{caller, idempotency, status};
use sea_orm::ConnectionTrait;
use tonic::{Request, Response, Status};
use zhurnal_proto::id::SchoolId;
use zhurnal_proto::schedule::v1 as pb;
use zhurnal_proto::schedule::v1::schedule_event::Change;

use super::create_timetable::copy;
use super::parse::{self, checked};
use super::study_document::{Shelf, open_year};
use super::timetable::{self, Bench};
use super::{Answer, EVENT_ITEMS, announce, convert_study_document};
use crate::domain::load::{Changed, Handover, Load, change};
use crate::domain::study_document::Kind;
use crate::domain::timetable::{Entry, Version};
use crate::store::ground::titles;
use crate::store::{School, loads, timetables};

pub(super) async fn handle(
    cx: &Cx,
    request: Request<pb::ChangeTeachingLoadsRequest>,
) -> Answer<pb::ChangeTeachingLoadsResponse> {
    let caller = caller::of(&request)?.clone();
    let message = request.into_inner();
    checked(&message)?;
    let school: SchoolId = parse::id("schoolId", &message.school_id)?;
    let facts = Facts::school(school);
    let scope = cx
        .access
        .check(&caller, "schedule.teachingLoads.change", &facts)?;
    let school = parse::school(&scope)?;

    let key = idempotency::key(
        &caller.actor(),
        "ChangeTeachingLoads",
        &message.request_id,
        &message,
    )?;
    let year = open_year(cx, school, &message.academic_year).await?;
    let response = idempotency::once(&cx.db, &key, |mut uow| async move {
        let shelf = Shelf::lock(cx, &uow, school, year).await?;
        let response = take(cx, &mut uow, shelf, &message).await?;
        Ok((uow, response))
    })
    .await?;
    Ok(Response::new(response))
}

async fn take(
    cx: &Cx,
    uow: &mut UnitOfWork,
    mut shelf: Shelf,
    message: &pb::ChangeTeachingLoadsRequest,
) -> Result<pb::ChangeTeachingLoadsResponse, Status> {
    let (school, year) = (shelf.school, shelf.year.year);
    let draft = shelf.draft(
        cx,
        Kind::TeachingLoad,
        chassis::etag::version(&message.etag),
    )?;
    let wanted = steps::read(cx, uow.conn(), &shelf, &message.operations).await?;
    let present = loads::of_year(uow.conn(), school, year).await;
    let present = present.map_err(status::from_db)?;
    let changed = change(&present, &wanted, (shelf.today, year))
        .map_err(|(at, fault)| steps::refused(&message.operations, at, fault))?;
    loads::put(uow.conn(), (school, year), &changed.loads)
        .await
        .map_err(status::from_db)?;
    let teaching_loads = announce_loads(cx, uow, &shelf, &changed.loads).await?;
    let document = shelf.write(cx, uow, &draft).await?;
    let (timetable, timetable_loads) =
        follow(cx, uow.conn(), &shelf, (&changed, message.draft_timetable)).await?;
    Ok(pb::ChangeTeachingLoadsResponse {
        teaching_loads,
        study_document: Some(document),
        timetable,
        timetable_loads,
    })
}

/// Tells the feed of the loads; what was told.
pub(super) async fn announce_loads(
    cx: &Cx,
    uow: &mut UnitOfWork,
    shelf: &Shelf,
    loads: &[Load],
) -> Result<Vec<pb::TeachingLoad>, Status> {
    let school = shelf.school.id();
    let titles = titles(uow.conn(), shelf.school, &shelf.year).await;
    let titles = titles.map_err(status::from_db)?;
    let told = loads.iter();
    let told =
        told.map(|load| convert_study_document::load(school, shelf.year.year, load, &titles));
    let told: Vec<pb::TeachingLoad> = told.collect();
    for chunk in told.chunks(EVENT_ITEMS) {
        let change = Change::TeachingLoadsChanged(pb::TeachingLoadsChanged {
            teaching_loads: chunk.to_vec(),
        });
        uow.announce(announce::event(school, cx.clock.now(), change));
    }
    Ok(told)
}

/// The draft of the timetable that follows the change, if one is asked for, and where it or
/// the version in force differs from the loads concerned.
async fn follow(
    cx: &Cx,
    conn: &impl ConnectionTrait,
    shelf: &Shelf,
    (changed, draft): (&Changed, bool),
) -> Result<(Option<pb::Timetable>, Vec<pb::TimetableLoad>), Status> {
    let (school, year) = (shelf.school, shelf.year.year);
    let reigns = timetable::reigns(conn, school, year).await?;
    let Some(id) = reigns.on(changed.from) else {
        return Ok((None, Vec::new()));
    };
    let version = timetables::find(conn, school, id).await;
    let mut version = version
        .map_err(status::from_db)?
        .ok_or_else(timetable::raced)?;
    if draft {
        let title = format!("Нагрузка с {}", changed.from.strftime("%d.%m.%Y"));
        version = copy(cx, conn, (school, &version), title).await?;
        hand_over(conn, school, &version, &changed.handovers).await?;
        let found = timetables::find(conn, school, version.id).await;
        version = found
            .map_err(status::from_db)?
            .ok_or_else(timetable::raced)?;
    }
    let bench = Bench::of(cx, conn, (school, &version), Some(changed.from)).await?;
    let entries = timetable::bare(&timetable::all_entries(conn, school, &version).await?);
    let concerned: HashSet<(String, String)> = changed
        .loads
        .iter()
        .map(|load| (load.group.to_string(), load.subject.to_string()))
        .collect();
    let mut differing = bench.check_view(&version, &entries).loads;
    differing.retain(|load| concerned.contains(&(load.group_id.clone(), load.subject_id.clone())));
    Ok((draft.then(|| bench.draft_view(&version)), differing))
}

/// Gives the lessons of a draft to their new teachers and takes out those of ended loads.
async fn hand_over(
    conn: &impl ConnectionTrait,
    school: School,
    draft: &Version,
    handovers: &[Handover],
) -> Result<(), Status> {
    let before = timetable::bare(&timetable::all_entries(conn, school, draft).await?);
    let (mut put, mut gone): (Vec<Entry>, Vec<_>) = (Vec::new(), Vec::new());
    for entry in before {
        let now = handovers.iter().try_fold(entry, |entry, one| {
            let of = (entry.group, entry.subject, entry.teacher);
            if of == (one.group, one.subject, one.from) {
                one.to.map(|teacher| Entry { teacher, ..entry })
            } else {
                Some(entry)
            }
        });
        match now {
            Some(now) if now != entry => put.push(now),
            Some(_) => {}
            None => gone.push(entry.id),
        }
    }
    let left = draft.entry_count - u32::try_from(gone.len()).unwrap_or(0);
    let saved = Version {
        entry_count: left,
        version: draft.version + 1,
        ..draft.clone()
    };
    let written = async {
        timetables::put_entries(conn, school, draft, &put).await?;
        timetables::remove_entries(conn, school, &gone).await?;
        timetables::save(conn, school, &saved).await
    };
    written.await.map_err(status::from_db).map(|_| ())
}

#[cfg(test)]
mod tests;
