//! PutRegistryRecord: a record is added under the client's id, or replaced in the
//! version that the caller saw.

use chassis::db::UnitOfWork;
use chassis::{idempotency, status};
use jiff::civil::Date;
use tonic::{Request, Status};
use zhurnal_proto::roster::v1 as pb;

use super::parse;
use super::registry_entry::{self, Beside};
use crate::Roster;
use crate::announce;
use crate::domain::registry::{Keeper, Record};
use crate::store::Owner;
use crate::store::registries::{self, Change, Kept};

pub(super) async fn handle(
    roster: &Roster,
    request: Request<pb::PutRegistryRecordRequest>,
) -> Result<pb::PutRegistryRecordResponse, Status> {
    let (caller, request) = parse::accept(request)?;
    let (school, found) =
        parse::school(roster, &caller, "roster.registries.put", &request.school_id).await?;
    let today = roster.today(&found.time_zone);
    let id = parse::id("record_id", &request.record_id)?;
    let entry = request.record.clone().and_then(|record| record.entry);
    let entry = entry
        .ok_or_else(|| status::invalid_field("record", "REQUIRED", "Заполните запись реестра"))?;
    let (record, at) = registry_entry::wanted(id, entry)?;
    sound(&record, at, today, Keeper::School)?;
    let seen = chassis::etag::version(&request.etag);
    let change = Change {
        by: caller.actor(),
        at: roster.cx.clock.now(),
    };
    let key = idempotency::key(
        &caller.actor(),
        "PutRegistryRecord",
        &request.request_id,
        &request,
    )?;
    let by = caller.user().and_then(|user| user.person);
    idempotency::once(&roster.cx.db, &key, |mut uow| async move {
        let kept = write(&uow, school.into(), record, seen, &change).await?;
        announce::registry_records(
            &mut uow,
            change.at,
            school.id(),
            std::slice::from_ref(&kept),
        );
        let beside = Beside::load(roster, school, today, std::slice::from_ref(&kept), by).await?;
        let record = Some(beside.show(&kept));
        Ok((uow, pb::PutRegistryRecordResponse { record }))
    })
    .await
}

/// Refuses a record that breaks rules, by their fields.
pub(super) fn sound(record: &Record, at: &str, today: Date, keeper: Keeper) -> Result<(), Status> {
    let broken = record.broken(today, keeper);
    if broken.is_empty() {
        return Ok(());
    }
    let violations = broken.into_iter().map(|(field, rule, message)| {
        // The person above schools stands beside the entry.
        let of_record = matches!(field, "personName" | "post");
        let at = if of_record { "record" } else { at };
        status::violation(format!("{at}.{field}"), rule, message)
    });
    Err(status::invalid(violations))
}

/// Adds the record, or replaces it in the version that was seen.
pub(super) async fn write(
    uow: &UnitOfWork,
    owner: Owner,
    record: Record,
    seen: Option<i64>,
    change: &Change,
) -> Result<Kept, Status> {
    if let (Some(person), Owner::School(school)) = (record.person, owner)
        && !registries::is_employee(uow.conn(), school, person)
            .await
            .map_err(status::from_db)?
    {
        return Err(status::precondition(
            "PERSON_UNKNOWN",
            "Такого сотрудника в школе нет",
        ));
    }
    let known = registries::lock(uow.conn(), owner, record.id)
        .await
        .map_err(status::from_db)?;
    match (known, seen) {
        (None, None) => {
            registries::add(uow.conn(), owner, std::slice::from_ref(&record), change)
                .await
                .map_err(status::from_db)?;
            Ok(Kept { record, version: 1 })
        }
        (None, Some(_)) => Err(status::not_found("RegistryRecord")),
        (Some(known), seen) if seen != Some(known.version) => {
            Err(status::stale_etag(&chassis::etag::of(known.version)))
        }
        (Some(known), _) if known.record.registry != record.registry => Err(status::precondition(
            "REGISTRY_DIFFERS",
            "Запись принадлежит другому реестру",
        )),
        (Some(known), _) => {
            let kept = Kept {
                record,
                version: known.version + 1,
            };
            registries::replace(uow.conn(), owner, &kept, change)
                .await
                .map_err(status::from_db)?;
            Ok(kept)
        }
    }
}
