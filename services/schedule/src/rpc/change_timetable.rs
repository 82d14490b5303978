//! ChangeTimetable: a deputy or the administrator puts, moves and removes lessons of a
//! draft; it is saved also with conflicts, and the answer lists them (R108).

mod steps;

use chassis::db::UnitOfWork;
use chassis::service::Cx;
use chassis::{caller, idempotency, status};
use tonic::{Request, Response, Status};
use zhurnal_proto::id::TimetableEntryId;
use zhurnal_proto::schedule::v1 as pb;

use super::parse::checked;
use super::timetable::{self, Bench, Wanted};
use super::{Answer, convert_timetable};
use crate::domain::timetable::change::{Changed, change};
use crate::store::{School, timetables};

pub(super) async fn handle(
    cx: &Cx,
    request: Request<pb::ChangeTimetableRequest>,
) -> Answer<pb::ChangeTimetableResponse> {
    let caller = caller::of(&request)?.clone();
    let message = request.into_inner();
    checked(&message)?;
    let wanted = Wanted::of(&message.school_id, &message.timetable_id)?;
    let school = wanted.let_in(cx, &caller, "schedule.timetableVersions.change")?;

    let key = idempotency::key(
        &caller.actor(),
        "ChangeTimetable",
        &message.request_id,
        &message,
    )?;
    let response = idempotency::once(&cx.db, &key, |uow| async move {
        let response = take(cx, &uow, (school, wanted), &message).await?;
        Ok((uow, response))
    })
    .await?;
    Ok(Response::new(response))
}

async fn take(
    cx: &Cx,
    uow: &UnitOfWork,
    (school, wanted): (School, Wanted),
    message: &pb::ChangeTimetableRequest,
) -> Result<pb::ChangeTimetableResponse, Status> {
    let conn = uow.conn();
    let version = wanted.lock(uow, school, &message.etag).await?;
    let rooms = steps::rooms(cx, conn, school, &message.operations).await?;
    let bench = Bench::of(cx, conn, (school, &version), None).await?;
    let steps = steps::read(conn, &bench, &rooms, &message.operations).await?;
    let before = timetable::all_entries(conn, school, &version).await?;
    let new_id = || TimetableEntryId::from_uuid(cx.ids.uuid());
    let changed = change(version, &timetable::bare(&before), steps, new_id)
        .map_err(|(at, misstep)| steps::refused(at, misstep, &message.operations))?;
    write(uow, school, &changed).await?;

    let put: Vec<_> = changed.put.iter().map(|entry| entry.id).collect();
    let (version, put) = (&changed.version, timetables::Wanted::Entries(&put));
    let put = timetables::entries(conn, school, version, put)
        .await
        .map_err(status::from_db)?;
    Ok(pb::ChangeTimetableResponse {
        timetable: Some(bench.draft_view(version)),
        entries: put.into_iter().map(convert_timetable::entry).collect(),
        removed_entry_ids: changed.removed.iter().map(ToString::to_string).collect(),
        check: Some(bench.check_view(version, &changed.entries)),
    })
}

async fn write(uow: &UnitOfWork, school: School, changed: &Changed) -> Result<(), Status> {
    let conn = uow.conn();
    if !timetables::save(conn, school, &changed.version)
        .await
        .map_err(status::from_db)?
    {
        return Err(timetable::raced());
    }
    timetables::remove_entries(conn, school, &changed.removed)
        .await
        .map_err(status::from_db)?;
    timetables::put_entries(conn, school, &changed.version, &changed.put)
        .await
        .map_err(status::from_db)
}

#[cfg(test)]
mod tests;
