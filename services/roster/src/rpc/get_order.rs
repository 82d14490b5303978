//! GetOrder: one order of the school's book, a draft with what posting it would do.

use chassis::status;
use tonic::{Request, Status};
use zhurnal_proto::roster::v1 as pb;

use super::order_view::View;
use super::parse;
use crate::Roster;
use crate::store::orders;

pub(super) async fn handle(
    roster: &Roster,
    request: Request<pb::GetOrderRequest>,
) -> Result<pb::GetOrderResponse, Status> {
    let (caller, request) = parse::accept(request)?;
    let (school, found) =
        parse::school(roster, &caller, "roster.orders.get", &request.school_id).await?;
    let id = parse::id("orderId", &request.order_id)?;
    let conn = roster.cx.db.read();
    let kept = orders::get(conn, school, id)
        .await
        .map_err(status::from_db)?
        .ok_or_else(|| status::not_found("Order"))?;
    let (order, obstacles) = View::one(roster, conn, (school, &found), &kept).await?;
    Ok(pb::GetOrderResponse {
        order: Some(order),
        obstacles,
    })
}
