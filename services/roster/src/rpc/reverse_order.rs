//! ReverseOrder: another order takes a posted one back and restores what was there
//! before. Secretary, administrator, director.

use chassis::status::Refusal;
use chassis::{idempotency, status};
use tonic::{Code, Request, Status};
use zhurnal_proto::id::OrderId;
use zhurnal_proto::roster::v1 as pb;

use super::order_view::View;
use super::put_order::number_is_free;
use super::{order_entry, parse};
use crate::Roster;
use crate::domain::academic_year;
use crate::domain::orders::{OrderKind, OrderState};
use crate::orders::{Reversal, Stays, reverse};
use crate::store::orders::{self, Kept};
use crate::store::registries::Change;
use crate::store::schools;

pub(super) async fn handle(
    roster: &Roster,
    request: Request<pb::ReverseOrderRequest>,
) -> Result<pb::ReverseOrderResponse, Status> {
    let (caller, request) = parse::accept(request)?;
    let (school, found) =
        parse::school(roster, &caller, "roster.orders.post", &request.school_id).await?;
    let id = parse::id("orderId", &request.order_id)?;
    let words = Reversal {
        id: OrderId::from_uuid(roster.cx.ids.uuid()),
        number: order_entry::number(&request.number)?,
        date: parse::date("date", &request.date)?,
        basis: request.basis.trim().to_owned(),
        year: academic_year::begins(&found.academic_year).unwrap_or_default(),
    };
    if words.date > roster.today(&found.time_zone) {
        let message = "Дата приказа не может быть позже сегодняшней";
        return Err(status::invalid_field("date", "DATE_IN_FUTURE", message));
    }
    let change = Change {
        by: caller.actor(),
        at: roster.cx.clock.now(),
    };
    let key = idempotency::key(
        &caller.actor(),
        "ReverseOrder",
        &request.request_id,
        &request,
    )?;
    idempotency::once(&roster.cx.db, &key, |mut uow| async move {
        schools::hold(uow.conn(), school)
            .await
            .map_err(status::from_db)?;
        let posted = orders::get(uow.conn(), school, id)
            .await
            .map_err(status::from_db)?
            .ok_or_else(|| status::not_found("Order"))?;
        reversible(&posted)?;
        number_is_free(&uow, school, (words.year, &words.number), words.id).await?;
        let (reversing, reversed) = reverse(&mut uow, school, posted, words, &change)
            .await
            .map_err(status::from_db)?
            .map_err(stays)?;
        let at = (school, &found);
        let (order, _) = View::one(roster, uow.conn(), at, &reversing).await?;
        let (reversed, _) = View::one(roster, uow.conn(), at, &reversed).await?;
        let answer = pb::ReverseOrderResponse {
            order: Some(order),
            reversed: Some(reversed),
        };
        Ok((uow, answer))
    })
    .await
}

fn reversible(order: &Kept) -> Result<(), Status> {
    match order.state {
        OrderState::Draft => Err(status::precondition(
            "ORDER_NOT_POSTED",
            "Приказ не проведён: черновик можно просто удалить",
        )),
        OrderState::Reversed => Err(status::precondition(
            "ORDER_REVERSED",
            "Приказ уже отменён другим приказом",
        )),
        OrderState::Posted if order.of_import => Err(status::precondition(
            "ORDER_NOT_REVERSIBLE",
            "Приказ создан загрузкой школы: отмените зачисление отдельными приказами",
        )),
        OrderState::Posted if order.order.kind == OrderKind::Reversal => Err(status::precondition(
            "ORDER_NOT_REVERSIBLE",
            "Приказ об отмене не отменяют: составьте приказ заново",
        )),
        OrderState::Posted
            if matches!(
                order.order.kind,
                OrderKind::Promotion | OrderKind::Graduation
            ) =>
        {
            Err(status::precondition(
                "ORDER_NOT_REVERSIBLE",
                "Приказ создан переходом на новый год: отмените сам переход",
            ))
        }
        OrderState::Posted => Ok(()),
    }
}

pub(super) fn stays(why: Stays) -> Status {
    match why {
        Stays::LaterOrders(numbers) => {
            let numbers = numbers.join(", ");
            let message = format!(
                "Этих учеников касаются более поздние приказы: {numbers}. Сначала отмените их"
            );
            Refusal::new(Code::FailedPrecondition, "LATER_ORDERS", message)
                .with("orders", numbers)
                .into()
        }
        Stays::ArrivalAccepted => status::precondition(
            "ARRIVAL_ACCEPTED",
            "Другая школа уже зачислила ученика: сначала она отменяет свой приказ",
        ),
        Stays::RecordsChanged => status::precondition(
            "RECORDS_CHANGED",
            "Записи, которые создал приказ, с тех пор изменились",
        ),
    }
}
