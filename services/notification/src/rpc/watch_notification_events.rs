//! WatchNotificationEvents: services follow notification's feed.

use chassis::access::Facts;
use chassis::caller::Caller;
use chassis::feed::{self, Filter, Item};
use chassis::{outbox, status};
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
    let cursor = match request.cursor.as_str() {
        "now" => outbox::head(&shared.cx.db)
            .await
            .map_err(status::from_db)?
            .to_string(),
        text => text.to_owned(),
    };
    feed::serve(
        &shared.cx.db,
        &shared.cx.stop,
        &cursor,
        Filter::all(),
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
