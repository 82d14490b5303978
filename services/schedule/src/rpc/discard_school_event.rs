//! DiscardSchoolEvent: whoever may change it removes a draft; nobody was told of it.

use chassis::service::Cx;
use chassis::{caller, idempotency, status};
use tonic::{Request, Response};
use zhurnal_proto::id::{SchoolEventId, SchoolId};
use zhurnal_proto::schedule::v1 as pb;

use super::parse::{self, checked};
use super::school_event::{self, People};
use super::{Answer, refused};
use crate::store::school_events;

pub(super) async fn handle(
    cx: &Cx,
    request: Request<pb::DiscardSchoolEventRequest>,
) -> Answer<pb::DiscardSchoolEventResponse> {
    let caller = caller::of(&request)?.clone();
    let message = request.into_inner();
    checked(&message)?;
    let school: SchoolId = parse::id("schoolId", &message.school_id)?;
    let id: SchoolEventId = parse::id("schoolEventId", &message.school_event_id)?;
    let school = school_event::staff_school(cx, &caller, school)?;
    let people = People::of(cx.db.read(), school).await?;

    let key = idempotency::key(
        &caller.actor(),
        "DiscardSchoolEvent",
        &message.request_id,
        &message,
    )?;
    let seen = chassis::etag::version(&message.etag);
    let response = idempotency::once(&cx.db, &key, |uow| async move {
        let event = school_event::lock(&uow, school, id).await?;
        let permission = "schedule.schoolEvents.discard";
        people.allow(cx, (&caller, permission), &event.content.audience)?;
        let may = event.may_discard(seen);
        may.map_err(|refusal| refused::status(&refusal))?;
        let removed = school_events::remove(uow.conn(), school, id).await;
        removed.map_err(status::from_db)?;
        Ok((uow, pb::DiscardSchoolEventResponse {}))
    })
    .await?;
    Ok(Response::new(response))
}

#[cfg(test)]
mod tests;
