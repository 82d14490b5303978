//! Takes what grading tells: cells and entries of lessons. Every row is the present
//! state of its key, so that taking it again changes nothing; counts per lesson are
//! made anew from the cells.

use std::collections::{BTreeMap, HashMap};

use chassis::db::arrays::arrays;
use chassis::db::{padded, statement, upsert};
use sea_orm::sea_query::{ArrayType, OnConflict};
use sea_orm::{
    ConnectionTrait, DbBackend, DbErr, EntityTrait, IntoActiveModel, QueryResult, Statement, Value,
};
use uuid::Uuid;

use super::School;
use super::entity::{cell_fact, lesson_fill};

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
    let ids: Vec<Value> = lessons.keys().map(|id| Value::from(*id)).collect();
    let (marks, ids) = padded(&ids);
    let sql = format!(
        "SELECT lesson_id, date FROM lesson WHERE school_id = ? AND lesson_id IN ({marks})"
    );
    let values = std::iter::once(school.uuid().into()).chain(ids);
    let found = conn
        .query_all_raw(statement(conn.get_database_backend(), &sql, values))
        .await?;
    let pair = |row: &QueryResult| Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?));
    found.iter().map(pair).collect()
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
    const COUNTS: &str = "count(*) AS cells,
        coalesce(sum(CASE WHEN late THEN 1 ELSE 0 END), 0) AS late_cells,
        coalesce(sum(marks), 0) AS marks,
        coalesce(sum(CASE WHEN attendance IN (1, 2, 3) THEN 1 ELSE 0 END), 0) AS absences";
    let backend = conn.get_database_backend();
    let school = Value::from(school.uuid());
    let (sql, values) = match backend {
        DbBackend::Postgres => {
            // LATERAL: lesson by lesson by its key, whatever the planner believes.
            let sql = format!(
                "SELECT $1::uuid, w.lesson_id, w.journal_id, false, false, false,
                    c.cells, c.late_cells, c.marks, c.absences
                 FROM unnest($2::uuid[], $3::uuid[]) AS w (lesson_id, journal_id)
                 CROSS JOIN LATERAL (SELECT {COUNTS} FROM cell_fact
                    WHERE school_id = $1 AND lesson_id = w.lesson_id) AS c"
            );
            let pairs = lessons
                .iter()
                .map(|(l, j)| [Value::from(*l), Value::from(*j)]);
            let lists = arrays(&[ArrayType::Uuid, ArrayType::Uuid], pairs);
            (
                sql,
                std::iter::once(school).chain(lists).collect::<Vec<_>>(),
            )
        }
        _ => {
            let rows = vec!["(?, ?)"; lessons.len()].join(", ");
            let sql = format!(
                "SELECT ?, w.lesson_id, w.journal_id, false, false, false,
                    coalesce(c.cells, 0), coalesce(c.late_cells, 0), coalesce(c.marks, 0), coalesce(c.absences, 0)
                 FROM (SELECT column1 AS lesson_id, column2 AS journal_id FROM (VALUES {rows})) AS w
                 LEFT JOIN (SELECT lesson_id, {COUNTS} FROM cell_fact
                    WHERE school_id = ? AND lesson_id IN ({ids}) GROUP BY lesson_id) AS c
                    ON c.lesson_id = w.lesson_id
                 WHERE true",
                ids = vec!["?"; lessons.len()].join(", ")
            );
            let pairs = lessons
                .iter()
                .flat_map(|(l, j)| [Value::from(*l), Value::from(*j)]);
            let values = std::iter::once(school.clone())
                .chain(pairs)
                .chain([school])
                .chain(lessons.keys().map(|id| Value::from(*id)));
            (sql, values.collect())
        }
    };
    let sql = format!(
        "INSERT INTO lesson_fill (school_id, lesson_id, journal_id, entered, has_homework,
            entered_late, cells, late_cells, marks, absences)
         {sql}
         ON CONFLICT (school_id, lesson_id) DO UPDATE SET cells = excluded.cells,
            late_cells = excluded.late_cells, marks = excluded.marks, absences = excluded.absences"
    );
    conn.execute_raw(Statement::from_sql_and_values(backend, sql, values))
        .await
        .map(|_| ())
}
