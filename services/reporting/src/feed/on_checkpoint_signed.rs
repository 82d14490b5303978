//! A signed ledger checkpoint: reporting keeps it as a witness.

use anyhow::Context;
use chassis::db::{UnitOfWork, micros};
use zhurnal_proto::grading::v1::LedgerCheckpointSigned;

use super::parse;
use crate::store::entity::witnessed_checkpoint;
use crate::store::{School, checkpoints};

pub(super) async fn apply(
    uow: &UnitOfWork,
    school: School,
    signed: &LedgerCheckpointSigned,
) -> anyhow::Result<()> {
    let told = signed
        .checkpoint
        .as_ref()
        .context("checkpoint_signed without a checkpoint")?;
    let row = witnessed_checkpoint::Model {
        school_id: school.id().uuid(),
        day: parse::date("day", &told.day)?,
        tree_size: told.tree_size,
        root: told.root.clone(),
        note: told.note.clone(),
        stored_us: micros(uow.db().clock().now()),
    };
    Ok(checkpoints::add(uow.conn(), row).await?)
}
