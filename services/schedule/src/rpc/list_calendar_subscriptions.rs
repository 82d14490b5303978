//! ListCalendarSubscriptions: an account sees its own calendars at a school, without their
//! addresses.

use chassis::access::Facts;
use chassis::service::Cx;
use chassis::{caller, status};
use tonic::{Request, Response};
use zhurnal_proto::id::SchoolId;
use zhurnal_proto::schedule::v1 as pb;

use super::parse::{self, checked};
use super::{Answer, calendar_subscription};
use crate::domain::calendar_subscription::MOST;
use crate::store::{School, calendar_subscriptions};

const PERMISSION: &str = "schedule.calendarSubscriptions.list";

pub(super) async fn handle(
    cx: &Cx,
    request: Request<pb::ListCalendarSubscriptionsRequest>,
) -> Answer<pb::ListCalendarSubscriptionsResponse> {
    let caller = caller::of(&request)?;
    checked(request.get_ref())?;
    let school: SchoolId = parse::id("schoolId", &request.get_ref().school_id)?;
    cx.access.check(caller, PERMISSION, &Facts::own())?;
    let user = caller.user().ok_or_else(|| status::denied(PERMISSION))?;

    let asked = School::asked_about(school);
    let found = calendar_subscriptions::of_account(cx.db.read(), asked, user.account).await;
    let found = found.map_err(status::from_db)?;
    let views = found
        .iter()
        .map(|one| calendar_subscription::view(school, one));
    Ok(Response::new(pb::ListCalendarSubscriptionsResponse {
        calendar_subscriptions: views.collect(),
        most: u32::try_from(MOST).unwrap_or(u32::MAX),
    }))
}
