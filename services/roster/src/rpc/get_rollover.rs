//! GetRollover: the plan of a year's rollover and what it would do, or what an applied
//! one has done. Secretary, administrator, deputies, director.

use chassis::status;
use tonic::{Request, Status};
use zhurnal_proto::roster::v1 as pb;

use super::{parse, rollover_view};
use crate::Roster;
use crate::store::rollovers;

pub(super) async fn handle(
    roster: &Roster,
    request: Request<pb::GetRolloverRequest>,
) -> Result<pb::GetRolloverResponse, Status> {
    let (caller, request) = parse::accept(request)?;
    let permission = "roster.rollovers.get";
    let (school, found) = parse::school(roster, &caller, permission, &request.school_id).await?;
    let present = rollover_view::year_of(&found)?.starts_in();
    let conn = roster.cx.db.read();
    let wanted = if request.academic_year.is_empty() {
        None
    } else {
        Some(rollover_view::year("academicYear", &request.academic_year)?.starts_in())
    };
    let kept = rollovers::get(conn, school, wanted.unwrap_or(present - 1))
        .await
        .map_err(status::from_db)?;
    let rollover = match kept {
        Some(kept) if kept.applied.is_some() => {
            rollover_view::applied(conn, (school, &found), &kept).await?
        }
        _ if wanted.is_some_and(|year| year != present) => {
            return Err(status::not_found("Rollover"));
        }
        _ => {
            let kept = rollovers::get(conn, school, present)
                .await
                .map_err(status::from_db)?;
            let plan = kept.as_ref().map(|kept| (&kept.plan, kept.version));
            rollover_view::draft(roster, conn, (school, &found), plan).await?
        }
    };
    Ok(pb::GetRolloverResponse {
        rollover: Some(rollover),
    })
}
