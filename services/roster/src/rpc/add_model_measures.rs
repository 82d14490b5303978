//! AddModelMeasures: the model plan (R187), without what the school has already.

use chassis::db::UnitOfWork;
use chassis::{idempotency, status};
use tonic::{Request, Status};
use zhurnal_proto::id::RegistryRecordId;
use zhurnal_proto::roster::v1 as pb;

use super::parse;
use crate::Roster;
use crate::announce;
use crate::domain::academic_year;
use crate::domain::registry::{ModelMeasure, Record, Registry, model_plan};
use crate::store::Owner;
use crate::store::registries::{self, Change, Kept};

pub(super) async fn handle(
    roster: &Roster,
    request: Request<pb::AddModelMeasuresRequest>,
) -> Result<pb::AddModelMeasuresResponse, Status> {
    let (caller, request) = parse::accept(request)?;
    let (school, found) =
        parse::school(roster, &caller, "roster.registries.put", &request.school_id).await?;
    let begins = academic_year::begins(&found.academic_year).ok_or_else(|| {
        status::internal(anyhow::anyhow!(
            "the school's academic year is {:?}",
            found.academic_year
        ))
    })?;
    let change = Change {
        by: caller.actor(),
        at: roster.cx.clock.now(),
    };
    let key = idempotency::key(
        &caller.actor(),
        "AddModelMeasures",
        &request.request_id,
        &request,
    )?;
    idempotency::once(&roster.cx.db, &key, |mut uow| async move {
        let kept = add(roster, &uow, school.into(), model_plan(begins), &change).await?;
        announce::registry_records(&mut uow, change.at, school.id(), &kept);
        let added_count = u32::try_from(kept.len()).unwrap_or(u32::MAX);
        Ok((uow, pb::AddModelMeasuresResponse { added_count }))
    })
    .await
}

/// Adds the measures of a list that the owner has not got yet.
pub(super) async fn add(
    roster: &Roster,
    uow: &UnitOfWork,
    owner: Owner,
    list: impl Iterator<Item = ModelMeasure>,
    change: &Change,
) -> Result<Vec<Kept>, Status> {
    let known = registries::titles(uow.conn(), owner, Registry::Measures)
        .await
        .map_err(status::from_db)?;
    let added: Vec<Record> = list
        .filter(|measure| !known.contains(measure.title))
        .map(|measure| record(RegistryRecordId::from_uuid(roster.cx.ids.uuid()), &measure))
        .collect();
    registries::add(uow.conn(), owner, &added, change)
        .await
        .map_err(status::from_db)?;
    let kept = added.into_iter().map(|record| Kept { record, version: 1 });
    Ok(kept.collect())
}

fn record(id: RegistryRecordId, measure: &ModelMeasure) -> Record {
    Record {
        title: measure.title.to_owned(),
        ..Record::new(id, Registry::Measures, measure.kind, measure.due_on)
    }
}
