//! DeleteCalendarSubscription: an account ends an own calendar; its address is good no more.

use chassis::access::Facts;
use chassis::service::Cx;
use chassis::{caller, idempotency, status};
use tonic::{Request, Response};
use zhurnal_proto::id::{CalendarSubscriptionId, SchoolId};
use zhurnal_proto::schedule::v1 as pb;

use super::Answer;
use super::parse::{self, checked};
use crate::store::{School, calendar_subscriptions};

const PERMISSION: &str = "schedule.calendarSubscriptions.delete";

pub(super) async fn handle(
    cx: &Cx,
    request: Request<pb::DeleteCalendarSubscriptionRequest>,
) -> Answer<pb::DeleteCalendarSubscriptionResponse> {
    let caller = caller::of(&request)?.clone();
    let message = request.into_inner();
    checked(&message)?;
    let school: SchoolId = parse::id("schoolId", &message.school_id)?;
    let id: CalendarSubscriptionId =
        parse::id("calendarSubscriptionId", &message.calendar_subscription_id)?;
    cx.access.check(&caller, PERMISSION, &Facts::own())?;
    let user = caller.user().ok_or_else(|| status::denied(PERMISSION))?;

    let key = idempotency::key(
        &caller.actor(),
        "DeleteCalendarSubscription",
        &message.request_id,
        &message,
    )?;
    let response = idempotency::once(&cx.db, &key, |uow| async move {
        let own = (user.account, id);
        let asked = School::asked_about(school);
        let removed = calendar_subscriptions::remove(uow.conn(), asked, own).await;
        if !removed.map_err(status::from_db)? {
            return Err(status::not_found("calendarSubscription"));
        }
        Ok((uow, pb::DeleteCalendarSubscriptionResponse {}))
    })
    .await?;
    Ok(Response::new(response))
}
