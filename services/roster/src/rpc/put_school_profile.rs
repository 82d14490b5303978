//! PutSchoolProfile: what the school says of itself is written in the version that the
//! caller saw. Administrator, director.

use chassis::{idempotency, status};
use tonic::{Request, Status};
use zhurnal_proto::roster::v1 as pb;

use super::{confirm_school_profile, parse, profile_view, pupil_card};
use crate::Roster;
use crate::store::profiles::{self, Version};
use crate::store::registries::Change;

pub(super) async fn handle(
    roster: &Roster,
    request: Request<pb::PutSchoolProfileRequest>,
) -> Result<pb::PutSchoolProfileResponse, Status> {
    let (caller, request) = parse::accept(request)?;
    let permission = "roster.schoolProfiles.put";
    let (school, found) = parse::school(roster, &caller, permission, &request.school_id).await?;
    let profile = profile_view::wanted(&request.entry.clone().unwrap_or_default())?;
    let seen = chassis::etag::version(&request.etag);
    let change = Change {
        by: caller.actor(),
        at: roster.cx.clock.now(),
    };
    let by = pupil_card::by_name(&caller);
    let key = idempotency::key(
        &caller.actor(),
        "PutSchoolProfile",
        &request.request_id,
        &request,
    )?;
    idempotency::once(&roster.cx.db, &key, |uow| async move {
        let known = profiles::latest(uow.conn(), school)
            .await
            .map_err(status::from_db)?;
        let number = known.as_ref().map_or(0, |known| known.number);
        if seen.unwrap_or(0) != number {
            return Err(status::stale_etag(&chassis::etag::of(number)));
        }
        if known.is_none_or(|known| known.profile != profile) {
            let version = Version {
                number: number + 1,
                profile,
                confirmed_on: None,
                at_us: chassis::db::micros(change.at),
                by,
            };
            confirm_school_profile::add(&uow, school, &version, &change).await?;
        }
        let shown = profile_view::show(roster, uow.conn(), (school, &found), true).await?;
        let response = pb::PutSchoolProfileResponse {
            profile: Some(shown),
        };
        Ok((uow, response))
    })
    .await
}
