//! The entry of a lesson: held, with homework or without, in time or late.

use chassis::db::UnitOfWork;
use zhurnal_proto::grading::v1::LessonRecorded;
use zhurnal_proto::id::{JournalId, LessonId};

use super::parse;
use crate::store::entity::lesson_fill;
use crate::store::{School, cells};

pub(super) async fn apply(
    uow: &UnitOfWork,
    school: School,
    recorded: &LessonRecorded,
) -> anyhow::Result<()> {
    let entry = lesson_fill::Model {
        school_id: school.id().uuid(),
        lesson_id: parse::id::<LessonId>("lesson_id", &recorded.lesson_id)?,
        journal_id: parse::id::<JournalId>("journal_id", &recorded.journal_id)?,
        entered: true,
        has_homework: recorded.has_homework,
        entered_late: recorded.late,
        cells: 0,
        late_cells: 0,
        marks: 0,
        absences: 0,
    };
    Ok(cells::put_entry(uow.conn(), entry).await?)
}
