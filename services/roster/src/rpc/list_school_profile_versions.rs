//! ListSchoolProfileVersions: who has changed or confirmed what the school says of itself,
//! newest first. Administrator, deputies, director, secretary, ministry.

use chassis::page::{self, PageFilter};
use chassis::status;
use tonic::{Request, Status};
use zhurnal_proto::roster::v1 as pb;

use super::{parse, profile_view};
use crate::Roster;
use crate::store::profiles;

pub(super) async fn handle(
    roster: &Roster,
    request: Request<pb::ListSchoolProfileVersionsRequest>,
) -> Result<pb::ListSchoolProfileVersionsResponse, Status> {
    let (caller, request) = parse::accept(request)?;
    let permission = "roster.schoolProfiles.history";
    let (school, _) = parse::school(roster, &caller, permission, &request.school_id).await?;
    let size = page::size(request.page_size)?;
    let filter = PageFilter::of("ListSchoolProfileVersions").and(&request.school_id);
    let before: Option<i64> = page::decode(&request.page_token, &filter)?;
    let found = profiles::page(roster.cx.db.read(), school, before, size + 1).await;
    let found = found.map_err(status::from_db)?;
    // The one more than asked for is what the last of the page is compared with.
    let mut versions: Vec<(i64, pb::SchoolProfileVersion)> = found
        .iter()
        .enumerate()
        .map(|(at, one)| (one.number, profile_view::version(one, found.get(at + 1))))
        .collect();
    let next_page_token = page::cut(&mut versions, size, &filter, |(number, _)| *number)?;
    Ok(pb::ListSchoolProfileVersionsResponse {
        versions: versions.into_iter().map(|(_, version)| version).collect(),
        next_page_token,
    })
}
