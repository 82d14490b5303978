//! ChangeGroupMembers: pupils come to a group and leave it from a day on. Administrator,
//! deputies, director, secretary. Announces the group and the memberships.

use chassis::db::UnitOfWork;
use chassis::{idempotency, status};
use sea_orm::DbErr;
use tonic::{Request, Status};
use zhurnal_proto::id::{GroupId, PersonId};
use zhurnal_proto::roster::v1 as pb;

use super::group_entry::{self, Held};
use super::parse;
use crate::Roster;
use crate::announce::{self, NEVER};
use crate::domain::group::{self, Changed, Known, Wanted};
use crate::domain::record::GroupMembership;
use crate::store::{School, groups, pupils};

pub(super) async fn handle(
    roster: &Roster,
    request: Request<pb::ChangeGroupMembersRequest>,
) -> Result<pb::ChangeGroupMembersResponse, Status> {
    let (caller, request) = parse::accept(request)?;
    let permission = "roster.groups.put";
    let (school, found) = parse::school(roster, &caller, permission, &request.school_id).await?;
    let id: GroupId = parse::id("group_id", &request.group_id)?;
    let from = parse::date("from", &request.from)?;
    let add = pupils_of("addPupilIds", &request.add_pupil_ids)?;
    let remove = pupils_of("removePupilIds", &request.remove_pupil_ids)?;
    let (now, etag) = (roster.cx.clock.now(), request.etag.clone());
    let key = idempotency::key(
        &caller.actor(),
        "ChangeGroupMembers",
        &request.request_id,
        &request,
    )?;
    idempotency::once(&roster.cx.db, &key, |mut uow| async move {
        let held = group_entry::hold(&uow, school, id, &etag).await?;
        group_entry::still_meets(&held.group)?;
        let enrolments = pupils::enrolments_of(uow.conn(), school, &add).await;
        let known = Known {
            group: &held.group,
            year: held.year,
            members: &held.members,
            enrolments: &enrolments.map_err(status::from_db)?,
        };
        let wanted = Wanted {
            from,
            add: &add,
            remove: &remove,
        };
        let changed = group::change(known, wanted).map_err(group_entry::invalid)?;
        let told = write(&uow, school, &held, &changed).await;
        let told = told.map_err(status::from_db)?;
        announce::group(&mut uow, now, school.id(), (&held.group, &told));

        let members = groups::memberships_in(uow.conn(), school, &[id]).await;
        let members = members.map_err(status::from_db)?;
        let of_group = (&held.group, members.as_slice());
        let shown = group_entry::members(uow.conn(), school, of_group, None).await;
        let now_is = (&held.group, held.version + 1);
        let response = pb::ChangeGroupMembersResponse {
            group: Some(group_entry::show(roster, &found, now_is, &members)),
            members: shown.map_err(status::from_db)?,
        };
        Ok((uow, response))
    })
    .await
}

fn pupils_of(field: &str, ids: &[String]) -> Result<Vec<PersonId>, Status> {
    let ids = ids.iter().enumerate();
    ids.map(|(at, id)| parse::id(&format!("{field}[{at}]"), id))
        .collect()
}

/// Writes the change; gives what the feed is told of memberships.
async fn write(
    uow: &UnitOfWork,
    school: School,
    held: &Held,
    changed: &Changed,
) -> Result<Vec<GroupMembership>, DbErr> {
    let conn = uow.conn();
    groups::replace(conn, school, &held.group, held.version + 1).await?;
    let mut told = Vec::new();
    for one in &changed.withdrawn {
        groups::remove(conn, school, one).await?;
        told.push(GroupMembership {
            ends_on: Some(NEVER),
            ..one.clone()
        });
    }
    let put: Vec<GroupMembership> = changed
        .ended
        .iter()
        .chain(&changed.joined)
        .cloned()
        .collect();
    groups::put_all(conn, school, &put).await?;
    told.extend(put);
    Ok(told)
}
