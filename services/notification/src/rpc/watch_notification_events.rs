//! WatchNotificationEvents: services follow notification's feed.

use chassis::access::Facts;
use chassis::caller::Caller;
use chassis::feed::{self, Filter, Item};
use chassis::status;
use futures::stream::BoxStream;
use prost::Message;
use tonic::Status;
use zhurnal_proto::notification::v1::{
    NotificationEvent, WatchNotificationEventsRequest, WatchNotificationEventsResponse,
};

use crate::Shared;

pub(super) async fn handle(
    shared: &Shared,
    caller: &Caller,
    request: WatchNotificationEventsRequest,
) -> Result<BoxStream<'static, Result<WatchNotificationEventsResponse, Status>>, Status> {
    shared
        .cx
        .access
        .check(caller, "notification.events.watch", &Facts::own())?;
    let filter = Filter::all().changes(
        "zhurnal.notification.v1.NotificationEvent",
        &request.changes,
    )?;
    feed::serve(
        &shared.cx.db,
        &shared.cx.stop,
        &request.cursor,
        filter,
        |item| {
            let cursor = item.cursor().to_string();
            let event = match item {
                Item::Event(row) => Some(
                    NotificationEvent::decode(row.payload.as_slice()).map_err(status::internal)?,
                ),
                Item::Progress(_) => None,
            };
            Ok(WatchNotificationEventsResponse { event, cursor })
        },
    )
    .await
}
