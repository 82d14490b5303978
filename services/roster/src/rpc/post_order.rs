//! PostOrder: a draft takes effect, once: enrolments, memberships, cards and events in
//! one transaction. Secretary, administrator, director.

use chassis::{idempotency, status};
use tonic::{Request, Status};
use zhurnal_proto::roster::v1 as pb;

use super::order_view::View;
use super::parse;
use super::put_order::posted;
use crate::Roster;
use crate::domain::orders::OrderState;
use crate::orders::{facts, obstructed, post};
use crate::store::registries::Change;
use crate::store::{orders, schools};

pub(super) async fn handle(
    roster: &Roster,
    request: Request<pb::PostOrderRequest>,
) -> Result<pb::PostOrderResponse, Status> {
    let (caller, request) = parse::accept(request)?;
    let (school, _) =
        parse::school(roster, &caller, "roster.orders.post", &request.school_id).await?;
    let id = parse::id("orderId", &request.order_id)?;
    let seen = chassis::etag::version(&request.etag);
    let change = Change {
        by: caller.actor(),
        at: roster.cx.clock.now(),
    };
    let key = idempotency::key(&caller.actor(), "PostOrder", &request.request_id, &request)?;
    idempotency::once(&roster.cx.db, &key, |mut uow| async move {
        schools::hold(uow.conn(), school)
            .await
            .map_err(status::from_db)?;
        // Read again: the year may have changed before the book was held.
        let found = schools::get(uow.conn(), school)
            .await
            .map_err(status::from_db)?
            .ok_or_else(|| status::not_found("School"))?;
        let draft = orders::get(uow.conn(), school, id)
            .await
            .map_err(status::from_db)?
            .ok_or_else(|| status::not_found("Order"))?;
        if draft.state != OrderState::Draft {
            return Err(posted());
        }
        if seen != Some(draft.version) {
            return Err(status::stale_etag(&chassis::etag::of(draft.version)));
        }
        let facts = facts(uow.conn(), (school, &found), &draft.order, true)
            .await
            .map_err(status::from_db)?;
        let kept = post(roster, &mut uow, (school, &facts), draft, &change)
            .await
            .map_err(status::from_db)?
            .map_err(|obstacles| obstructed(&obstacles))?;
        let (order, _) = View::one(roster, uow.conn(), (school, &found), &kept).await?;
        Ok((uow, pb::PostOrderResponse { order: Some(order) }))
    })
    .await
}
