//! A signed checkpoint → kept for ever, beside any other of the same size.

use anyhow::Context;
use chassis::db::{UnitOfWork, micros};
use jiff::Timestamp;
use zhurnal_proto::grading::v1::LedgerCheckpointSigned;
use zhurnal_proto::id::SchoolId;

use crate::store::School;
use crate::store::checkpoints::{self, Checkpoint};

pub(super) async fn keep(
    uow: &UnitOfWork,
    signed: &LedgerCheckpointSigned,
    now: Timestamp,
) -> anyhow::Result<()> {
    let told = signed
        .checkpoint
        .as_ref()
        .context("ledger_checkpoint_signed without a checkpoint")?;
    let school: SchoolId = told.school_id.parse().context("school_id")?;
    let checkpoint = Checkpoint {
        day: told.day.parse().context("day")?,
        tree_size: told.tree_size,
        root: told.root.clone(),
        note: told.note.clone(),
        stored_us: micros(now),
    };
    checkpoints::keep(uow.conn(), School::told_by_feed(school), &checkpoint).await?;
    Ok(())
}
