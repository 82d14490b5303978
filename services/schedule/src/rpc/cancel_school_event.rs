//! CancelSchoolEvent: whoever may change it cancels a published event with a reason; it stays
//! to be seen, and its audience is told.

use chassis::service::Cx;
use chassis::{caller, idempotency};
use tonic::{Request, Response};
use zhurnal_proto::id::{SchoolEventId, SchoolId};
use zhurnal_proto::schedule::v1 as pb;

use super::parse::{self, checked};
use super::school_event::{self, People};
use super::{Answer, refused};

pub(super) async fn handle(
    cx: &Cx,
    request: Request<pb::CancelSchoolEventRequest>,
) -> Answer<pb::CancelSchoolEventResponse> {
    let caller = caller::of(&request)?.clone();
    let message = request.into_inner();
    checked(&message)?;
    let school: SchoolId = parse::id("schoolId", &message.school_id)?;
    let id: SchoolEventId = parse::id("schoolEventId", &message.school_event_id)?;
    let school = school_event::staff_school(cx, &caller, school)?;
    let people = People::of(cx.db.read(), school).await?;
    let step = school_event::step(cx, school, &message.etag).await?;

    let key = idempotency::key(
        &caller.actor(),
        "CancelSchoolEvent",
        &message.request_id,
        &message,
    )?;
    let reason = message.reason.trim().to_owned();
    let response = idempotency::once(&cx.db, &key, |mut uow| async move {
        let event = school_event::lock(&uow, school, id).await?;
        let permission = "schedule.schoolEvents.cancel";
        people.allow(cx, (&caller, permission), &event.content.audience)?;
        let event = event.cancel(reason, step);
        let event = event.map_err(|refusal| refused::status(&refusal))?;
        let view = people.write(&mut uow, &event).await?;
        people
            .announce(cx, &mut uow, (&event, true), &caller)
            .await?;
        let response = pb::CancelSchoolEventResponse {
            school_event: Some(view),
        };
        Ok((uow, response))
    })
    .await?;
    Ok(Response::new(response))
}

#[cfg(test)]
mod tests;
