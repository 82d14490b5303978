//! CreateTimetable: a deputy or the administrator copies a version as a draft (R236).

use chassis::service::Cx;
use chassis::{caller, idempotency, status};
use tonic::{Request, Response, Status};
use zhurnal_proto::id::{TimetableEntryId, TimetableId};
use zhurnal_proto::schedule::v1 as pb;

use super::parse::checked;
use super::timetable::{self, Wanted};
use super::{Answer, convert_timetable, refused};
use crate::domain::academic_year::AcademicYear;
use crate::domain::refusal::Refusal;
use crate::domain::timetable::{Entry, MOST_DRAFTS, Version};
use crate::store::{School, calendars, timetables};

pub(super) async fn handle(
    cx: &Cx,
    request: Request<pb::CreateTimetableRequest>,
) -> Answer<pb::CreateTimetableResponse> {
    let caller = caller::of(&request)?.clone();
    let message = request.into_inner();
    checked(&message)?;
    let source = Wanted::of(&message.school_id, &message.source_timetable_id)?;
    let school = source.let_in(cx, &caller, "schedule.timetableVersions.create")?;

    let key = idempotency::key(
        &caller.actor(),
        "CreateTimetable",
        &message.request_id,
        &message,
    )?;
    let source = source.find(cx, school).await?;
    let title = message.title.trim().to_owned();
    let year = timetable::year_of(cx.db.read(), school, source.year).await?;
    let today = cx.clock.today(&year.time_zone);
    let response = idempotency::once(&cx.db, &key, |uow| async move {
        let draft = copy(cx, uow.conn(), (school, &source), title).await?;
        let now = (today, &year.time_zone);
        let timetable = convert_timetable::timetable(school.id(), &draft, None, now);
        Ok((
            uow,
            pb::CreateTimetableResponse {
                timetable: Some(timetable),
            },
        ))
    })
    .await?;
    Ok(Response::new(response))
}

/// A draft that copies a version.
pub(super) async fn copy(
    cx: &Cx,
    conn: &impl sea_orm::ConnectionTrait,
    (school, source): (School, &Version),
    title: String,
) -> Result<Version, Status> {
    let number = next_number(conn, school, source.year).await?;
    let views = timetable::all_entries(conn, school, source).await?;
    let id = TimetableId::from_uuid(cx.ids.uuid());
    let mut draft = Version::draft_of(source, id, number, title);
    draft.entry_count = u32::try_from(views.len()).unwrap_or(u32::MAX);
    let entries: Vec<Entry> = views
        .into_iter()
        .map(|view| Entry {
            id: TimetableEntryId::from_uuid(cx.ids.uuid()),
            ..view.entry
        })
        .collect();
    timetables::insert(conn, school, &draft)
        .await
        .map_err(status::from_db)?;
    timetables::put_entries(conn, school, &draft, &entries)
        .await
        .map_err(status::from_db)?;
    Ok(draft)
}

/// The number of the next version of a year, which is kept from others until the transaction ends.
pub(super) async fn next_number(
    conn: &impl sea_orm::ConnectionTrait,
    school: School,
    year: AcademicYear,
) -> Result<i32, Status> {
    calendars::lock_year(conn, school, year)
        .await
        .map_err(status::from_db)?;
    let versions = timetables::of_year(conn, school, year)
        .await
        .map_err(status::from_db)?;
    let drafts = versions.iter().filter(|one| one.approval.is_none()).count();
    if drafts >= MOST_DRAFTS {
        return Err(refused::status(&Refusal::TimetableTooManyDrafts));
    }
    Ok(versions.iter().map(|one| one.number).max().unwrap_or(0) + 1)
}

#[cfg(test)]
mod tests;
