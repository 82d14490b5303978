//! DiscardOrder: a draft goes.

use chassis::{idempotency, status};
use tonic::{Request, Status};
use zhurnal_proto::roster::v1 as pb;

use super::parse;
use super::put_order::posted;
use crate::Roster;
use crate::domain::orders::OrderState;
use crate::store::{orders, schools};

pub(super) async fn handle(
    roster: &Roster,
    request: Request<pb::DiscardOrderRequest>,
) -> Result<pb::DiscardOrderResponse, Status> {
    let (caller, request) = parse::accept(request)?;
    let (school, _) =
        parse::school(roster, &caller, "roster.orders.put", &request.school_id).await?;
    let id = parse::id("orderId", &request.order_id)?;
    let seen = chassis::etag::version(&request.etag);
    let key = idempotency::key(
        &caller.actor(),
        "DiscardOrder",
        &request.request_id,
        &request,
    )?;
    idempotency::once(&roster.cx.db, &key, |uow| async move {
        schools::hold(uow.conn(), school)
            .await
            .map_err(status::from_db)?;
        let known = orders::get(uow.conn(), school, id)
            .await
            .map_err(status::from_db)?
            .ok_or_else(|| status::not_found("Order"))?;
        if known.state != OrderState::Draft {
            return Err(posted());
        }
        if seen != Some(known.version) {
            return Err(status::stale_etag(&chassis::etag::of(known.version)));
        }
        orders::remove(uow.conn(), school, id)
            .await
            .map_err(status::from_db)?;
        Ok((uow, pb::DiscardOrderResponse {}))
    })
    .await
}
