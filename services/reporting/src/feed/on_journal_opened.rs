//! A journal: which group and subject it is of.

use anyhow::Context;
use chassis::db::{UnitOfWork, upsert};
use zhurnal_proto::grading::v1::JournalOpened;
use zhurnal_proto::id::{GroupId, JournalId, SubjectId};

use super::parse;
use crate::store::School;
use crate::store::entity::journal;

pub(super) async fn apply(
    uow: &UnitOfWork,
    school: School,
    opened: &JournalOpened,
) -> anyhow::Result<()> {
    let told = opened
        .journal
        .as_ref()
        .context("journal_opened without a journal")?;
    let row = journal::Model {
        school_id: school.id().uuid(),
        journal_id: parse::id::<JournalId>("journal_id", &told.journal_id)?,
        academic_year: told.academic_year.clone(),
        group_id: parse::id::<GroupId>("group_id", &told.group_id)?,
        subject_id: parse::id::<SubjectId>("subject_id", &told.subject_id)?,
        unmarked: told.unmarked,
    };
    Ok(upsert::<journal::Entity, _>(uow.conn(), vec![row]).await?)
}
