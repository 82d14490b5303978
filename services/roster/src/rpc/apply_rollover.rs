//! ApplyRollover: the year is closed and the next one opened by orders, once, in one
//! transaction. Secretary, administrator, director.

use chassis::db::UnitOfWork;
use chassis::status::Refusal;
use chassis::{idempotency, status};
use sea_orm::DbErr;
use tonic::{Code, Request, Status};
use zhurnal_proto::id::OrderId;
use zhurnal_proto::roster::v1 as pb;

use super::put_order::number_is_free;
use super::put_rollover::{applied, hold};
use super::{parse, rollover_view};
use crate::Roster;
use crate::domain::orders::{OrderKind, next_number, prefix};
use crate::domain::rollover::{Obstacle, catch_up, pass};
use crate::domain::text::tidy;
use crate::rollover::{Numbers, Words, apply, load};
use crate::store::registries::Change;
use crate::store::{School, orders};

pub(super) async fn handle(
    roster: &Roster,
    request: Request<pb::ApplyRolloverRequest>,
) -> Result<pb::ApplyRolloverResponse, Status> {
    let (caller, request) = parse::accept(request)?;
    let permission = "roster.rollovers.apply";
    let (school, found) = parse::school(roster, &caller, permission, &request.school_id).await?;
    let year = rollover_view::year("academicYear", &request.academic_year)?;
    let today = roster.today(&found.time_zone);
    let words = words(&request.date, &request.basis, today)?;
    let wanted = Numbers {
        promotion: tidy(&request.promotion_number),
        graduation: tidy(&request.graduation_number),
    };
    if !wanted.promotion.is_empty() && wanted.promotion == wanted.graduation {
        let message = "У двух приказов не может быть одного номера";
        return Err(status::invalid_field(
            "graduationNumber",
            "SAME_NUMBER",
            message,
        ));
    }
    let seen = chassis::etag::version(&request.etag);
    let change = Change {
        by: caller.actor(),
        at: roster.cx.clock.now(),
    };
    let key = idempotency::key(
        &caller.actor(),
        "ApplyRollover",
        &request.request_id,
        &request,
    )?;
    idempotency::once(&roster.cx.db, &key, |mut uow| async move {
        let (found, kept) = hold(&uow, school, year.starts_in()).await?;
        let mut kept = kept.ok_or_else(|| status::not_found("Rollover"))?;
        if kept.applied.is_some() {
            return Err(applied());
        }
        if seen != Some(kept.version) {
            return Err(status::stale_etag(&chassis::etag::of(kept.version)));
        }
        if rollover_view::year_of(&found)? != year {
            return Err(status::not_found("Rollover"));
        }
        let ground = load(uow.conn(), (school, &found), year, today)
            .await
            .map_err(status::from_db)?;
        catch_up(&mut kept.plan, &ground.facts, &mut || roster.cx.ids.uuid());
        let passing = pass(&kept.plan, &ground.facts);
        if let Some(first) = passing.obstacles.first() {
            return Err(obstructed(first, passing.obstacles.len()));
        }
        let numbers = numbers(&uow, school, year.starts_in(), wanted).await?;
        let of = (kept, &ground.facts, &passing);
        let kept = apply(roster, &mut uow, school, of, (&words, numbers), &change)
            .await
            .map_err(status::from_db)?;
        let rollover = rollover_view::applied(uow.conn(), (school, &found), &kept).await?;
        let answer = pb::ApplyRolloverResponse {
            rollover: Some(rollover),
        };
        Ok((uow, answer))
    })
    .await
}

/// The words of the orders.
pub(super) fn words(date: &str, basis: &str, today: jiff::civil::Date) -> Result<Words, Status> {
    let words = Words {
        date: parse::date("date", date)?,
        basis: basis.trim().to_owned(),
    };
    if words.date > today {
        let message = "Дата приказа не может быть позже сегодняшней";
        return Err(status::invalid_field("date", "DATE_IN_FUTURE", message));
    }
    Ok(words)
}

fn obstructed(first: &Obstacle, all: usize) -> Status {
    let mut message = match first.about.as_str() {
        "" => first.message.to_owned(),
        about => format!("{about}: {}", first.message),
    };
    if all > 1 {
        message.push_str(&format!("; всего препятствий: {all}"));
    }
    Refusal::new(Code::FailedPrecondition, first.rule, message)
        .with("about", first.about.clone())
        .into()
}

/// The numbers that were asked for, if they are free, or the next free ones.
async fn numbers(
    uow: &UnitOfWork,
    school: School,
    year: i16,
    wanted: Numbers,
) -> Result<Numbers, Status> {
    let free = async |number: String, kind: OrderKind| {
        if number.is_empty() {
            let taken = orders::numbers(uow.conn(), school, year, prefix(kind)).await;
            let taken = taken.map_err(|error: DbErr| status::from_db(error))?;
            return Ok::<_, Status>(next_number(kind, taken.iter().map(String::as_str)));
        }
        let nobody = OrderId::from_uuid(uuid::Uuid::nil());
        number_is_free(uow, school, (year, &number), nobody).await?;
        Ok(number)
    };
    let numbers = Numbers {
        promotion: free(wanted.promotion, OrderKind::Promotion).await?,
        graduation: free(wanted.graduation, OrderKind::Graduation).await?,
    };
    if numbers.promotion == numbers.graduation {
        let message = "У двух приказов не может быть одного номера";
        return Err(status::invalid_field(
            "graduationNumber",
            "SAME_NUMBER",
            message,
        ));
    }
    Ok(numbers)
}
