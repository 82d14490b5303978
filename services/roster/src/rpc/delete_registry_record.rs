//! DeleteRegistryRecord: a record that was entered by mistake goes; an act that was
//! acknowledged stays.

use chassis::db::UnitOfWork;
use chassis::{idempotency, status};
use tonic::{Request, Status};
use zhurnal_proto::id::RegistryRecordId;
use zhurnal_proto::roster::v1 as pb;

use super::parse;
use crate::Roster;
use crate::announce;
use crate::store::{Owner, journal_modes, registries};

pub(super) async fn handle(
    roster: &Roster,
    request: Request<pb::DeleteRegistryRecordRequest>,
) -> Result<pb::DeleteRegistryRecordResponse, Status> {
    let (caller, request) = parse::accept(request)?;
    let (school, _) =
        parse::school(roster, &caller, "roster.registries.put", &request.school_id).await?;
    let id = parse::id("record_id", &request.record_id)?;
    let seen = chassis::etag::version(&request.etag);
    let key = idempotency::key(
        &caller.actor(),
        "DeleteRegistryRecord",
        &request.request_id,
        &request,
    )?;
    idempotency::once(&roster.cx.db, &key, |mut uow| async move {
        lock(&uow, school.into(), id, seen).await?;
        if registries::is_acknowledged(uow.conn(), school, id)
            .await
            .map_err(status::from_db)?
        {
            return Err(status::precondition(
                "LOCAL_ACT_ACKNOWLEDGED",
                "С документом уже ознакомились: укажите последний день его действия",
            ));
        }
        if journal_modes::rest_on(uow.conn(), school, id)
            .await
            .map_err(status::from_db)?
        {
            return Err(status::precondition(
                "LOCAL_ACT_IN_USE",
                "На этом документе держится режим ведения журнала: укажите последний день его действия",
            ));
        }
        registries::remove(uow.conn(), school, id)
            .await
            .map_err(status::from_db)?;
        announce::registry_record_removed(&mut uow, roster.cx.clock.now(), school.id(), id);
        Ok((uow, pb::DeleteRegistryRecordResponse {}))
    })
    .await
}

/// Holds the record in the version that was seen.
pub(super) async fn lock(
    uow: &UnitOfWork,
    owner: Owner,
    id: RegistryRecordId,
    seen: Option<i64>,
) -> Result<(), Status> {
    let known = registries::lock(uow.conn(), owner, id)
        .await
        .map_err(status::from_db)?
        .ok_or_else(|| status::not_found("RegistryRecord"))?;
    if seen != Some(known.version) {
        return Err(status::stale_etag(&chassis::etag::of(known.version)));
    }
    Ok(())
}
