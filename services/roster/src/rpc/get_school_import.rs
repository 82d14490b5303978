//! State, counts and findings of an import. Administrators of the region, and of the
//! school that it has made.

use chassis::access::Facts;
use chassis::caller::Caller;
use chassis::status;
use tonic::{Request, Status};
use zhurnal_proto::id::SchoolImportId;
use zhurnal_proto::roster::v1 as pb;

use super::parse;
use crate::Roster;
use crate::import::present;
use crate::store::imports::{self, Import};

const KIND: &str = "SchoolImport";

pub(super) async fn handle(
    roster: &Roster,
    request: Request<pb::GetSchoolImportRequest>,
) -> Result<pb::GetSchoolImportResponse, Status> {
    let (caller, request) = parse::accept(request)?;
    let import = visible(
        roster,
        &caller,
        "roster.schoolImports.get",
        &request.school_import_id,
    )
    .await?;
    Ok(pb::GetSchoolImportResponse {
        school_import: Some(present(&import)?),
    })
}

/// The import, if the caller may do this with it; else it does not exist.
pub(super) async fn visible(
    roster: &Roster,
    caller: &Caller,
    permission: &str,
    id: &str,
) -> Result<Import, Status> {
    let id: SchoolImportId = parse::id("school_import_id", id)?;
    let import = imports::get(roster.cx.db.read(), id)
        .await
        .map_err(status::from_db)?;
    let import = import.ok_or_else(|| status::not_found(KIND))?;
    let facts = match import.school_id {
        Some(school) => Facts::object(KIND, id, school),
        None => Facts::regional_object(KIND, id),
    };
    roster.cx.access.check(caller, permission, &facts)?;
    Ok(import)
}
