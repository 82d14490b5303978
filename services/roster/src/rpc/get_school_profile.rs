//! GetSchoolProfile: what the school says of itself, and how current that is. Its staff,
//! the region's administrators, the ministry.

use chassis::access::Facts;
use tonic::{Request, Status};
use zhurnal_proto::roster::v1 as pb;

use super::{parse, profile_view};
use crate::Roster;

pub(super) async fn handle(
    roster: &Roster,
    request: Request<pb::GetSchoolProfileRequest>,
) -> Result<pb::GetSchoolProfileResponse, Status> {
    let (caller, request) = parse::accept(request)?;
    let permission = "roster.schoolProfiles.get";
    let (school, found) = parse::school(roster, &caller, permission, &request.school_id).await?;
    let facts = Facts::school(school.id());
    let may_write = roster
        .cx
        .access
        .permits(&caller, "roster.schoolProfiles.put", &facts);
    let conn = roster.cx.db.read();
    let profile = profile_view::show(roster, conn, (school, &found), may_write).await?;
    Ok(pb::GetSchoolProfileResponse {
        profile: Some(profile),
    })
}
