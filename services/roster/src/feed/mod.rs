//! What roster hears from other services: of grading's feed only signed checkpoints,
//! which it keeps as a witness of the ledger.

mod on_checkpoint_signed;

use async_trait::async_trait;
use chassis::clock::Clock;
use chassis::db::UnitOfWork;
use chassis::feed::Consumer;
use zhurnal_proto::grading::v1::WatchGradingEventsResponse;
use zhurnal_proto::grading::v1::grading_event::Change;

/// Follows grading.
pub(crate) struct Grading {
    /// Says when a checkpoint was stored.
    pub(crate) clock: Clock,
}

#[async_trait]
impl Consumer for Grading {
    type Event = WatchGradingEventsResponse;
    const CHANGES: &'static [&'static str] = &["ledger_checkpoint_signed"];

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
