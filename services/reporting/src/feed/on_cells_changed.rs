//! Cells of a journal: how many marks, their sum in halves, the absence.

use anyhow::{Context, ensure};
use chassis::db::UnitOfWork;
use zhurnal_proto::grading::v1::{CellsChanged, ChangedCell};
use zhurnal_proto::id::{JournalId, LessonId, PersonId, SubjectId};
use zhurnal_proto::types::v1::Fraction;

use super::parse;
use crate::store::entity::cell_fact;
use crate::store::{School, cells};

pub(super) async fn apply(
    uow: &UnitOfWork,
    school: School,
    changed: &CellsChanged,
) -> anyhow::Result<()> {
    let journal = parse::id::<JournalId>("journal_id", &changed.journal_id)?;
    let keyed = |cell: &ChangedCell| {
        let row = row(school, &changed.subject_id, cell)?;
        Ok(((row.lesson_id, row.pupil_id), row))
    };
    let rows = parse::latest(changed.cells.iter().map(keyed))?;
    Ok(cells::put(uow.conn(), school, journal, rows).await?)
}

fn row(school: School, subject: &str, changed: &ChangedCell) -> anyhow::Result<cell_fact::Model> {
    let cell = changed
        .cell
        .as_ref()
        .context("a changed cell without a cell")?;
    let numbers: Vec<i16> = cell
        .marks
        .iter()
        .filter_map(|mark| mark.exact.as_ref())
        .map(halves)
        .collect::<Result<_, _>>()?;
    Ok(cell_fact::Model {
        school_id: school.id().uuid(),
        lesson_id: parse::id::<LessonId>("lesson_id", &cell.lesson_id)?,
        pupil_id: parse::id::<PersonId>("pupil_id", &cell.pupil_id)?,
        subject_id: parse::id::<SubjectId>("subject_id", subject)?,
        date: parse::date("date", &changed.date)?,
        marks: parse::small("marks", cell.marks.len())?,
        graded: parse::small("marks", numbers.len())?,
        halves: numbers.iter().sum(),
        attendance: parse::small("attendance", cell.attendance)?,
        late: changed.late,
    })
}

/// A mark in halves: `5` is 10, `4/5` is 9. Nothing finer exists.
fn halves(exact: &Fraction) -> anyhow::Result<i16> {
    ensure!(
        matches!(exact.denominator, 1 | 2),
        "a mark in parts of {}",
        exact.denominator
    );
    let halves = exact
        .numerator
        .checked_mul(2 / exact.denominator)
        .context("a mark out of range")?;
    ensure!((0..=1_000).contains(&halves), "a mark out of range");
    parse::small("exact", halves)
}
