//! Takes what grading tells: cells and entries of lessons. Every row is the present
//! state of its key, so that taking it again changes nothing; counts per lesson are
//! made anew from the cells.

use std::collections::{BTreeMap, HashMap};

use chassis::db::{statement, upsert};
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter, QueryResult,
    QuerySelect, Value,
};
use uuid::Uuid;

use super::School;
use super::entity::{cell_fact, lesson, lesson_fill};

/// Cells of one statement.
const CHUNK: usize = 1_000;

/// A cell and the journal it stands in.
#[derive(Clone, Debug)]
pub struct JournalCell {
    /// Journal.
    pub journal_id: Uuid,
    /// Cell.
    pub cell: cell_fact::Model,
}

/// Takes cells of a school; each at most once. Empty ones lose their row.
pub async fn put(
    conn: &impl ConnectionTrait,
    school: School,
    cells: &[JournalCell],
) -> Result<(), DbErr> {
    for chunk in cells.chunks(CHUNK) {
        let journals = chunk
            .iter()
            .map(|one| (one.cell.lesson_id, one.journal_id))
            .collect();
        let dates = dates(conn, school, &journals).await?;
        let (mut filled, mut empty) = (Vec::new(), Vec::new());
        for JournalCell { cell, .. } in chunk {
            if cell.marks == 0 && cell.attendance == 0 {
                empty.push((cell.lesson_id, cell.pupil_id));
            } else {
                let date = dates.get(&cell.lesson_id).unwrap_or(&cell.date).clone();
                filled.push(cell_fact::Model {
                    date,
                    ..cell.clone()
                });
            }
        }
        upsert::<cell_fact::Entity, _>(conn, filled).await?;
        remove(conn, school, &empty).await?;
        count(conn, school, &journals).await?;
    }
    Ok(())
}

/// Takes the entry of a lesson. Its counts stay.
pub async fn put_entry(
    conn: &impl ConnectionTrait,
    entry: lesson_fill::Model,
) -> Result<(), DbErr> {
    use lesson_fill::Column::{Entered, EnteredLate, HasHomework, JournalId, LessonId, SchoolId};
    let known = OnConflict::columns([SchoolId, LessonId])
        .update_columns([JournalId, Entered, HasHomework, EnteredLate])
        .to_owned();
    lesson_fill::Entity::insert(entry.into_active_model())
        .on_conflict(known)
        .exec_without_returning(conn)
        .await?;
    Ok(())
}

/// Dates by the timetable.
async fn dates(
    conn: &impl ConnectionTrait,
    school: School,
    lessons: &BTreeMap<Uuid, Uuid>,
) -> Result<HashMap<Uuid, String>, DbErr> {
    let dates: Vec<(Uuid, String)> = lesson::Entity::find()
        .select_only()
        .columns([lesson::Column::LessonId, lesson::Column::Date])
        .filter(lesson::Column::SchoolId.eq(school.uuid()))
        .filter(lesson::Column::LessonId.is_in(lessons.keys().copied()))
        .into_tuple()
        .all(conn)
        .await?;
    Ok(dates.into_iter().collect())
}

async fn remove(
    conn: &impl ConnectionTrait,
    school: School,
    cells: &[(Uuid, Uuid)],
) -> Result<(), DbErr> {
    if cells.is_empty() {
        return Ok(());
    }
    let list = vec!["(?, ?)"; cells.len()].join(", ");
    let sql = format!(
        "DELETE FROM cell_fact WHERE school_id = ? AND (lesson_id, pupil_id) IN (VALUES {list})"
    );
    let cells = cells
        .iter()
        .flat_map(|(lesson, pupil)| -> [Value; 2] { [(*lesson).into(), (*pupil).into()] });
    let values = std::iter::once(school.uuid().into()).chain(cells);
    conn.execute_raw(statement(conn.get_database_backend(), &sql, values))
        .await
        .map(|_| ())
}

/// Counts the cells of lessons, given with their journals. What was entered stays.
async fn count(
    conn: &impl ConnectionTrait,
    school: School,
    lessons: &BTreeMap<Uuid, Uuid>,
) -> Result<(), DbErr> {
    use lesson_fill::Column::{Absences, Cells, LateCells, LessonId, Marks, SchoolId};
    let list = vec!["?"; lessons.len()].join(", ");
    let sql = format!(
        "SELECT lesson_id, COUNT(*), SUM(CASE WHEN late THEN 1 ELSE 0 END), SUM(marks),
            SUM(CASE WHEN attendance IN (1, 2, 3) THEN 1 ELSE 0 END)
         FROM cell_fact WHERE school_id = ? AND lesson_id IN ({list}) GROUP BY lesson_id"
    );
    let values =
        std::iter::once(school.uuid().into()).chain(lessons.keys().map(|id| Value::from(*id)));
    let found = conn
        .query_all_raw(statement(conn.get_database_backend(), &sql, values))
        .await?;
    let counts: HashMap<Uuid, [i32; 4]> =
        found.iter().map(read_counts).collect::<Result<_, _>>()?;
    let rows = lessons.iter().map(|(lesson_id, journal_id)| {
        let [cells, late_cells, marks, absences] =
            counts.get(lesson_id).copied().unwrap_or_default();
        let fill = lesson_fill::Model {
            school_id: school.uuid(),
            lesson_id: *lesson_id,
            journal_id: *journal_id,
            entered: false,
            has_homework: false,
            entered_late: false,
            cells,
            late_cells,
            marks,
            absences,
        };
        fill.into_active_model()
    });
    let known = OnConflict::columns([SchoolId, LessonId])
        .update_columns([Cells, LateCells, Marks, Absences])
        .to_owned();
    lesson_fill::Entity::insert_many(rows)
        .on_conflict(known)
        .exec_without_returning(conn)
        .await?;
    Ok(())
}

fn read_counts(row: &QueryResult) -> Result<(Uuid, [i32; 4]), DbErr> {
    let mut counts = [0; 4];
    for (at, count) in counts.iter_mut().enumerate() {
        let wide: i64 = row.try_get_by_index(at + 1)?;
        *count = i32::try_from(wide)
            .map_err(|_| DbErr::Type(format!("cell_fact: a count of {wide}")))?;
    }
    Ok((row.try_get_by_index(0)?, counts))
}
