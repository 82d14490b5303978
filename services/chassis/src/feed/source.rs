//! Where feeds come from: the Watch methods of the services that others follow.

use async_trait::async_trait;
use futures::StreamExt;
use futures::stream::BoxStream;
use tonic::Status;

use crate::client::Peers;

/// Largest item taken, bytes: 500 cards with long names are far below.
const MOST_BYTES: usize = 16 << 20;

/// What a feed yields: the response message of the producer's Watch method.
pub trait FeedItem: prost::Message + Default + 'static {
    /// The producer's name, e.g. `roster`.
    const PRODUCER: &'static str;

    /// The cursor that the item carries.
    fn cursor(&self) -> &str;
}

/// A feed that can be opened anywhere.
#[async_trait]
pub trait Source<I: FeedItem>: Send + Sync + 'static {
    /// Opens the producer's feed after `cursor` (empty: from the beginning), narrowed
    /// to `changes` (empty: all of them).
    async fn open(
        &self,
        cursor: String,
        changes: &'static [&'static str],
    ) -> Result<BoxStream<'static, Result<I, Status>>, Status>;
}

/// The feed of a service, over the peers.
macro_rules! feed_of {
    ($package:ident, $client:ident::$Client:ident, $watch:ident($Request:ident) -> $Item:ident) => {
        impl FeedItem for zhurnal_proto::$package::v1::$Item {
            const PRODUCER: &'static str = stringify!($package);

            fn cursor(&self) -> &str {
                &self.cursor
            }
        }

        #[async_trait]
        impl Source<zhurnal_proto::$package::v1::$Item> for Peers {
            async fn open(
                &self,
                cursor: String,
                changes: &'static [&'static str],
            ) -> Result<
                BoxStream<'static, Result<zhurnal_proto::$package::v1::$Item, Status>>,
                Status,
            > {
                use zhurnal_proto::$package::v1::{$Request, $client::$Client};
                let channel = self.channel(stringify!($package));
                let mut client = $Client::new(channel).max_decoding_message_size(MOST_BYTES);
                let request = $Request {
                    cursor,
                    changes: changes.iter().map(|&change| change.to_owned()).collect(),
                    ..Default::default()
                };
                Ok(client.$watch(request).await?.into_inner().boxed())
            }
        }
    };
}

feed_of!(
    identity,
    identity_service_client::IdentityServiceClient,
    watch_identity_events(WatchIdentityEventsRequest) -> WatchIdentityEventsResponse
);
feed_of!(
    roster,
    roster_service_client::RosterServiceClient,
    watch_roster_events(WatchRosterEventsRequest) -> WatchRosterEventsResponse
);
feed_of!(
    schedule,
    schedule_service_client::ScheduleServiceClient,
    watch_schedule_events(WatchScheduleEventsRequest) -> WatchScheduleEventsResponse
);
feed_of!(
    grading,
    grading_service_client::GradingServiceClient,
    watch_grading_events(WatchGradingEventsRequest) -> WatchGradingEventsResponse
);
