//! DeleteAuthorityRecord: a record of a municipality or of the ministry goes that was
//! entered by mistake.

use chassis::{idempotency, status};
use tonic::{Request, Status};
use zhurnal_proto::roster::v1 as pb;

use super::delete_registry_record::lock;
use super::parse;
use crate::store::registries;
use crate::{Roster, announce};

pub(super) async fn handle(
    roster: &Roster,
    request: Request<pb::DeleteAuthorityRecordRequest>,
) -> Result<pb::DeleteAuthorityRecordResponse, Status> {
    let (caller, request) = parse::accept(request)?;
    let permission = "roster.authorityRecords.put";
    let (owner, municipality) =
        parse::authority(roster, &caller, permission, &request.municipality_id).await?;
    let id = parse::id("record_id", &request.record_id)?;
    let seen = chassis::etag::version(&request.etag);
    let key = idempotency::key(
        &caller.actor(),
        "DeleteAuthorityRecord",
        &request.request_id,
        &request,
    )?;
    idempotency::once(&roster.cx.db, &key, |mut uow| async move {
        lock(&uow, owner, id, seen).await?;
        registries::remove(uow.conn(), owner, id)
            .await
            .map_err(status::from_db)?;
        let now = roster.cx.clock.now();
        announce::authority_records(&mut uow, now, municipality, (&[], Some(id)));
        Ok((uow, pb::DeleteAuthorityRecordResponse {}))
    })
    .await
}
