//! Ledger checkpoints that roster keeps as a witness: the newest of each day. Director,
//! deputies, administrators; grading, which replays them.

use chassis::status;
use tonic::{Request, Status};
use zhurnal_proto::roster::v1 as pb;
use zhurnal_proto::types::v1::WitnessedCheckpoint;

use super::{convert, parse};
use crate::Roster;
use crate::store::checkpoints;

pub(super) async fn handle(
    roster: &Roster,
    request: Request<pb::ListWitnessedCheckpointsRequest>,
) -> Result<pb::ListWitnessedCheckpointsResponse, Status> {
    let (caller, request) = parse::accept(request)?;
    let days = (
        parse::optional_date("from", &request.from)?,
        parse::optional_date("to", &request.to)?,
    );
    let (school, _) = parse::school(
        roster,
        &caller,
        "roster.checkpoints.list",
        &request.school_id,
    )
    .await?;
    let found = checkpoints::newest_of_days(roster.cx.db.read(), school, days)
        .await
        .map_err(status::from_db)?;
    let checkpoints = found.into_iter().map(|one| WitnessedCheckpoint {
        school_id: school.id().to_string(),
        day: one.day.to_string(),
        tree_size: one.tree_size,
        root: one.root,
        note: one.note,
        stored_at: Some(convert::stored(one.stored_us)),
    });
    Ok(pb::ListWitnessedCheckpointsResponse {
        checkpoints: checkpoints.collect(),
    })
}
