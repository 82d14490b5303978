//! Days cancelled or held remotely in one step.

use std::collections::HashMap;
use std::str::FromStr;

use chassis::db::{Corrupt, from_micros, micros, upsert};
use jiff::civil::Date;
use sea_orm::sea_query::LockType;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};
use zhurnal_proto::id::{DayChangeId, LessonId, PersonId};

use super::School;
use super::column;
use super::entity::{day_change, day_change_lesson};
use crate::domain::day_change::{Act, DayChange, Extent, Kind};

/// Most changes of one answer.
const MOST: u64 = 500;

/// Changes of the days, by date, the latest made first.
pub async fn list(
    conn: &impl ConnectionTrait,
    school: School,
    (from, to): (Date, Date),
) -> Result<Vec<DayChange>, DbErr> {
    let rows = day_change::Entity::find()
        .filter(day_change::Column::SchoolId.eq(school.uuid()))
        .filter(day_change::Column::Date.gte(column::date(from)))
        .filter(day_change::Column::Date.lte(column::date(to)))
        .order_by_asc(day_change::Column::Date)
        .order_by_desc(day_change::Column::MadeUs)
        .order_by_asc(day_change::Column::DayChangeId)
        .limit(MOST)
        .all(conn)
        .await?;
    rows.into_iter().map(|row| Ok(read(row)?)).collect()
}

/// The change as it is now, kept from others until the transaction ends.
pub async fn lock(
    conn: &impl ConnectionTrait,
    school: School,
    id: DayChangeId,
) -> Result<Option<DayChange>, DbErr> {
    // SQLite has one writer: its builder leaves the lock out.
    let row = day_change::Entity::find_by_id((school.uuid(), id.uuid()))
        .lock(LockType::Update)
        .one(conn)
        .await?;
    Ok(row.map(read).transpose()?)
}

/// Writes a change.
pub async fn put(
    conn: &impl ConnectionTrait,
    school: School,
    change: &DayChange,
) -> Result<(), DbErr> {
    upsert::<day_change::Entity, _>(conn, vec![row(school, change)]).await
}

/// Notes the lessons that a change has changed, with the reasons of their substitutions.
pub async fn note(
    conn: &impl ConnectionTrait,
    school: School,
    change: DayChangeId,
    lessons: &[(LessonId, String)],
) -> Result<(), DbErr> {
    let rows = lessons
        .iter()
        .map(|(lesson, reason)| day_change_lesson::Model {
            school_id: school.uuid(),
            day_change_id: change.uuid(),
            lesson_id: lesson.uuid(),
            reason_before: reason.clone(),
        });
    upsert::<day_change_lesson::Entity, _>(conn, rows.collect()).await
}

/// Lessons that a change has changed, with the reasons of their substitutions before it.
pub async fn noted(
    conn: &impl ConnectionTrait,
    school: School,
    change: DayChangeId,
) -> Result<HashMap<LessonId, String>, DbErr> {
    let rows = day_change_lesson::Entity::find()
        .filter(day_change_lesson::Column::SchoolId.eq(school.uuid()))
        .filter(day_change_lesson::Column::DayChangeId.eq(change.uuid()))
        .all(conn)
        .await?;
    let pair =
        |row: day_change_lesson::Model| (LessonId::from_uuid(row.lesson_id), row.reason_before);
    Ok(rows.into_iter().map(pair).collect())
}

fn row(school: School, change: &DayChange) -> day_change::Model {
    day_change::Model {
        school_id: school.uuid(),
        day_change_id: change.id.uuid(),
        date: column::date(change.date),
        kind: match change.kind {
            Kind::Cancelled => 1,
            Kind::Remote => 2,
        },
        reason: change.reason.clone(),
        class_ids: apart(&change.extent.classes),
        lesson_numbers: apart(&change.extent.numbers),
        lesson_count: i32::try_from(change.lesson_count).unwrap_or(i32::MAX),
        made_by: change.made.by.map(|by| by.uuid()),
        made_us: micros(change.made.at),
        undone_by: change.undone.and_then(|it| it.by).map(|by| by.uuid()),
        undone_us: change.undone.map(|it| micros(it.at)),
        version: change.version,
    }
}

fn read(row: day_change::Model) -> Result<DayChange, Corrupt> {
    let table = "day_change";
    let by = |by: Option<uuid::Uuid>| by.map(PersonId::from_uuid);
    let count = row.lesson_count;
    Ok(DayChange {
        id: DayChangeId::from_uuid(row.day_change_id),
        date: column::read(table, "date", &row.date)?,
        kind: match row.kind {
            1 => Kind::Cancelled,
            2 => Kind::Remote,
            other => return Err(Corrupt::new(table, "kind", other)),
        },
        reason: row.reason,
        extent: Extent {
            classes: together("class_ids", &row.class_ids)?,
            numbers: together("lesson_numbers", &row.lesson_numbers)?,
        },
        lesson_count: u32::try_from(count)
            .map_err(|_| Corrupt::new(table, "lesson_count", count))?,
        made: Act {
            by: by(row.made_by),
            at: from_micros(row.made_us),
        },
        undone: row.undone_us.map(|at| Act {
            by: by(row.undone_by),
            at: from_micros(at),
        }),
        version: row.version,
    })
}

fn apart<T: ToString>(all: &[T]) -> String {
    let texts: Vec<String> = all.iter().map(ToString::to_string).collect();
    texts.join(" ")
}

fn together<T: FromStr>(column: &'static str, text: &str) -> Result<Vec<T>, Corrupt> {
    let parts = text.split_whitespace();
    parts
        .map(|part| column::read("day_change", column, part))
        .collect()
}
