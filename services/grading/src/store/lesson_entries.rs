//! What was done at lessons.

use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter};
use zhurnal_proto::id::{LessonId, PersonId, SchoolId};

use super::{corrupt, entity::lesson_entry, instant, micros};
use crate::domain::{
    cell::Stamp,
    control_kind::ControlKind,
    lesson_entry::{Content, LessonEntry},
};

fn of_row(row: lesson_entry::Model) -> Result<LessonEntry, DbErr> {
    let wrong = |what: &str| corrupt("lesson_entry", LessonId::from_uuid(row.lesson_id), what);
    Ok(LessonEntry {
        content: Content {
            topic: row.topic.clone(),
            homework: row.homework.clone(),
            homework_minutes: u16::try_from(row.homework_minutes)
                .map_err(|_| wrong("homework_minutes"))?,
            control_kind: ControlKind::from_number(i32::from(row.control_kind))
                .ok_or_else(|| wrong("control_kind"))?,
        },
        stamp: Stamp {
            revision: row.version,
            set_at: instant(row.set_us),
            set_by: PersonId::from_uuid(row.set_by),
            first_at: instant(row.first_us),
            late: row.late,
            before: row.before.clone(),
        },
        recorded_late: row.recorded_late,
    })
}

fn to_row(
    school: SchoolId,
    lesson: LessonId,
    academic_year: i16,
    entry: &LessonEntry,
) -> lesson_entry::Model {
    let LessonEntry {
        content,
        stamp,
        recorded_late,
    } = entry;
    lesson_entry::Model {
        school_id: school.uuid(),
        lesson_id: lesson.uuid(),
        academic_year,
        topic: content.topic.clone(),
        homework: content.homework.clone(),
        homework_minutes: i16::try_from(content.homework_minutes).unwrap_or(i16::MAX),
        control_kind: content.control_kind.number(),
        recorded_late: *recorded_late,
        version: stamp.revision,
        set_us: micros(stamp.set_at),
        set_by: stamp.set_by.uuid(),
        first_us: micros(stamp.first_at),
        late: stamp.late,
        before: stamp.before.clone(),
    }
}

/// The entry of a lesson.
pub async fn find(
    conn: &impl ConnectionTrait,
    school: SchoolId,
    lesson: LessonId,
) -> Result<Option<LessonEntry>, DbErr> {
    let row = lesson_entry::Entity::find_by_id((school.uuid(), lesson.uuid()))
        .one(conn)
        .await?;
    row.map(of_row).transpose()
}

/// Entries of lessons in (`after`, `upto`], for verification; the error of a row
/// that the service cannot have written.
pub async fn between(
    conn: &impl ConnectionTrait,
    school: SchoolId,
    after: LessonId,
    upto: LessonId,
) -> Result<Vec<(LessonId, Result<LessonEntry, DbErr>)>, DbErr> {
    let rows = lesson_entry::Entity::find()
        .filter(lesson_entry::Column::SchoolId.eq(school.uuid()))
        .filter(lesson_entry::Column::LessonId.gt(after.uuid()))
        .filter(lesson_entry::Column::LessonId.lte(upto.uuid()))
        .all(conn)
        .await?;
    Ok(rows
        .into_iter()
        .map(|row| (LessonId::from_uuid(row.lesson_id), of_row(row)))
        .collect())
}

/// Writes an entry over the version before it. `Ok(false)`: somebody was faster.
pub async fn save(
    conn: &impl ConnectionTrait,
    school: SchoolId,
    lesson: LessonId,
    academic_year: i16,
    entry: &LessonEntry,
) -> Result<bool, DbErr> {
    use sea_orm::sea_query::{Expr, ExprTrait, OnConflict};
    let row = to_row(school, lesson, academic_year, entry);
    let keys = [
        lesson_entry::Column::SchoolId,
        lesson_entry::Column::LessonId,
    ];
    let before =
        Expr::col((lesson_entry::Entity, lesson_entry::Column::Version)).eq(row.version - 1);
    let others: Vec<lesson_entry::Column> = {
        use sea_orm::Iterable;
        lesson_entry::Column::iter()
            .filter(|c| {
                !matches!(
                    c,
                    lesson_entry::Column::SchoolId | lesson_entry::Column::LessonId
                )
            })
            .collect()
    };
    let guarded = OnConflict::columns(keys)
        .update_columns(others)
        .action_and_where(before)
        .to_owned();
    let insert = lesson_entry::Entity::insert(row.into_active_model()).on_conflict(guarded);
    Ok(insert.exec_without_returning(conn).await? == 1)
}
