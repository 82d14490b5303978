//! PutOrder: a draft is added under the client's id, or replaced in the version that the
//! caller saw. Secretary, administrator, director; nothing takes effect.

use chassis::db::UnitOfWork;
use chassis::{idempotency, status};
use tonic::{Request, Status};
use zhurnal_proto::id::OrderId;
use zhurnal_proto::roster::v1 as pb;

use super::order_view::View;
use super::{order_entry, parse};
use crate::Roster;
use crate::domain::academic_year;
use crate::domain::orders::{Order, OrderState};
use crate::domain::record;
use crate::store::orders::{self, Kept};
use crate::store::registries::Change;
use crate::store::{School, schools};

pub(super) async fn handle(
    roster: &Roster,
    request: Request<pb::PutOrderRequest>,
) -> Result<pb::PutOrderResponse, Status> {
    let (caller, request) = parse::accept(request)?;
    let (school, found) =
        parse::school(roster, &caller, "roster.orders.put", &request.school_id).await?;
    let id = parse::id("orderId", &request.order_id)?;
    let order = order_entry::order(id, &request)?;
    let today = roster.today(&found.time_zone);
    let broken = order.broken(school.id(), &found.academic_year, today);
    if !broken.is_empty() {
        let violations = broken.into_iter();
        return Err(status::invalid(violations.map(|(field, rule, message)| {
            status::violation(field, rule, message)
        })));
    }
    destinations_exist(roster, &order).await?;
    let year = academic_year::begins(&found.academic_year).unwrap_or_default();
    let wanted = Kept::draft(order, year);
    let seen = chassis::etag::version(&request.etag);
    let change = Change {
        by: caller.actor(),
        at: roster.cx.clock.now(),
    };
    let key = idempotency::key(&caller.actor(), "PutOrder", &request.request_id, &request)?;
    idempotency::once(&roster.cx.db, &key, |uow| async move {
        let kept = write(&uow, school, wanted, seen, &change).await?;
        let (order, obstacles) = show(roster, &uow, (school, &found), &kept).await?;
        Ok((uow, pb::PutOrderResponse { order, obstacles }))
    })
    .await
}

async fn show(
    roster: &Roster,
    uow: &UnitOfWork,
    at: (School, &record::School),
    kept: &Kept,
) -> Result<(Option<pb::Order>, Vec<pb::OrderObstacle>), Status> {
    let (order, obstacles) = View::one(roster, uow.conn(), at, kept).await?;
    Ok((Some(order), obstacles))
}

/// Schools of the region that the draft sends pupils to.
async fn destinations_exist(roster: &Roster, order: &Order) -> Result<(), Status> {
    for (place, entry) in order.pupils.iter().enumerate() {
        let Some(school) = entry.to_school else {
            continue;
        };
        let found = schools::get(roster.cx.db.read(), School::sent_by_order(school)).await;
        if found.map_err(status::from_db)?.is_none() {
            let field = format!("pupils[{place}].toSchoolId");
            let message = "Такой школы в регионе нет";
            return Err(status::invalid_field(&field, "SCHOOL_UNKNOWN", message));
        }
    }
    Ok(())
}

async fn write(
    uow: &UnitOfWork,
    school: School,
    wanted: Kept,
    seen: Option<i64>,
    change: &Change,
) -> Result<Kept, Status> {
    let conn = uow.conn();
    schools::hold(conn, school).await.map_err(status::from_db)?;
    let known = orders::get(conn, school, wanted.order.id)
        .await
        .map_err(status::from_db)?;
    let kept = match known {
        None if seen.is_some() => return Err(status::not_found("Order")),
        None => wanted,
        Some(known) if known.state != OrderState::Draft => return Err(posted()),
        Some(known) if seen != Some(known.version) => {
            return Err(status::stale_etag(&chassis::etag::of(known.version)));
        }
        Some(known) => Kept {
            version: known.version + 1,
            ..wanted
        },
    };
    number_is_free(uow, school, (kept.year, &kept.order.number), kept.order.id).await?;
    let written = if kept.version == 1 {
        orders::add(conn, school, &kept, change).await
    } else {
        orders::replace(conn, school, &kept, change).await
    };
    written.map_err(status::from_db)?;
    Ok(kept)
}

/// The number of an order of a book that is held.
pub(super) async fn number_is_free(
    uow: &UnitOfWork,
    school: School,
    number: (i16, &str),
    id: OrderId,
) -> Result<(), Status> {
    let taken = orders::is_number_taken(uow.conn(), school, number, id)
        .await
        .map_err(status::from_db)?;
    if taken {
        return Err(status::already_exists(
            "ORDER_NUMBER_TAKEN",
            "Приказ с таким номером в этом учебном году уже есть",
        ));
    }
    Ok(())
}

/// What a posted order answers to those who would change it.
pub(super) fn posted() -> Status {
    status::precondition(
        "ORDER_POSTED",
        "Приказ уже проведён: его не меняют, а отменяют другим приказом",
    )
}
