//! AcknowledgeLocalAct: an employee has read a local act (ознакомление, R4, R57).

use chassis::status;
use tonic::{Request, Status};
use zhurnal_proto::roster::v1 as pb;

use super::parse;
use super::registry_entry::Beside;
use crate::Roster;
use crate::domain::registry::Registry;
use crate::store::registries;

pub(super) async fn handle(
    roster: &Roster,
    request: Request<pb::AcknowledgeLocalActRequest>,
) -> Result<pb::AcknowledgeLocalActResponse, Status> {
    let (caller, request) = parse::accept(request)?;
    let permission = "roster.localActs.acknowledge";
    let (school, found) = parse::school(roster, &caller, permission, &request.school_id).await?;
    let today = roster.today(&found.time_zone);
    let id = parse::id("record_id", &request.record_id)?;
    let uow = roster.cx.db.begin().await.map_err(status::from_db)?;
    let person = caller.user().and_then(|user| user.person);
    let employee = match person {
        Some(person) => registries::is_employee(uow.conn(), school, person)
            .await
            .map_err(status::from_db)?
            .then_some(person),
        None => None,
    };
    let person = employee.ok_or_else(|| {
        status::precondition("NOT_ON_STAFF", "Ознакомиться может только сотрудник школы")
    })?;
    // Locked: an act that is removed at this moment is not acknowledged.
    let kept = registries::lock(uow.conn(), school, id)
        .await
        .map_err(status::from_db)?
        .filter(|kept| kept.record.registry == Registry::LocalActs)
        .ok_or_else(|| status::not_found("LocalAct"))?;
    if !kept.record.to_acknowledge {
        return Err(status::precondition(
            "NOT_TO_ACKNOWLEDGE",
            "Ознакомление с этим документом не требуется",
        ));
    }
    if !kept.record.is_in_force(today) {
        return Err(status::precondition(
            "LOCAL_ACT_NOT_IN_FORCE",
            "Документ сейчас не действует",
        ));
    }
    registries::acknowledge(uow.conn(), school, id, (person, today))
        .await
        .map_err(status::from_db)?;
    uow.commit().await.map_err(status::from_db)?;
    let beside = Beside::load(
        roster,
        school,
        today,
        std::slice::from_ref(&kept),
        Some(person),
    )
    .await?;
    Ok(pb::AcknowledgeLocalActResponse {
        record: Some(beside.show(&kept)),
    })
}
