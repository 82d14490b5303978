//! GetControlSheet: counted today until it is sent, as it was sent afterwards.

use chassis::caller;
use chassis::status::from_db;
use tonic::{Request, Response};
use zhurnal_proto::reporting::v1 as pb;

use super::parse::checked;
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
    let names = (request.school_id.as_str(), request.monitoring_id.as_str());
    let (school, monitoring) =
        control_sheet::open(shared, caller, "reporting.controlSheets.get", names).await?;
    let id = monitoring.id;
    let conn = shared.cx.db.read();
    let sheet = sheets::sheet(conn, school, id).await.map_err(from_db)?;
    let shown = control_sheet::show(shared, conn, school, &monitoring, sheet.as_ref()).await?;
    Ok(Response::new(pb::GetControlSheetResponse {
        control_sheet: Some(shown),
    }))
}

#[cfg(test)]
mod tests;
