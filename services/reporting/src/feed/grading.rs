//! Grading's feed: cells, entries of lessons, journals, signed checkpoints.

use async_trait::async_trait;
use chassis::db::UnitOfWork;
use chassis::feed::Consumer;
use sea_orm::EntityTrait;
use zhurnal_proto::grading::v1 as pb;
use zhurnal_proto::grading::v1::grading_event::Change;

use super::{on_cells_changed, on_checkpoint_signed, on_journal_opened, on_lesson_recorded, parse};
use crate::store::entity::{cell_fact, journal, lesson_fill};

/// Keeps reporting's copy of grading's facts.
pub struct GradingFeed;

#[async_trait]
impl Consumer for GradingFeed {
    type Event = pb::WatchGradingEventsResponse;
    const CHANGES: &'static [&'static str] = &[
        "cells_changed",
        "lesson_recorded",
        "journal_opened",
        "ledger_checkpoint_signed",
    ];

    fn key_of(event: &Self::Event) -> Option<String> {
        event.event.as_ref().and_then(key)
    }

    async fn apply(&self, uow: &mut UnitOfWork, event: &Self::Event) -> anyhow::Result<()> {
        match &event.event {
            Some(event) => apply(uow, event).await,
            None => Ok(()),
        }
    }

    async fn apply_all(&self, uow: &mut UnitOfWork, events: &[&Self::Event]) -> anyhow::Result<()> {
        // Cells touch other columns than the other events do: they may come last.
        let mut cells = on_cells_changed::Gathered::default();
        for event in events.iter().filter_map(|item| item.event.as_ref()) {
            match &event.change {
                Some(Change::CellsChanged(changed)) => {
                    cells.add(parse::school(&event.school_id)?, changed)?;
                }
                _ => apply(uow, event).await?,
            }
        }
        cells.put(uow).await
    }

    async fn reset(&self, uow: &mut UnitOfWork) -> anyhow::Result<()> {
        // Checkpoints stay: a witness does not forget when grading comes back from a backup.
        let conn = uow.conn();
        cell_fact::Entity::delete_many().exec(conn).await?;
        lesson_fill::Entity::delete_many().exec(conn).await?;
        journal::Entity::delete_many().exec(conn).await?;
        Ok(())
    }
}

/// What the event is about. Cells and entries of a journal share a key: both count
/// in the rows of its lessons. Corrections are not ours: approved ones come as cells.
fn key(event: &pb::GradingEvent) -> Option<String> {
    match event.change.as_ref()? {
        Change::CellsChanged(changed) => Some(format!("journal:{}", changed.journal_id)),
        Change::LessonRecorded(recorded) => Some(format!("journal:{}", recorded.journal_id)),
        Change::JournalOpened(opened) => Some(format!(
            "opened:{}",
            opened
                .journal
                .as_ref()
                .map_or("", |journal| &journal.journal_id)
        )),
        Change::LedgerCheckpointSigned(_) => Some(format!("checkpoint:{}", event.school_id)),
        Change::CorrectionChanged(_) => None,
    }
}

/// Takes the present state of what the event names.
pub async fn apply(uow: &UnitOfWork, event: &pb::GradingEvent) -> anyhow::Result<()> {
    let school = || parse::school(&event.school_id);
    match &event.change {
        Some(Change::CellsChanged(changed)) => {
            on_cells_changed::apply(uow, school()?, changed).await
        }
        Some(Change::LessonRecorded(recorded)) => {
            on_lesson_recorded::apply(uow, school()?, recorded).await
        }
        Some(Change::JournalOpened(opened)) => {
            on_journal_opened::apply(uow, school()?, opened).await
        }
        Some(Change::LedgerCheckpointSigned(signed)) => {
            on_checkpoint_signed::apply(uow, school()?, signed).await
        }
        Some(Change::CorrectionChanged(_)) | None => Ok(()),
    }
}
