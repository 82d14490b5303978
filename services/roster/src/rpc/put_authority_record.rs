//! PutAuthorityRecord: a record of a municipality or of the ministry is added, or replaced
//! in the version that the caller saw. People are named in it: nobody there has a card.

use chassis::{idempotency, status};
use tonic::{Request, Status};
use zhurnal_proto::roster::v1 as pb;

use super::parse;
use super::put_registry_record::{sound, write};
use super::registry_entry::{self, Beside};
use crate::domain::registry::{Record, Registry};
use crate::store::registries::Change;
use crate::{Roster, announce};

pub(super) async fn handle(
    roster: &Roster,
    request: Request<pb::PutAuthorityRecordRequest>,
) -> Result<pb::PutAuthorityRecordResponse, Status> {
    let (caller, request) = parse::accept(request)?;
    let permission = "roster.authorityRecords.put";
    let (owner, municipality) =
        parse::authority(roster, &caller, permission, &request.municipality_id).await?;
    let today = roster.today_in_region();
    let id = parse::id("record_id", &request.record_id)?;
    let sent = request.record.clone().unwrap_or_default();
    let named = registry_entry::named(&sent);
    let entry = sent
        .entry
        .ok_or_else(|| status::invalid_field("record", "REQUIRED", "Заполните запись реестра"))?;
    let (record, at) = registry_entry::wanted(id, entry)?;
    if record.registry == Registry::Equipment {
        return Err(status::precondition(
            "REGISTRY_OF_SCHOOLS",
            "Реестр оснащения ведут школы",
        ));
    }
    let record = Record { named, ..record };
    sound(&record, at, today, owner.keeper())?;
    let seen = chassis::etag::version(&request.etag);
    let change = Change {
        by: caller.actor(),
        at: roster.cx.clock.now(),
    };
    let key = idempotency::key(
        &caller.actor(),
        "PutAuthorityRecord",
        &request.request_id,
        &request,
    )?;
    idempotency::once(&roster.cx.db, &key, |mut uow| async move {
        let kept = write(&uow, owner, record, seen, &change).await?;
        let told = (std::slice::from_ref(&kept), None);
        announce::authority_records(&mut uow, change.at, municipality, told);
        let record = Some(Beside::bare(today).show(&kept));
        Ok((uow, pb::PutAuthorityRecordResponse { record }))
    })
    .await
}
