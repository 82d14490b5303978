//! What roster hears from other services: of grading's feed only signed checkpoints,
//! which it keeps as a witness of the ledger.

mod on_checkpoint_signed;

use async_trait::async_trait;
use chassis::client::Peers;
use chassis::clock::Clock;
use chassis::db::UnitOfWork;
use chassis::feed::Consumer;
use chassis::service::Cx;
use futures::StreamExt;
use futures::stream::BoxStream;
use tonic::Status;
use zhurnal_proto::grading::v1::grading_event::Change;
use zhurnal_proto::grading::v1::grading_service_client::GradingServiceClient;
use zhurnal_proto::grading::v1::{WatchGradingEventsRequest, WatchGradingEventsResponse};

/// Follows grading.
pub(crate) struct Grading {
    peers: Peers,
    clock: Clock,
}

impl Grading {
    /// With roster's way to grading.
    pub(crate) fn new(cx: &Cx) -> Self {
        Self {
            peers: cx.peers.clone(),
            clock: cx.clock.clone(),
        }
    }
}

#[async_trait]
impl Consumer for Grading {
    type Event = WatchGradingEventsResponse;
    const PRODUCER: &'static str = "grading";

    async fn open(
        &self,
        cursor: String,
    ) -> Result<BoxStream<'static, Result<Self::Event, Status>>, Status> {
        let mut grading = GradingServiceClient::new(self.peers.channel("grading"));
        let request = WatchGradingEventsRequest {
            cursor,
            ..Default::default()
        };
        Ok(grading
            .watch_grading_events(request)
            .await?
            .into_inner()
            .boxed())
    }

    fn cursor_of(event: &Self::Event) -> &str {
        &event.cursor
    }

    fn key_of(event: &Self::Event) -> Option<String> {
        event.event.as_ref().map(|event| event.school_id.clone())
    }

    async fn apply(&self, uow: &mut UnitOfWork, event: &Self::Event) -> anyhow::Result<()> {
        let change = event.event.as_ref().and_then(|event| event.change.as_ref());
        if let Some(Change::LedgerCheckpointSigned(signed)) = change {
            on_checkpoint_signed::keep(uow, signed, self.clock.now()).await?;
        }
        Ok(())
    }

    /// A witness forgets nothing: what grading signed before it was restored is evidence.
    async fn reset(&self, _: &mut UnitOfWork) -> anyhow::Result<()> {
        Ok(())
    }
}
