//! ConfirmSchoolProfile: what the school says of itself is current as it stands.
//! Administrator, director.

use chassis::db::{UnitOfWork, is_unique_violation};
use chassis::{idempotency, status};
use tonic::{Request, Status};
use zhurnal_proto::roster::v1 as pb;

use super::{parse, profile_view, pupil_card};
use crate::Roster;
use crate::store::School;
use crate::store::profiles::{self, Version};
use crate::store::registries::Change;

pub(super) async fn handle(
    roster: &Roster,
    request: Request<pb::ConfirmSchoolProfileRequest>,
) -> Result<pb::ConfirmSchoolProfileResponse, Status> {
    let (caller, request) = parse::accept(request)?;
    let permission = "roster.schoolProfiles.put";
    let (school, found) = parse::school(roster, &caller, permission, &request.school_id).await?;
    let seen = chassis::etag::version(&request.etag);
    let change = Change {
        by: caller.actor(),
        at: roster.cx.clock.now(),
    };
    let by = pupil_card::by_name(&caller);
    let key = idempotency::key(
        &caller.actor(),
        "ConfirmSchoolProfile",
        &request.request_id,
        &request,
    )?;
    idempotency::once(&roster.cx.db, &key, |uow| async move {
        let known = profiles::latest(uow.conn(), school)
            .await
            .map_err(status::from_db)?;
        let Some(known) = known else {
            return Err(incomplete());
        };
        if seen != Some(known.number) {
            return Err(status::stale_etag(&chassis::etag::of(known.number)));
        }
        if !known.profile.missing().is_empty() {
            return Err(incomplete());
        }
        let version = Version {
            number: known.number + 1,
            profile: known.profile,
            confirmed_on: Some(roster.today(&found.time_zone)),
            at_us: chassis::db::micros(change.at),
            by,
        };
        add(&uow, school, &version, &change).await?;
        let shown = profile_view::show(roster, uow.conn(), (school, &found), true).await?;
        let response = pb::ConfirmSchoolProfileResponse {
            profile: Some(shown),
        };
        Ok((uow, response))
    })
    .await
}

/// Adds a version; one who was faster has made it already.
pub(super) async fn add(
    uow: &UnitOfWork,
    school: School,
    version: &Version,
    change: &Change,
) -> Result<(), Status> {
    let added = profiles::add(uow.conn(), school, version, change).await;
    added.map_err(|error| {
        if is_unique_violation(&error) {
            status::stale_etag(&chassis::etag::of(version.number))
        } else {
            status::from_db(error)
        }
    })
}

fn incomplete() -> Status {
    status::precondition(
        "PROFILE_INCOMPLETE",
        "Подтвердить можно только полностью заполненные сведения",
    )
}
