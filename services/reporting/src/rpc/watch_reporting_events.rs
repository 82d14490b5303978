//! WatchReportingEvents: our services follow what reporting announces, in commit
//! order, from a cursor.

use chassis::access::Facts;
use chassis::feed::{self, Filter, Item};
use chassis::{caller, status};
use futures::stream::BoxStream;
use prost::Message;
use tonic::{Request, Response, Status};
use zhurnal_proto::reporting::v1 as pb;

use super::Answer;
use super::parse::checked;
use crate::Shared;

type Events = BoxStream<'static, Result<pb::WatchReportingEventsResponse, Status>>;

pub(super) async fn handle(
    shared: &Shared,
    request: Request<pb::WatchReportingEventsRequest>,
) -> Answer<Events> {
    let caller = caller::of(&request)?;
    checked(request.get_ref())?;
    shared
        .cx
        .access
        .check(caller, "reporting.events.watch", &Facts::own())?;
    let request = request.get_ref();
    let filter = Filter::all().changes("zhurnal.reporting.v1.ReportingEvent", &request.changes)?;
    let events = feed::serve(
        &shared.cx.db,
        &shared.cx.stop,
        &request.cursor,
        filter,
        response,
    )
    .await?;
    Ok(Response::new(events))
}

fn response(item: Item) -> Result<pb::WatchReportingEventsResponse, Status> {
    let cursor = item.cursor().to_string();
    let event = match item {
        Item::Event(row) => {
            Some(pb::ReportingEvent::decode(row.payload.as_slice()).map_err(status::internal)?)
        }
        Item::Progress(_) => None,
    };
    Ok(pb::WatchReportingEventsResponse { event, cursor })
}

#[cfg(test)]
mod tests;
