//! GetControlSheet: counted today until it is sent, as it was sent afterwards.

use chassis::access::Facts;
use chassis::caller;
use chassis::status::from_db;
use tonic::{Request, Response};
use zhurnal_proto::id::{MonitoringId, SchoolId};
use zhurnal_proto::reporting::v1 as pb;

use super::parse::{self, checked};
use super::{Answer, control_sheet};
use crate::Shared;
use crate::store::sheets;

pub(super) async fn handle(
    shared: &Shared,
    request: Request<pb::GetControlSheetRequest>,
) -> Answer<pb::GetControlSheetResponse> {
    let caller = caller::of(&request)?;
    let request = request.get_ref();
    checked(request)?;
    let school: SchoolId = parse::id("schoolId", &request.school_id)?;
    let id: MonitoringId = parse::id("monitoringId", &request.monitoring_id)?;
    let facts = Facts::school(school);
    let scope = shared
        .cx
        .access
        .check(caller, "reporting.controlSheets.get", &facts)?;
    let school = parse::school(&scope)?;
    let conn = shared.cx.db.read();
    let monitoring = control_sheet::monitoring(conn, id).await?;
    let sheet = sheets::sheet(conn, school, id).await.map_err(from_db)?;
    let shown = control_sheet::show(shared, conn, school, &monitoring, sheet.as_ref()).await?;
    Ok(Response::new(pb::GetControlSheetResponse {
        control_sheet: Some(shown),
    }))
}

#[cfg(test)]
mod tests;
