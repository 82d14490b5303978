//! GetTimetableVersion: one version with all its lessons and what is wrong with it.

use chassis::caller;
use chassis::service::Cx;
use tonic::{Request, Response};
use zhurnal_proto::schedule::v1 as pb;

use super::parse::checked;
use super::timetable::{self, Bench, Wanted};
use super::{Answer, convert_timetable};

pub(super) async fn handle(
    cx: &Cx,
    request: Request<pb::GetTimetableVersionRequest>,
) -> Answer<pb::GetTimetableVersionResponse> {
    let caller = caller::of(&request)?;
    let message = request.get_ref();
    checked(message)?;
    let wanted = Wanted::of(&message.school_id, &message.timetable_id)?;
    let school = wanted.let_in(cx, caller, "schedule.timetableVersions.get")?;

    let version = wanted.find(cx, school).await?;
    let conn = cx.db.read();
    let bench = Bench::of(cx, conn, (school, &version), None).await?;
    let views = timetable::all_entries(conn, school, &version).await?;
    let reigns = timetable::reigns(conn, school, version.year).await?;
    let check = bench.check_view(&version, &timetable::bare(&views));
    Ok(Response::new(pb::GetTimetableVersionResponse {
        timetable: Some(bench.view(&version, &reigns)),
        entries: views.into_iter().map(convert_timetable::entry).collect(),
        check: Some(check),
    }))
}

#[cfg(test)]
mod tests;
