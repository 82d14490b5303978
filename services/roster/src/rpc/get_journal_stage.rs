//! GetJournalStage: the stage of the school's transition to the e-journal (R149), today and
//! next. Its staff, the region's administrators, the ministry.

use chassis::status;
use tonic::{Request, Status};
use zhurnal_proto::roster::v1 as pb;

use super::{journal_mode_entry, parse};
use crate::Roster;
use crate::domain::journal_mode::{self, Mode};
use crate::store::journal_modes;

pub(super) async fn handle(
    roster: &Roster,
    request: Request<pb::GetJournalStageRequest>,
) -> Result<pb::GetJournalStageResponse, Status> {
    let (caller, request) = parse::accept(request)?;
    let permission = "roster.journalModes.stage";
    let (school, found) = parse::school(roster, &caller, permission, &request.school_id).await?;
    let today = roster.today(&found.time_zone);
    let stages = journal_modes::stages(roster.cx.db.read(), &[school.id()]).await;
    let stages: Vec<Mode> = stages
        .map_err(status::from_db)?
        .into_iter()
        .map(|(_, mode)| mode)
        .collect();
    let (kind, starts_on) = told(journal_mode::stage(&stages, today));
    let (next_kind, next_starts_on) = told(journal_mode::next_stage(&stages, today));
    Ok(pb::GetJournalStageResponse {
        kind,
        starts_on,
        next_kind,
        next_starts_on,
    })
}

/// A stage and its first day; none is unspecified.
pub(super) fn told(stage: Option<&Mode>) -> (i32, String) {
    let told = |mode: &Mode| {
        let kind = journal_mode_entry::kind(mode.kind);
        (kind.into(), mode.starts_on.to_string())
    };
    stage.map(told).unwrap_or_default()
}
