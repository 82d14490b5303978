//! Events of grading's feed.

use chassis::{db::UnitOfWork, outbox::Announcement};
use jiff::Timestamp;
use prost::Message;
use uuid::Uuid;
use zhurnal_proto::{
    grading::v1::{GradingEvent, grading_event::Change},
    id::SchoolId,
};

/// Kind of cells that changed.
pub const CELLS_CHANGED: &str = "cells_changed";
/// Kind of a recorded lesson.
pub const LESSON_RECORDED: &str = "lesson_recorded";
/// Kind of a correction request that was made or decided.
pub const CORRECTION_CHANGED: &str = "correction_changed";
/// Kind of a signed checkpoint.
pub const LEDGER_CHECKPOINT_SIGNED: &str = "ledger_checkpoint_signed";
/// Kind of an opened or changed journal.
pub const JOURNAL_OPENED: &str = "journal_opened";

/// Announces a change of a school. `change_id` names the ledger entries that
/// recorded it; nil where there are none.
pub fn announce(
    uow: &mut UnitOfWork,
    school: SchoolId,
    at: Timestamp,
    change_id: Uuid,
    change: Change,
) {
    let (kind, key) = match &change {
        Change::CellsChanged(cells) => (CELLS_CHANGED, cells.journal_id.clone()),
        Change::LessonRecorded(lesson) => (LESSON_RECORDED, lesson.journal_id.clone()),
        Change::CorrectionChanged(request) => {
            (CORRECTION_CHANGED, request.correction_request_id.clone())
        }
        Change::LedgerCheckpointSigned(_) => (LEDGER_CHECKPOINT_SIGNED, format!("ledger/{school}")),
        Change::JournalOpened(opened) => (
            JOURNAL_OPENED,
            opened
                .journal
                .as_ref()
                .map(|journal| journal.journal_id.clone())
                .unwrap_or_default(),
        ),
    };
    let event = GradingEvent {
        occurred_at: Some(crate::rpc::convert::timestamp(at)),
        school_id: school.to_string(),
        change_id: if change_id.is_nil() {
            String::new()
        } else {
            change_id.to_string()
        },
        change: Some(change),
    };
    let payload = event.encode_to_vec();
    uow.announce(Announcement {
        school_id: Some(school.uuid()),
        kind,
        key,
        payload,
        occurred_at: at,
    });
}
