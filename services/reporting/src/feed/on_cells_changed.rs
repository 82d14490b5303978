//! Cells of a journal: how many marks, their sum in halves, the absence.

use std::collections::BTreeMap;

use anyhow::{Context, ensure};
use chassis::db::UnitOfWork;
use uuid::Uuid;
use zhurnal_proto::grading::v1::{CellsChanged, ChangedCell};
use zhurnal_proto::id::{JournalId, LessonId, PersonId, SubjectId};
use zhurnal_proto::types::v1::Fraction;

use super::parse;
use crate::store::School;
use crate::store::cells::{self, JournalCell};
use crate::store::entity::cell_fact;

/// Cells of many events, written together. Of a cell named twice the last state is
/// the present one.
#[derive(Default)]
pub(super) struct Gathered(BTreeMap<Uuid, OfSchool>);

struct OfSchool {
    school: School,
    /// By lesson and pupil.
    cells: BTreeMap<(Uuid, Uuid), JournalCell>,
}

impl Gathered {
    pub(super) fn add(&mut self, school: School, changed: &CellsChanged) -> anyhow::Result<()> {
        let journal_id = parse::id::<JournalId>("journal_id", &changed.journal_id)?;
        let place = self.0.entry(school.id().uuid());
        let of_school = place.or_insert_with(|| OfSchool {
            school,
            cells: BTreeMap::new(),
        });
        for cell in &changed.cells {
            let cell = row(school, &changed.subject_id, cell)?;
            let key = (cell.lesson_id, cell.pupil_id);
            of_school
                .cells
                .insert(key, JournalCell { journal_id, cell });
        }
        Ok(())
    }

    pub(super) async fn put(self, uow: &UnitOfWork) -> anyhow::Result<()> {
        for OfSchool { school, cells } in self.0.into_values() {
            let rows: Vec<JournalCell> = cells.into_values().collect();
            cells::put(uow.conn(), school, &rows).await?;
        }
        Ok(())
    }
}

pub(super) async fn apply(
    uow: &UnitOfWork,
    school: School,
    changed: &CellsChanged,
) -> anyhow::Result<()> {
    let mut cells = Gathered::default();
    cells.add(school, changed)?;
    cells.put(uow).await
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
