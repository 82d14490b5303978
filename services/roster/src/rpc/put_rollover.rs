//! PutRollover: the plan of the present year's rollover is saved, in the version that the
//! caller saw; nothing takes effect. Secretary, administrator, director.

use chassis::db::UnitOfWork;
use chassis::{idempotency, status};
use tonic::{Request, Status};
use zhurnal_proto::roster::v1 as pb;

use super::{parse, rollover_entry, rollover_view};
use crate::Roster;
use crate::domain::record;
use crate::store::registries::Change;
use crate::store::rollovers::{self, Kept};
use crate::store::{School, schools};

pub(super) async fn handle(
    roster: &Roster,
    request: Request<pb::PutRolloverRequest>,
) -> Result<pb::PutRolloverResponse, Status> {
    let (caller, request) = parse::accept(request)?;
    let permission = "roster.rollovers.put";
    let (school, _) = parse::school(roster, &caller, permission, &request.school_id).await?;
    let year = rollover_view::year("academicYear", &request.academic_year)?;
    let plan = request.plan.clone().unwrap_or_default();
    let seen = chassis::etag::version(&request.etag);
    let change = Change {
        by: caller.actor(),
        at: roster.cx.clock.now(),
    };
    let key = idempotency::key(
        &caller.actor(),
        "PutRollover",
        &request.request_id,
        &request,
    )?;
    idempotency::once(&roster.cx.db, &key, |uow| async move {
        let (found, known) = hold(&uow, school, year.starts_in()).await?;
        let mut new_id = || roster.cx.ids.uuid();
        let known_plan = known.as_ref().map(|known| &known.plan);
        let plan = rollover_entry::plan(&plan, known_plan, &mut new_id)?;
        let broken = plan.broken(year);
        if !broken.is_empty() {
            let violations = broken.into_iter();
            return Err(status::invalid(violations.map(|(field, rule, message)| {
                status::violation(field, rule, message)
            })));
        }
        let version = match &known {
            None if rollover_view::year_of(&found)? != year => {
                return Err(status::not_found("Rollover"));
            }
            None if seen.is_some() => return Err(status::not_found("Rollover")),
            None => 1,
            Some(known) if known.applied.is_some() => return Err(applied()),
            Some(known) if seen != Some(known.version) => {
                return Err(status::stale_etag(&chassis::etag::of(known.version)));
            }
            Some(known) => known.version + 1,
        };
        let kept = Kept {
            year: year.starts_in(),
            plan,
            applied: None,
            version,
        };
        rollovers::put(uow.conn(), school, &kept, &change)
            .await
            .map_err(status::from_db)?;
        let at = (school, &found);
        let plan = Some((&kept.plan, kept.version));
        let rollover = rollover_view::draft(roster, uow.conn(), at, plan).await?;
        let answer = pb::PutRolloverResponse {
            rollover: Some(rollover),
        };
        Ok((uow, answer))
    })
    .await
}

/// The school and its rollover of a year, held until the end of the transaction.
pub(super) async fn hold(
    uow: &UnitOfWork,
    school: School,
    year: i16,
) -> Result<(record::School, Option<Kept>), Status> {
    let conn = uow.conn();
    schools::hold(conn, school).await.map_err(status::from_db)?;
    // Read again: another rollover may have gone before.
    let found = schools::get(conn, school).await.map_err(status::from_db)?;
    let kept = rollovers::get(conn, school, year)
        .await
        .map_err(status::from_db)?;
    Ok((found.ok_or_else(|| status::not_found("School"))?, kept))
}

/// What an applied rollover answers to those who would change or repeat it.
pub(super) fn applied() -> Status {
    status::precondition(
        "ROLLOVER_APPLIED",
        "Переход на новый год уже проведён: его можно только отменить",
    )
}
