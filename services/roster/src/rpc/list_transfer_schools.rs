//! ListTransferSchools: the other schools of the region by title; titles only.

use chassis::page::{self, PageFilter};
use chassis::status;
use tonic::{Request, Status};
use uuid::Uuid;
use zhurnal_proto::roster::v1 as pb;

use super::parse;
use crate::Roster;
use crate::store::schools;

pub(super) async fn handle(
    roster: &Roster,
    request: Request<pb::ListTransferSchoolsRequest>,
) -> Result<pb::ListTransferSchoolsResponse, Status> {
    let (caller, request) = parse::accept(request)?;
    let (school, _) =
        parse::school(roster, &caller, "roster.orders.put", &request.school_id).await?;
    let size = page::size(request.page_size)?;
    let filter = PageFilter::of("ListTransferSchools").and(&request.school_id);
    let after: Option<(String, Uuid)> = page::decode(&request.page_token, &filter)?;
    let found = schools::page(roster.cx.db.read(), (None, None), after, size + 1).await;
    let mut found = found.map_err(status::from_db)?;
    let next_page_token = page::cut(&mut found, size, &filter, |one| {
        (one.sort_key.clone(), one.school.id.uuid())
    })?;
    let others = found.into_iter().filter(|one| one.school.id != school.id());
    Ok(pb::ListTransferSchoolsResponse {
        schools: others
            .map(|one| pb::TransferSchool {
                school_id: one.school.id.to_string(),
                title: one.school.title,
                municipality: one.school.municipality,
            })
            .collect(),
        next_page_token,
    })
}
