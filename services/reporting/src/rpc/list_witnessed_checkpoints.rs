//! ListWitnessedCheckpoints: what reporting keeps as a witness of grading's ledger,
//! for the management and for grading itself.

use chassis::access::Facts;
use chassis::caller;
use chassis::status::from_db;
use tonic::{Request, Response, Status};
use zhurnal_proto::id::SchoolId;
use zhurnal_proto::reporting::v1 as pb;
use zhurnal_proto::types::v1::WitnessedCheckpoint;

use super::parse::{self, checked};
use super::{Answer, convert};
use crate::Shared;
use crate::store::School;
use crate::store::checkpoints::{self, Witnessed};

struct Command {
    school: SchoolId,
    from: Option<String>,
    to: Option<String>,
}

impl TryFrom<&pb::ListWitnessedCheckpointsRequest> for Command {
    type Error = Status;

    fn try_from(request: &pb::ListWitnessedCheckpointsRequest) -> Result<Self, Status> {
        checked(request)?;
        let date = |field, text| {
            Ok::<_, Status>(parse::optional_date(field, text)?.map(|date| date.to_string()))
        };
        Ok(Self {
            school: parse::id("schoolId", &request.school_id)?,
            from: date("from", &request.from)?,
            to: date("to", &request.to)?,
        })
    }
}

pub(super) async fn handle(
    shared: &Shared,
    request: Request<pb::ListWitnessedCheckpointsRequest>,
) -> Answer<pb::ListWitnessedCheckpointsResponse> {
    let caller = caller::of(&request)?;
    let Command { school, from, to } = Command::try_from(request.get_ref())?;
    let scope =
        shared
            .cx
            .access
            .check(caller, "reporting.checkpoints.list", &Facts::school(school))?;
    let school = parse::school(&scope)?;

    let kept =
        checkpoints::newest_by_day(shared.cx.db.read(), school, from.as_deref(), to.as_deref());
    let kept = kept.await.map_err(from_db)?;
    let checkpoints = kept
        .into_iter()
        .map(|one| checkpoint(school, one))
        .collect();
    Ok(Response::new(pb::ListWitnessedCheckpointsResponse {
        checkpoints,
    }))
}

fn checkpoint(school: School, kept: Witnessed) -> WitnessedCheckpoint {
    WitnessedCheckpoint {
        school_id: school.id().to_string(),
        day: kept.day,
        tree_size: kept.tree_size,
        root: kept.root,
        note: kept.note,
        stored_at: Some(convert::timestamp(kept.stored_at)),
    }
}

#[cfg(test)]
mod tests;
