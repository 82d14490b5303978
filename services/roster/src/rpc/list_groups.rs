//! Groups of the present year by title, of a class or of the school. Staff and clients.

use chassis::page::{self, PageFilter};
use chassis::status;
use tonic::{Request, Status};
use uuid::Uuid;
use zhurnal_proto::id::ClassId;
use zhurnal_proto::roster::v1 as pb;

use super::{convert, parse};
use crate::Roster;
use crate::store::groups;

pub(super) async fn handle(
    roster: &Roster,
    request: Request<pb::ListGroupsRequest>,
) -> Result<pb::ListGroupsResponse, Status> {
    let (caller, request) = parse::accept(request)?;
    let class: Option<ClassId> = parse::optional_id("class_id", &request.class_id)?;
    let (school, found) =
        parse::school(roster, &caller, "roster.groups.list", &request.school_id).await?;
    let size = page::size(request.page_size)?;
    let filter = PageFilter::of("ListGroups")
        .and(&request.school_id)
        .and(&request.class_id)
        .and(request.kind.to_string());
    let after: Option<(String, Uuid)> = page::decode(&request.page_token, &filter)?;
    let wanted = groups::Wanted {
        academic_year: &found.academic_year,
        class,
        kind: convert::read_group_kind(request.kind()),
    };
    let db = roster.cx.db.read();
    let groups = groups::page(db, school, wanted, after, size + 1).await;
    let mut groups = groups.map_err(status::from_db)?;
    let next_page_token = page::cut(&mut groups, size, &filter, |one| {
        (one.sort_key.clone(), one.group.id.uuid())
    })?;
    let sizes = groups::sizes(db, school, roster.present_day(&found)).await;
    let sizes = sizes.map_err(status::from_db)?;
    let groups = groups.iter().map(|one| {
        let size = sizes.get(&one.group.id).copied().unwrap_or(0);
        convert::shown_group(school.id(), (&one.group, one.version), size)
    });
    Ok(pb::ListGroupsResponse {
        groups: groups.collect(),
        next_page_token,
    })
}
