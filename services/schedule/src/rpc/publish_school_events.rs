//! PublishSchoolEvents: whoever may change them publishes drafts, one or the plan of a month,
//! all or none (R140); their audiences are told.

use std::collections::BTreeSet;

use chassis::caller::Caller;
use chassis::db::UnitOfWork;
use chassis::service::Cx;
use chassis::{caller, idempotency, status};
use tonic::{Request, Response, Status};
use zhurnal_proto::id::{SchoolEventId, SchoolId};
use zhurnal_proto::schedule::v1 as pb;

use super::parse::{self, checked};
use super::school_event::{self, People};
use super::{Answer, refused};
use crate::domain::school_event::Step;
use crate::store::School;

type Seen = (SchoolEventId, Option<i64>);

fn command(request: &pb::PublishSchoolEventsRequest) -> Result<Vec<Seen>, Status> {
    checked(request)?;
    let mut known = BTreeSet::new();
    let seen = request.school_events.iter().enumerate().map(|(at, one)| {
        let field = format!("schoolEvents[{at}].schoolEventId");
        let id: SchoolEventId = parse::id(&field, &one.school_event_id)?;
        if !known.insert(id) {
            return Err(status::invalid_field(
                &field,
                "TWICE",
                "это событие уже названо",
            ));
        }
        Ok((id, chassis::etag::version(&one.etag)))
    });
    let mut seen: Vec<Seen> = seen.collect::<Result<_, _>>()?;
    // One order for all: two who publish the same events do not wait for each other.
    seen.sort_unstable();
    Ok(seen)
}

pub(super) async fn handle(
    cx: &Cx,
    request: Request<pb::PublishSchoolEventsRequest>,
) -> Answer<pb::PublishSchoolEventsResponse> {
    let caller = caller::of(&request)?.clone();
    let message = request.into_inner();
    let seen = command(&message)?;
    let school: SchoolId = parse::id("schoolId", &message.school_id)?;
    let school = school_event::staff_school(cx, &caller, school)?;
    let people = People::of(cx.db.read(), school).await?;
    let step = school_event::step(cx, school, "").await?;

    let key = idempotency::key(
        &caller.actor(),
        "PublishSchoolEvents",
        &message.request_id,
        &message,
    )?;
    let response = idempotency::once(&cx.db, &key, |mut uow| async move {
        let mut views = Vec::new();
        for (id, seen) in seen {
            let step = Step { seen, ..step };
            let view = publish(cx, &mut uow, (&people, school), (id, step), &caller).await?;
            views.push(view);
        }
        let response = pb::PublishSchoolEventsResponse {
            school_events: views,
        };
        Ok((uow, response))
    })
    .await?;
    Ok(Response::new(response))
}

async fn publish(
    cx: &Cx,
    uow: &mut UnitOfWork,
    (people, school): (&People, School),
    (id, step): (SchoolEventId, Step),
    caller: &Caller,
) -> Result<pb::SchoolEvent, Status> {
    let event = school_event::lock(uow, school, id).await?;
    let permission = "schedule.schoolEvents.publish";
    people.allow(cx, (caller, permission), &event.content.audience)?;
    let event = event.publish(step);
    let event = event.map_err(|refusal| refused::status(&refusal))?;
    let view = people.write(uow, &event).await?;
    people.announce(cx, uow, (&event, false), caller).await?;
    Ok(view)
}

#[cfg(test)]
mod tests;
