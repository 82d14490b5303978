//! One line per RPC; each lives in a file of its own.

pub mod convert;
mod list_notices;
mod mark_notices_read;
mod watch_notification_events;

use chassis::caller::Caller;
use chassis::status;
use futures::stream::BoxStream;
use tonic::{Request, Response, Status};
use uuid::Uuid;
use zhurnal_proto::notification::v1 as pb;
use zhurnal_proto::notification::v1::notification_service_server::NotificationService;
use zhurnal_proto::validate::{Validate, check};

use crate::Shared;

/// The generated server's implementation.
pub struct Rpc {
    pub(crate) shared: Shared,
}

fn valid<T: Validate>(request: &Request<T>) -> Result<(), Status> {
    check(request.get_ref()).map_err(status::invalid)
}

/// The caller's own cards: whose notices are shown.
fn cards(caller: &Caller) -> Result<Vec<Uuid>, Status> {
    let user = caller
        .user()
        .ok_or_else(|| status::denied("notification.notices.list"))?;
    Ok(user.cards().map(|c| c.uuid()).collect())
}

#[tonic::async_trait]
impl NotificationService for Rpc {
    async fn list_notices(
        &self,
        request: Request<pb::ListNoticesRequest>,
    ) -> Result<Response<pb::ListNoticesResponse>, Status> {
        valid(&request)?;
        let caller = chassis::caller::of(&request)?.clone();
        list_notices::handle(&self.shared, &caller, request.into_inner())
            .await
            .map(Response::new)
    }

    async fn mark_notices_read(
        &self,
        request: Request<pb::MarkNoticesReadRequest>,
    ) -> Result<Response<pb::MarkNoticesReadResponse>, Status> {
        valid(&request)?;
        let caller = chassis::caller::of(&request)?.clone();
        mark_notices_read::handle(&self.shared, &caller, request.into_inner())
            .await
            .map(Response::new)
    }

    type WatchNotificationEventsStream =
        BoxStream<'static, Result<pb::WatchNotificationEventsResponse, Status>>;

    async fn watch_notification_events(
        &self,
        request: Request<pb::WatchNotificationEventsRequest>,
    ) -> Result<Response<Self::WatchNotificationEventsStream>, Status> {
        valid(&request)?;
        let caller = chassis::caller::of(&request)?.clone();
        watch_notification_events::handle(&self.shared, &caller, request.into_inner())
            .await
            .map(Response::new)
    }
}
