//! ListLedgerCheckpoints: the newest signed checkpoint of each day, for
//! administrators, deputies, the director, and the witnesses.

use chassis::{access::Facts, caller::Caller, status};
use jiff::civil::date;
use tonic::Status;
use zhurnal_proto::{
    grading::v1::{LedgerCheckpoint, ListLedgerCheckpointsRequest, ListLedgerCheckpointsResponse},
    id::SchoolId,
};

use super::{convert, facts};
use crate::{
    Grading,
    store::ledger::{self, NewestCheckpoint},
};

pub(super) async fn handle(
    grading: &Grading,
    caller: &Caller,
    request: ListLedgerCheckpointsRequest,
) -> Result<ListLedgerCheckpointsResponse, Status> {
    let school: SchoolId = facts::id(&request.school_id, "School")?;
    let from = facts::day(&request.from, "from")?.unwrap_or(date(1900, 1, 1));
    let to = facts::day(&request.to, "to")?.unwrap_or(date(2200, 12, 31));
    grading
        .cx
        .access
        .check(caller, "grading.ledger.checkpoints", &Facts::school(school))?;
    let rows = ledger::newest(grading.cx.db.read(), school, from, to)
        .await
        .map_err(status::from_db)?;
    let checkpoints = rows
        .into_iter()
        .map(|row| checkpoint(school, row))
        .collect();
    Ok(ListLedgerCheckpointsResponse { checkpoints })
}

fn checkpoint(school: SchoolId, row: NewestCheckpoint) -> LedgerCheckpoint {
    LedgerCheckpoint {
        school_id: school.to_string(),
        day: row.day,
        tree_size: row.tree_size,
        root: hex::encode(row.root),
        note: row.note,
        signed_at: Some(convert::timestamp(chassis::db::from_micros(row.signed_us))),
    }
}
