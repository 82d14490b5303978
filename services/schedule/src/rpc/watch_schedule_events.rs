//! WatchScheduleEvents: our services and other systems follow what schedule
//! announces, in commit order, from a cursor.

use chassis::access::Facts;
use chassis::feed::{self, Item};
use chassis::outbox::Filter;
use chassis::service::Cx;
use chassis::{caller, status};
use futures::stream::BoxStream;
use prost::Message;
use tonic::{Request, Response, Status};
use zhurnal_proto::id::SchoolId;
use zhurnal_proto::schedule::v1 as pb;

use super::Answer;
use super::parse::{self, checked};

const PERMISSION: &str = "schedule.events.watch";

type Events = BoxStream<'static, Result<pb::WatchScheduleEventsResponse, Status>>;

pub(super) async fn handle(
    cx: &Cx,
    request: Request<pb::WatchScheduleEventsRequest>,
) -> Answer<Events> {
    let caller = caller::of(&request)?;
    let message = request.get_ref();
    checked(message)?;
    let only: Option<SchoolId> = parse::optional_id("schoolId", &message.school_id)?;
    let scope = cx.access.check(caller, PERMISSION, &Facts::own())?;

    let schools = match (scope.only_schools(), only) {
        (None, None) => None,
        (None, Some(school)) => Some(vec![school.uuid()]),
        (Some(allowed), None) => Some(allowed.iter().map(|school| school.uuid()).collect()),
        (Some(allowed), Some(school)) if allowed.contains(&school) => Some(vec![school.uuid()]),
        (Some(_), Some(_)) => return Err(status::denied(PERMISSION)),
    };
    let filter = Filter {
        schools,
        kinds: None,
    }
    .changes("zhurnal.schedule.v1.ScheduleEvent", &message.changes)?;
    let events = feed::serve(&cx.db, &cx.stop, &message.cursor, filter, response).await?;
    Ok(Response::new(events))
}

fn response(item: Item) -> Result<pb::WatchScheduleEventsResponse, Status> {
    let cursor = item.cursor().to_string();
    let event = match item {
        Item::Event(row) => {
            Some(pb::ScheduleEvent::decode(row.payload.as_slice()).map_err(status::internal)?)
        }
        Item::Progress(_) => None,
    };
    Ok(pb::WatchScheduleEventsResponse { event, cursor })
}

#[cfg(test)]
mod tests;
