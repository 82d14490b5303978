//! PutMunicipality: the ministry adds a municipality or renames it; its schools show the
//! new title.

use chassis::access::Facts;
use chassis::db::{UnitOfWork, is_unique_violation, micros};
use chassis::{idempotency, status};
use tonic::{Request, Status};
use zhurnal_proto::id::MunicipalityId;
use zhurnal_proto::roster::v1 as pb;

use super::{convert, parse};
use crate::domain::record::Municipality;
use crate::domain::text::tidy;
use crate::store::municipalities;
use crate::{Roster, announce};

const PERMISSION: &str = "roster.municipalities.put";

pub(super) async fn handle(
    roster: &Roster,
    request: Request<pb::PutMunicipalityRequest>,
) -> Result<pb::PutMunicipalityResponse, Status> {
    let (caller, request) = parse::accept(request)?;
    let id: MunicipalityId = parse::id("municipality_id", &request.municipality_id)?;
    let facts = Facts::municipality(id);
    roster.cx.access.check(&caller, PERMISSION, &facts)?;
    let title = tidy(&request.title);
    if title.is_empty() {
        return Err(status::invalid_field(
            "title",
            "REQUIRED",
            "Напишите название",
        ));
    }
    let seen = chassis::etag::version(&request.etag);
    let actor = caller.actor();
    let key = idempotency::key(&actor, "PutMunicipality", &request.request_id, &request)?;
    idempotency::once(&roster.cx.db, &key, |mut uow| async move {
        let known = municipalities::lock(uow.conn(), id)
            .await
            .map_err(status::from_db)?;
        let kept = match (known, seen) {
            (None, None) => add(roster, &mut uow, id, title).await?,
            (None, Some(_)) => return Err(status::not_found("Municipality")),
            (Some(known), seen) if seen != Some(known.version) => {
                return Err(status::stale_etag(&chassis::etag::of(known.version)));
            }
            (Some(known), _) => rename(roster, &mut uow, known, title).await?,
        };
        let schools = municipalities::school_count(uow.conn(), id)
            .await
            .map_err(status::from_db)?;
        let municipality = Some(convert::municipality(&kept, schools));
        Ok((uow, pb::PutMunicipalityResponse { municipality }))
    })
    .await
}

async fn add(
    roster: &Roster,
    uow: &mut UnitOfWork,
    id: MunicipalityId,
    title: String,
) -> Result<Municipality, Status> {
    let now = roster.cx.clock.now();
    let new = Municipality {
        id,
        title,
        version: 1,
    };
    let added = municipalities::add(uow.conn(), &new, micros(now)).await;
    if !added.map_err(status::from_db)? {
        return Err(exists());
    }
    announce::municipality(uow, now, &new);
    Ok(new)
}

async fn rename(
    roster: &Roster,
    uow: &mut UnitOfWork,
    known: Municipality,
    title: String,
) -> Result<Municipality, Status> {
    if municipalities::is_titled(uow.conn(), &title, known.id)
        .await
        .map_err(status::from_db)?
    {
        return Err(exists());
    }
    let to = Municipality {
        title,
        version: known.version + 1,
        ..known
    };
    municipalities::rename(uow.conn(), &to)
        .await
        .map_err(|error| {
            if is_unique_violation(&error) {
                exists()
            } else {
                status::from_db(error)
            }
        })?;
    crate::municipalities::tell(roster, uow, &to)
        .await
        .map_err(status::from_db)?;
    Ok(to)
}

fn exists() -> Status {
    status::precondition(
        "MUNICIPALITY_EXISTS",
        "Муниципалитет с таким названием уже есть",
    )
}
