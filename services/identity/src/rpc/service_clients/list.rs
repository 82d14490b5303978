//! ListServiceClients: the operator, the region's administrators and the ministry see which
//! systems read the data.

use chassis::caller::Caller;
use chassis::page::{self, PageFilter};
use chassis::status::from_db;
use tonic::Status;
use uuid::Uuid;
use zhurnal_proto::identity::v1::{ListServiceClientsRequest, ListServiceClientsResponse};

use super::{all_shown, manager};
use crate::Identity;
use crate::domain::scope;
use crate::store::service_clients;

pub(in crate::rpc) async fn handle(
    identity: &Identity,
    caller: &Caller,
    request: ListServiceClientsRequest,
) -> Result<ListServiceClientsResponse, Status> {
    manager(identity, caller, "identity.serviceClients.list")?;
    let filter = PageFilter::of("ListServiceClients");
    let size = page::size(request.page_size)?;
    let before: Option<Uuid> = page::decode(&request.page_token, &filter)?;
    let conn = identity.cx.db.read();
    let mut rows = service_clients::page(conn, before, size + 1)
        .await
        .map_err(from_db)?;
    let next_page_token = page::cut(&mut rows, size, &filter, |r| r.client_id)?;
    Ok(ListServiceClientsResponse {
        clients: all_shown(conn, rows).await.map_err(from_db)?,
        next_page_token,
        known_scopes: scope::ALL.map(str::to_owned).to_vec(),
    })
}
