//! ListMinistryActs: the ministry's acts in force with their links (R214), for all staff.

use chassis::access::Facts;
use chassis::page::{self, PageFilter};
use chassis::status;
use tonic::{Request, Status};
use uuid::Uuid;
use zhurnal_proto::roster::v1 as pb;

use super::parse;
use super::registry_entry::Beside;
use crate::Roster;
use crate::domain::registry::Registry;
use crate::store::Owner;
use crate::store::registries;

pub(super) async fn handle(
    roster: &Roster,
    request: Request<pb::ListMinistryActsRequest>,
) -> Result<pb::ListMinistryActsResponse, Status> {
    let (caller, request) = parse::accept(request)?;
    let own = Facts::own();
    roster
        .cx
        .access
        .check(&caller, "roster.ministryActs.list", &own)?;
    let today = roster.today_in_region();
    let size = page::size(request.page_size)?;
    let filter = PageFilter::of("ListMinistryActs");
    let after: Option<(String, Uuid)> = page::decode(&request.page_token, &filter)?;
    let conn = roster.cx.db.read();
    let acts = Registry::LocalActs;
    let found = registries::page(conn, Owner::Ministry, acts, Some(today), after, size + 1).await;
    let mut found = found.map_err(status::from_db)?;
    let next_page_token = page::cut(&mut found, size, &filter, |one| {
        (one.record.day.to_string(), one.record.id.uuid())
    })?;
    let beside = Beside::bare(today);
    Ok(pb::ListMinistryActsResponse {
        records: found.iter().map(|kept| beside.show(kept)).collect(),
        next_page_token,
    })
}
