//! The copy of schedule's facts. Rows are written whole by their key.

use std::collections::HashSet;

use chassis::db::upsert;
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter};
use uuid::Uuid;

use super::{
    entity::{day_off, lesson, period, teaching_load},
    schools::{self, Producer},
};

pub use super::entity::{
    day_off::Model as DayOffRow, lesson::Model as LessonRow, period::Model as PeriodRow,
    teaching_load::Model as LoadRow,
};

/// `lesson.state` of a cancelled lesson.
const CANCELLED: i16 = 3;

/// Replaces the calendar of a year: what is not in the new one is gone.
pub async fn put_calendar(
    conn: &impl ConnectionTrait,
    school: Uuid,
    academic_year: i16,
    periods: Vec<PeriodRow>,
    days_off: Vec<DayOffRow>,
) -> Result<(), DbErr> {
    period::Entity::delete_many()
        .filter(period::Column::SchoolId.eq(school))
        .filter(period::Column::AcademicYear.eq(academic_year))
        .exec(conn)
        .await?;
    day_off::Entity::delete_many()
        .filter(day_off::Column::SchoolId.eq(school))
        .filter(day_off::Column::AcademicYear.eq(academic_year))
        .exec(conn)
        .await?;
    upsert::<period::Entity, _>(conn, periods).await?;
    upsert::<day_off::Entity, _>(conn, days_off).await
}

/// Teaching loads.
pub async fn put_loads(conn: &impl ConnectionTrait, rows: Vec<LoadRow>) -> Result<(), DbErr> {
    upsert::<teaching_load::Entity, _>(conn, rows).await
}

/// Lessons.
pub async fn put_lessons(conn: &impl ConnectionTrait, rows: Vec<LessonRow>) -> Result<(), DbErr> {
    upsert::<lesson::Entity, _>(conn, rows).await
}

/// Lessons that the timetable has no more. What is recorded in one keeps it, as cancelled;
/// the others are forgotten.
pub async fn take_out_lessons(
    conn: &impl ConnectionTrait,
    school: Uuid,
    rows: Vec<LessonRow>,
) -> Result<(), DbErr> {
    if rows.is_empty() {
        return Ok(());
    }
    let ids: Vec<Uuid> = rows.iter().map(|row| row.lesson_id).collect();
    let recorded = recorded(conn, school, &ids).await?;
    let (kept, gone): (Vec<LessonRow>, Vec<LessonRow>) = rows
        .into_iter()
        .partition(|row| recorded.contains(&row.lesson_id));
    lesson::Entity::delete_many()
        .filter(lesson::Column::SchoolId.eq(school))
        .filter(lesson::Column::LessonId.is_in(gone.iter().map(|row| row.lesson_id)))
        .exec(conn)
        .await?;
    let cancelled = |row| LessonRow {
        state: CANCELLED,
        ..row
    };
    put_lessons(conn, kept.into_iter().map(cancelled).collect()).await
}

/// Of these lessons, those in which a teacher has ever written anything.
async fn recorded(
    conn: &impl ConnectionTrait,
    school: Uuid,
    lessons: &[Uuid],
) -> Result<HashSet<Uuid>, DbErr> {
    let ids: Vec<sea_orm::Value> = lessons.iter().map(|lesson| (*lesson).into()).collect();
    let (marks, ids) = chassis::db::padded(&ids);
    let sql = format!(
        "SELECT lesson_id FROM cell WHERE school_id = ? AND lesson_id IN ({marks})
        UNION SELECT lesson_id FROM lesson_entry WHERE school_id = ? AND lesson_id IN ({marks})"
    );
    let part = || std::iter::once(school.into()).chain(ids.iter().cloned());
    let values: Vec<sea_orm::Value> = part().chain(part()).collect();
    let query = chassis::db::statement(conn.get_database_backend(), &sql, values);
    let rows = conn.query_all_raw(query).await?;
    rows.iter().map(|row| row.try_get_by_index(0)).collect()
}

/// Forgets everything that schedule told. Journals stay: they are grading's own.
pub async fn reset(conn: &impl ConnectionTrait) -> Result<(), DbErr> {
    period::Entity::delete_many().exec(conn).await?;
    day_off::Entity::delete_many().exec(conn).await?;
    teaching_load::Entity::delete_many().exec(conn).await?;
    lesson::Entity::delete_many().exec(conn).await?;
    schools::reset(conn, Producer::Schedule).await
}

/// Cells carry the date of their lesson: gives those of lessons that moved the new one.
pub async fn redate_cells(
    conn: &impl ConnectionTrait,
    school: Uuid,
    lessons: &[Uuid],
) -> Result<(), DbErr> {
    if lessons.is_empty() {
        return Ok(());
    }
    let ids: Vec<sea_orm::Value> = lessons.iter().map(|lesson| (*lesson).into()).collect();
    let (marks, ids) = chassis::db::padded(&ids);
    let sql = format!(
        "UPDATE cell SET date = (SELECT l.date FROM lesson l
            WHERE l.school_id = cell.school_id AND l.lesson_id = cell.lesson_id)
        WHERE school_id = ? AND lesson_id IN ({marks})
            AND EXISTS (SELECT 1 FROM lesson l WHERE l.school_id = cell.school_id
                AND l.lesson_id = cell.lesson_id AND l.date <> cell.date)"
    );
    let values = std::iter::once(school.into()).chain(ids);
    let query = chassis::db::statement(
        conn.get_database_backend(),
        &sql,
        values.collect::<Vec<_>>(),
    );
    conn.execute_raw(query).await.map(|_| ())
}
