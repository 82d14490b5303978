//! UndoRollover: an applied rollover is taken back by reversing orders, until the first
//! lesson of the new year. Secretary, administrator, director.

use chassis::{idempotency, status};
use tonic::{Request, Status};
use zhurnal_proto::roster::v1 as pb;

use super::apply_rollover::words;
use super::put_rollover::hold;
use super::reverse_order::stays;
use super::{parse, rollover_view};
use crate::Roster;
use crate::domain::school_import::value::Value;
use crate::rollover::{have_begun, undo};
use crate::store::registries::Change;

pub(super) async fn handle(
    roster: &Roster,
    request: Request<pb::UndoRolloverRequest>,
) -> Result<pb::UndoRolloverResponse, Status> {
    let (caller, request) = parse::accept(request)?;
    let permission = "roster.rollovers.apply";
    let (school, found) = parse::school(roster, &caller, permission, &request.school_id).await?;
    let year = rollover_view::year("academicYear", &request.academic_year)?;
    let words = words(
        &request.date,
        &request.basis,
        roster.today(&found.time_zone),
    )?;
    let first_day = year.last_day().tomorrow().unwrap_or(year.last_day());
    let begun = have_begun(roster, &found, first_day).await?;
    let seen = chassis::etag::version(&request.etag);
    let change = Change {
        by: caller.actor(),
        at: roster.cx.clock.now(),
    };
    let key = idempotency::key(
        &caller.actor(),
        "UndoRollover",
        &request.request_id,
        &request,
    )?;
    idempotency::once(&roster.cx.db, &key, |mut uow| async move {
        let (found, kept) = hold(&uow, school, year.starts_in()).await?;
        let kept = kept.ok_or_else(|| status::not_found("Rollover"))?;
        let next = rollover_view::year_of(&found)?.starts_in() == year.starts_in() + 1;
        let Some(applied) = kept.applied.filter(|_| next) else {
            return Err(status::precondition(
                "ROLLOVER_NOT_APPLIED",
                "Отменять нечего: переход на следующий год не проведён",
            ));
        };
        if seen != Some(kept.version) {
            return Err(status::stale_etag(&chassis::etag::of(kept.version)));
        }
        if begun {
            return Err(status::precondition(
                "LESSONS_HAVE_BEGUN",
                "Уроки нового учебного года уже начались: переход не отменяют",
            ));
        }
        let closed = year.canonical();
        let done = undo(
            roster,
            &mut uow,
            (school, &closed),
            (kept, applied),
            &words,
            &change,
        );
        let kept = done.await.map_err(status::from_db)?.map_err(stays)?;
        let (found, _) = hold(&uow, school, year.starts_in()).await?;
        let plan = Some((&kept.plan, kept.version));
        let rollover = rollover_view::draft(roster, uow.conn(), (school, &found), plan).await?;
        let answer = pb::UndoRolloverResponse {
            rollover: Some(rollover),
        };
        Ok((uow, answer))
    })
    .await
}
