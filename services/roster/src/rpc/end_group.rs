//! EndGroup: a group meets no more after a day, and nobody is in it. Administrator, deputies,
//! director, secretary. Announces the group and the memberships.

use chassis::{idempotency, status};
use tonic::{Request, Status};
use zhurnal_proto::id::GroupId;
use zhurnal_proto::roster::v1 as pb;

use super::{group_entry, parse};
use crate::Roster;
use crate::announce;
use crate::domain::group::{self, Known};
use crate::domain::record::Group;
use crate::store::groups;

pub(super) async fn handle(
    roster: &Roster,
    request: Request<pb::EndGroupRequest>,
) -> Result<pb::EndGroupResponse, Status> {
    let (caller, request) = parse::accept(request)?;
    let permission = "roster.groups.put";
    let (school, found) = parse::school(roster, &caller, permission, &request.school_id).await?;
    let id: GroupId = parse::id("group_id", &request.group_id)?;
    let ends_on = parse::date("endsOn", &request.ends_on)?;
    let (now, etag) = (roster.cx.clock.now(), request.etag.clone());
    let key = idempotency::key(&caller.actor(), "EndGroup", &request.request_id, &request)?;
    idempotency::once(&roster.cx.db, &key, |mut uow| async move {
        let held = group_entry::hold(&uow, school, id, &etag).await?;
        group_entry::still_meets(&held.group)?;
        let known = Known {
            group: &held.group,
            year: held.year,
            members: &held.members,
            enrolments: &[],
        };
        let ended = group::end(known, ends_on).map_err(group_entry::invalid)?;
        let group = Group {
            ends_on: Some(ends_on),
            ..held.group
        };
        let version = held.version + 1;
        groups::replace(uow.conn(), school, &group, version)
            .await
            .map_err(status::from_db)?;
        groups::put_all(uow.conn(), school, &ended)
            .await
            .map_err(status::from_db)?;
        announce::group(&mut uow, now, school.id(), (&group, &ended));

        let members = groups::memberships_in(uow.conn(), school, &[id]).await;
        let members = members.map_err(status::from_db)?;
        let shown = group_entry::members(uow.conn(), school, (&group, &members), None).await;
        let response = pb::EndGroupResponse {
            group: Some(group_entry::show(
                roster,
                &found,
                (&group, version),
                &members,
            )),
            members: shown.map_err(status::from_db)?,
        };
        Ok((uow, response))
    })
    .await
}
