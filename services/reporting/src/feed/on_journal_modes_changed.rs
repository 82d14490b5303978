//! How journals are kept: of it only who has a paper journal, and when (R34).

use chassis::db::{UnitOfWork, upsert};
use zhurnal_proto::id::{JournalModeId, PersonId};
use zhurnal_proto::roster::v1::{JournalMode, JournalModeKind};

use super::parse;
use crate::store::entity::paper_journal;
use crate::store::{School, sheet_copies};

pub(super) async fn apply(
    uow: &UnitOfWork,
    school: School,
    modes: &[JournalMode],
) -> anyhow::Result<()> {
    let on_paper = |mode: &&JournalMode| {
        mode.kind() == JournalModeKind::Paper && !mode.withdrawn && !mode.pupil_id.is_empty()
    };
    let (stand, gone): (Vec<&JournalMode>, Vec<&JournalMode>) = modes.iter().partition(on_paper);
    let rows = parse::latest(
        stand
            .into_iter()
            .map(|mode| row(school, mode).map(|row| (row.mode_id, row))),
    )?;
    upsert::<paper_journal::Entity, _>(uow.conn(), rows).await?;
    let gone = gone
        .into_iter()
        .map(|mode| parse::id::<JournalModeId>("mode_id", &mode.mode_id));
    let gone = gone.collect::<anyhow::Result<Vec<_>>>()?;
    Ok(sheet_copies::remove_paper(uow.conn(), school, &gone).await?)
}

fn row(school: School, mode: &JournalMode) -> anyhow::Result<paper_journal::Model> {
    Ok(paper_journal::Model {
        school_id: school.id().uuid(),
        mode_id: parse::id::<JournalModeId>("mode_id", &mode.mode_id)?,
        pupil_id: parse::id::<PersonId>("pupil_id", &mode.pupil_id)?,
        starts_on: parse::date("starts_on", &mode.starts_on)?,
        ends_on: parse::optional_date("ends_on", &mode.ends_on)?,
    })
}
