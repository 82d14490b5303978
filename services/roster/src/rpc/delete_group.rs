//! DeleteGroup: a group that was made by mistake goes with its memberships, as long as nobody
//! teaches it: schedule is asked. Administrator, deputies, director, secretary. Announces that
//! it is there no more.

use std::time::Duration;

use chassis::{idempotency, status};
use tonic::{Request, Status};
use zhurnal_proto::id::GroupId;
use zhurnal_proto::roster::v1 as pb;
use zhurnal_proto::schedule::v1::ListTeachingLoadsRequest;
use zhurnal_proto::schedule::v1::schedule_service_client::ScheduleServiceClient;

use super::{group_entry, parse};
use crate::Roster;
use crate::announce::{self, NEVER};
use crate::domain::record::GroupMembership;
use crate::store::groups;

pub(super) async fn handle(
    roster: &Roster,
    request: Request<pb::DeleteGroupRequest>,
) -> Result<pb::DeleteGroupResponse, Status> {
    let (caller, request) = parse::accept(request)?;
    let permission = "roster.groups.put";
    let (school, _) = parse::school(roster, &caller, permission, &request.school_id).await?;
    let id: GroupId = parse::id("group_id", &request.group_id)?;
    let (now, etag) = (roster.cx.clock.now(), request.etag.clone());
    let key = idempotency::key(
        &caller.actor(),
        "DeleteGroup",
        &request.request_id,
        &request,
    )?;
    // Asked before the unit of work: nobody waits for another service while holding the book.
    let taught = is_taught(roster, &request).await;
    idempotency::once(&roster.cx.db, &key, |mut uow| async move {
        let held = group_entry::hold(&uow, school, id, &etag).await?;
        if taught? {
            let message = "У группы есть нагрузка: её уроки остаются в журнале, группу можно только завершить";
            return Err(status::precondition("GROUP_HAS_LESSONS", message));
        }
        groups::remove_groups(uow.conn(), school, &[id])
            .await
            .map_err(status::from_db)?;
        let never = held.members.into_iter().map(|one| GroupMembership {
            ends_on: Some(NEVER),
            ..one
        });
        let never: Vec<GroupMembership> = never.collect();
        announce::group_removed(&mut uow, now, school.id(), (id, &never));
        Ok((uow, pb::DeleteGroupResponse {}))
    })
    .await
}

async fn is_taught(roster: &Roster, of: &pb::DeleteGroupRequest) -> Result<bool, Status> {
    let mut schedule = ScheduleServiceClient::new(roster.cx.peers.channel("schedule"));
    let mut request = Request::new(ListTeachingLoadsRequest {
        school_id: of.school_id.clone(),
        group_id: of.group_id.clone(),
        page_size: 1,
        ..Default::default()
    });
    request.set_timeout(Duration::from_millis(roster.config.step_timeout_ms));
    let answer = schedule.list_teaching_loads(request).await.map_err(|failure| {
        tracing::warn!(code = ?failure.code(), "schedule did not say whether a group has loads");
        status::unavailable("SCHEDULE_UNAVAILABLE", Duration::from_secs(5))
    })?;
    Ok(!answer.into_inner().teaching_loads.is_empty())
}
