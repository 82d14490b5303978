//! GetCalendarFeed: whoever knows the secret of a subscription reads its feed, as long as the
//! one who made it has the right; the day of the read is noted.

use chassis::access::Facts;
use chassis::service::Cx;
use chassis::{caller, status};
use jiff::civil::Date;
use tonic::{Request, Response, Status};
use zhurnal_proto::google::api::HttpBody;
use zhurnal_proto::id::SchoolId;
use zhurnal_proto::schedule::v1 as pb;

use super::get_calendar::present_year;
use super::parse::{self, checked};
use super::{Answer, Rpc, calendar_feed, calendar_subscription};
use crate::domain::calendar_feed::write;
use crate::domain::calendar_subscription::CalendarSubscription;
use crate::store::{School, calendar_subscriptions};

pub(super) async fn handle(
    rpc: &Rpc,
    request: Request<pb::GetCalendarFeedRequest>,
) -> Answer<HttpBody> {
    let cx = &rpc.cx;
    let caller = caller::of(&request)?;
    let message = request.get_ref();
    checked(message)?;
    let school: SchoolId = parse::id("schoolId", &message.school_id)?;
    cx.access
        .check(caller, "schedule.calendarFeeds.get", &Facts::own())?;

    let school = School::asked_about(school);
    let conn = cx.db.read();
    let hash = rpc.secrets.hash(&message.secret);
    let found = calendar_subscriptions::by_secret(conn, school, hash).await;
    let subscription = found.map_err(status::from_db)?.ok_or_else(unknown)?;
    let year = present_year(cx, school).await?.ok_or_else(unknown)?;
    let today = cx.clock.today(&year.time_zone);
    let asked = (subscription.subject, Some(subscription.person));
    let right = calendar_subscription::right(conn, school, asked, today).await?;
    if !right.has(subscription.person) {
        return Err(unknown());
    }
    let whose = (subscription.subject, right.stays.as_slice());
    let feed = calendar_feed::of(conn, school, whose, (&year.time_zone, today)).await?;
    note(cx, school, &subscription, today).await?;
    Ok(Response::new(HttpBody {
        content_type: "text/calendar; charset=utf-8".to_owned(),
        data: write(&feed.ok_or_else(unknown)?).into_bytes(),
    }))
}

/// Never made, revoked, or its right has ended: who asks is not told which.
fn unknown() -> Status {
    status::not_found("calendarFeed")
}

/// The first read of a day is written down.
async fn note(
    cx: &Cx,
    school: School,
    subscription: &CalendarSubscription,
    today: Date,
) -> Result<(), Status> {
    if subscription.last_used_on == Some(today) {
        return Ok(());
    }
    let uow = cx.db.begin().await.map_err(status::from_db)?;
    let noted = calendar_subscriptions::used(uow.conn(), school, (subscription.id, today)).await;
    noted.map_err(status::from_db)?;
    uow.commit().await.map_err(status::from_db)
}

#[cfg(test)]
mod tests;
