//! AddModelAuthorityMeasures: the model list for municipalities (R187), without what this
//! one has already.

use chassis::idempotency;
use tonic::{Request, Status};
use zhurnal_proto::roster::v1 as pb;

use super::add_model_measures::add;
use super::parse;
use crate::domain::academic_year;
use crate::domain::registry::model_list;
use crate::store::registries::Change;
use crate::{Roster, announce};

pub(super) async fn handle(
    roster: &Roster,
    request: Request<pb::AddModelAuthorityMeasuresRequest>,
) -> Result<pb::AddModelAuthorityMeasuresResponse, Status> {
    let (caller, request) = parse::accept(request)?;
    let permission = "roster.authorityRecords.put";
    let (owner, municipality) =
        parse::authority(roster, &caller, permission, &request.municipality_id).await?;
    let begins = academic_year::begins_before(roster.today_in_region());
    let change = Change {
        by: caller.actor(),
        at: roster.cx.clock.now(),
    };
    let key = idempotency::key(
        &caller.actor(),
        "AddModelAuthorityMeasures",
        &request.request_id,
        &request,
    )?;
    idempotency::once(&roster.cx.db, &key, |mut uow| async move {
        let kept = add(roster, &uow, owner, model_list(begins), &change).await?;
        announce::authority_records(&mut uow, change.at, municipality, (&kept, None));
        let added_count = u32::try_from(kept.len()).unwrap_or(u32::MAX);
        Ok((uow, pb::AddModelAuthorityMeasuresResponse { added_count }))
    })
    .await
}
