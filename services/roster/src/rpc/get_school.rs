//! One school. Its staff, the region, clients and services.

use tonic::{Request, Status};
use zhurnal_proto::roster::v1 as pb;

use super::{convert, parse};
use crate::Roster;

pub(super) async fn handle(
    roster: &Roster,
    request: Request<pb::GetSchoolRequest>,
) -> Result<pb::GetSchoolResponse, Status> {
    let (caller, request) = parse::accept(request)?;
    let (_, school) =
        parse::school(roster, &caller, "roster.schools.get", &request.school_id).await?;
    Ok(pb::GetSchoolResponse {
        school: Some(convert::school(&school)),
    })
}
