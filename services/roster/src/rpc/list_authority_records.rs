//! ListAuthorityRecords: one registry of a municipality or of the ministry by day.

use chassis::page::{self, PageFilter};
use chassis::status;
use tonic::{Request, Status};
use uuid::Uuid;
use zhurnal_proto::roster::v1 as pb;

use super::parse;
use super::registry_entry::{self, Beside};
use crate::Roster;
use crate::store::registries;

pub(super) async fn handle(
    roster: &Roster,
    request: Request<pb::ListAuthorityRecordsRequest>,
) -> Result<pb::ListAuthorityRecordsResponse, Status> {
    let (caller, request) = parse::accept(request)?;
    let registry = registry_entry::registry(request.registry())?;
    let permission = "roster.authorityRecords.list";
    let (owner, _) =
        parse::authority(roster, &caller, permission, &request.municipality_id).await?;
    let today = roster.today_in_region();
    let size = page::size(request.page_size)?;
    let filter = PageFilter::of("ListAuthorityRecords")
        .and(&request.municipality_id)
        .and(request.registry.to_string())
        .and(request.only_current.to_string());
    let after: Option<(String, Uuid)> = page::decode(&request.page_token, &filter)?;
    let current = request.only_current.then_some(today);
    let conn = roster.cx.db.read();
    let found = registries::page(conn, owner, registry, current, after, size + 1).await;
    let mut found = found.map_err(status::from_db)?;
    let next_page_token = page::cut(&mut found, size, &filter, |one| {
        (one.record.day.to_string(), one.record.id.uuid())
    })?;
    let beside = Beside::bare(today);
    Ok(pb::ListAuthorityRecordsResponse {
        records: found.iter().map(|kept| beside.show(kept)).collect(),
        next_page_token,
    })
}
