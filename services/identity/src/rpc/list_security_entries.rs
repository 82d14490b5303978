//! ListSecurityEntries: a logged-in person reads what happened to the own account.

use chassis::access::Facts;
use chassis::caller::Caller;
use chassis::page::{self, PageFilter};
use chassis::status::{self, from_db};
use tonic::Status;
use uuid::Uuid;
use zhurnal_proto::identity::v1::{
    ListSecurityEntriesRequest, ListSecurityEntriesResponse, SecurityEntry,
};

use super::convert;
use crate::Identity;
use crate::store::security;

pub(super) async fn handle(
    identity: &Identity,
    caller: &Caller,
    request: ListSecurityEntriesRequest,
) -> Result<ListSecurityEntriesResponse, Status> {
    identity
        .cx
        .access
        .check(caller, "identity.securityEntries.list", &Facts::own())?;
    let user = caller
        .user()
        .ok_or_else(|| status::unauthenticated("SESSION_ENDED"))?;
    let filter = PageFilter::of("ListSecurityEntries").and(user.account.to_string());
    let size = page::size(request.page_size)?;
    let before: Option<Uuid> = page::decode(&request.page_token, &filter)?;
    let conn = identity.cx.db.read();
    let mut rows = security::page(conn, user.account.uuid(), before, size + 1)
        .await
        .map_err(from_db)?;
    let next_page_token = page::cut(&mut rows, size, &filter, |r| r.entry_id)?;
    let security_entries = rows
        .into_iter()
        .map(|row| SecurityEntry {
            happened_at: convert::stored(row.happened_us),
            kind: row.kind.into(),
            by: row.by_name,
            device: row.device,
        })
        .collect();
    Ok(ListSecurityEntriesResponse {
        security_entries,
        next_page_token,
    })
}
