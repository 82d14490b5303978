//! WatchIdentityEvents: services and clients with the scope follow identity's feed.

use chassis::access::Facts;
use chassis::caller::Caller;
use chassis::feed::{self, Filter, Item};
use chassis::status;
use futures::stream::BoxStream;
use prost::Message;
use tonic::Status;
use zhurnal_proto::id::SchoolId;
use zhurnal_proto::identity::v1::{
    IdentityEvent, WatchIdentityEventsRequest, WatchIdentityEventsResponse,
};

use crate::Identity;

pub(super) async fn handle(
    identity: &Identity,
    caller: &Caller,
    request: WatchIdentityEventsRequest,
) -> Result<BoxStream<'static, Result<WatchIdentityEventsResponse, Status>>, Status> {
    let school: Option<SchoolId> = match request.school_id.as_str() {
        "" => None,
        text => Some(text.parse().map_err(|_| status::not_found("school"))?),
    };
    let scope = identity.cx.access.check(
        caller,
        "identity.events.watch",
        &school.map_or_else(Facts::own, Facts::school),
    )?;
    let schools = match school {
        Some(school) => Some(vec![school.uuid()]),
        None => scope
            .only_schools()
            .map(|all| all.into_iter().map(|s| s.uuid()).collect()),
    };
    let filter = Filter {
        schools,
        ..Filter::default()
    }
    .changes("zhurnal.identity.v1.IdentityEvent", &request.changes)?;
    feed::serve(
        &identity.cx.db,
        &identity.cx.stop,
        &request.cursor,
        filter,
        |item| {
            let cursor = item.cursor().to_string();
            let event = match item {
                Item::Event(row) => {
                    Some(IdentityEvent::decode(row.payload.as_slice()).map_err(status::internal)?)
                }
                Item::Progress(_) => None,
            };
            Ok(WatchIdentityEventsResponse { event, cursor })
        },
    )
    .await
}
