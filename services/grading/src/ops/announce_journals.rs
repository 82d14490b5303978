//! Announces journals that are new or have changed, with their teachers, without names.

use chassis::db::UnitOfWork;
use jiff::Timestamp;
use sea_orm::DbErr;
use uuid::Uuid;
use zhurnal_proto::grading::v1::{JournalOpened, grading_event::Change};

use crate::{
    announce,
    rpc::convert,
    store::journals::{self, Journal},
};

/// Announces each journal in its full present state.
pub async fn announce_journals(
    uow: &mut UnitOfWork,
    at: Timestamp,
    school: Uuid,
    opened: &[Journal],
) -> Result<(), DbErr> {
    if opened.is_empty() {
        return Ok(());
    }
    let ids: Vec<Uuid> = opened.iter().map(|journal| journal.id.uuid()).collect();
    let teachers = journals::load_teachers(uow.conn(), school, &ids).await?;
    for journal in opened {
        let teachers = teachers
            .get(&journal.id.uuid())
            .map(Vec::as_slice)
            .unwrap_or_default();
        let opened = JournalOpened {
            journal: Some(convert::journal(journal, teachers)),
        };
        announce::announce(
            uow,
            journal.school,
            at,
            Uuid::nil(),
            Change::JournalOpened(opened),
        );
    }
    Ok(())
}
