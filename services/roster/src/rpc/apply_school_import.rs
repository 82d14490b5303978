//! Applies a checked import: makes the school, announces all of it, and leaves the plan
//! to schedule. Administrators of the region.

use chassis::idempotency;
use tonic::{Request, Status};
use zhurnal_proto::roster::v1 as pb;

use super::get_school_import::visible;
use super::parse;
use crate::Roster;
use crate::import;

pub(super) async fn handle(
    roster: &Roster,
    request: Request<pb::ApplySchoolImportRequest>,
) -> Result<pb::ApplySchoolImportResponse, Status> {
    let (caller, request) = parse::accept(request)?;
    let found = visible(
        roster,
        &caller,
        "roster.schoolImports.apply",
        &request.school_import_id,
    )
    .await?;
    let key = idempotency::key(
        &caller.actor(),
        "roster.ApplySchoolImport",
        &request.request_id,
        &request,
    )?;
    import::apply(roster, found, request.skip_refused_rows, &key).await
}
