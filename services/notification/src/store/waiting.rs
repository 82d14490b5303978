//! Cells that wait out the slip grace, and what was told of them already.

use std::collections::{BTreeMap, BTreeSet};

use chassis::db::{micros, statement, upsert};
use jiff::Timestamp;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbBackend, DbErr, EntityTrait, IntoActiveModel, QueryFilter,
};
use uuid::Uuid;

use super::entity::{pending_cell, told_cell, told_change, told_correction};

/// Cells of one flush at most.
const BATCH: i64 = 500;

/// A cell: school, lesson, pupil.
pub type CellKey = (Uuid, Uuid, Uuid);

/// Puts what waits for a cell, or replaces it.
pub async fn put(conn: &impl ConnectionTrait, rows: Vec<pending_cell::Model>) -> Result<(), DbErr> {
    upsert::<pending_cell::Entity, _>(conn, rows).await
}

/// Whether anything is due: looked at every second, so without a transaction.
pub async fn any_due(conn: &impl ConnectionTrait, now: Timestamp) -> Result<bool, DbErr> {
    let first = pending_cell::Entity::find()
        .filter(pending_cell::Column::DueUs.lte(micros(now)))
        .one(conn)
        .await?;
    Ok(first.is_some())
}

/// Takes what is due; the rows are gone afterwards. Of two processes that flush at
/// once each takes other rows.
pub async fn take_due(
    conn: &impl ConnectionTrait,
    now: Timestamp,
) -> Result<Vec<pending_cell::Model>, DbErr> {
    let backend = conn.get_database_backend();
    let lock = match backend {
        DbBackend::Postgres => "FOR UPDATE SKIP LOCKED",
        _ => "",
    };
    let sql = format!(
        "DELETE FROM pending_cell WHERE (school_id, lesson_id, pupil_id) IN (
            SELECT school_id, lesson_id, pupil_id FROM pending_cell
            WHERE due_us <= ? ORDER BY due_us LIMIT ? {lock})
         RETURNING *"
    );
    let query = statement(backend, &sql, [micros(now).into(), BATCH.into()]);
    pending_cell::Entity::find()
        .from_raw_sql(query)
        .all(conn)
        .await
}

/// What was told of cells so far.
pub async fn told(
    conn: &impl ConnectionTrait,
    cells: &BTreeSet<CellKey>,
) -> Result<BTreeMap<CellKey, told_cell::Model>, DbErr> {
    let schools: BTreeSet<Uuid> = cells.iter().map(|(school, ..)| *school).collect();
    let lessons: BTreeSet<Uuid> = cells.iter().map(|(_, lesson, _)| *lesson).collect();
    let found = told_cell::Entity::find()
        .filter(told_cell::Column::SchoolId.is_in(schools))
        .filter(told_cell::Column::LessonId.is_in(lessons))
        .all(conn)
        .await?;
    let keyed = |row: told_cell::Model| ((row.school_id, row.lesson_id, row.pupil_id), row);
    Ok(found.into_iter().map(keyed).collect())
}

/// Notes what was told of cells.
pub async fn note(conn: &impl ConnectionTrait, rows: Vec<told_cell::Model>) -> Result<(), DbErr> {
    upsert::<told_cell::Entity, _>(conn, rows).await
}

/// Notes that a correction request is told; false: it was told before.
pub async fn note_correction(
    conn: &impl ConnectionTrait,
    row: told_correction::Model,
) -> Result<bool, DbErr> {
    let key = (row.school_id, row.correction_request_id, row.decided);
    let known = told_correction::Entity::find_by_id(key).one(conn).await?;
    upsert::<told_correction::Entity, _>(conn, vec![row]).await?;
    Ok(known.is_none())
}

/// Notes a version of a lesson or of a changed day as told; `false`: it was told before.
pub async fn note_change(
    conn: &impl ConnectionTrait,
    row: told_change::Model,
) -> Result<bool, DbErr> {
    let key = (row.school_id, row.thing_id, row.version);
    let known = told_change::Entity::find_by_id(key).one(conn).await?;
    if known.is_none() {
        told_change::Entity::insert(row.into_active_model())
            .exec_without_returning(conn)
            .await?;
    }
    Ok(known.is_none())
}
