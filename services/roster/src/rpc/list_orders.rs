//! The book of orders (книга приказов, R119, R234), newest first. Director, deputies,
//! secretary and administrators.

use chassis::page::{self, PageFilter};
use chassis::status;
use tonic::{Request, Status};
use uuid::Uuid;
use zhurnal_proto::roster::v1 as pb;

use super::{convert, parse};
use crate::Roster;
use crate::store::orders;

pub(super) async fn handle(
    roster: &Roster,
    request: Request<pb::ListOrdersRequest>,
) -> Result<pb::ListOrdersResponse, Status> {
    let (caller, request) = parse::accept(request)?;
    let (school, _) =
        parse::school(roster, &caller, "roster.orders.list", &request.school_id).await?;
    let size = page::size(request.page_size)?;
    let filter = PageFilter::of("ListOrders").and(&request.school_id);
    let before: Option<(String, Uuid)> = page::decode(&request.page_token, &filter)?;
    let found = orders::page(roster.cx.db.read(), school, before, size + 1).await;
    let mut found = found.map_err(status::from_db)?;
    let next_page_token = page::cut(&mut found, size, &filter, |one| {
        (one.order.date.to_string(), one.order.id.uuid())
    })?;
    let orders = found
        .iter()
        .map(|one| convert::order(school.id(), &one.order, one.posted_us));
    Ok(pb::ListOrdersResponse {
        orders: orders.collect(),
        next_page_token,
    })
}
