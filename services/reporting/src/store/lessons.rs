//! Takes dated lessons. Two things follow from them and are kept at hand: the end
//! of the class's last lesson of the day, by which entries are due, and the date of
//! the cells.

use std::collections::BTreeSet;

use chassis::db::{statement, upsert};
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QuerySelect, Value};
use uuid::Uuid;

use super::School;
use super::entity::lesson;

/// Values of one statement's list.
const CHUNK: usize = 1_000;

/// Takes the present state of lessons; each at most once.
pub async fn put(
    conn: &impl ConnectionTrait,
    school: School,
    lessons: Vec<lesson::Model>,
) -> Result<(), DbErr> {
    for chunk in lessons.chunks(CHUNK) {
        let ids: Vec<Uuid> = chunk.iter().map(|one| one.lesson_id).collect();
        let mut days = days_of(conn, school, &ids).await?;
        days.extend(chunk.iter().map(|one| (one.unit_id, one.date.clone())));
        upsert::<lesson::Entity, _>(conn, chunk.to_vec()).await?;
        for days in days.into_iter().collect::<Vec<_>>().chunks(CHUNK) {
            settle_last_ends(conn, school, days).await?;
        }
        settle_cell_dates(conn, school, &ids).await?;
    }
    Ok(())
}

type UnitDay = (Uuid, String);

/// Where the lessons have stood so far.
async fn days_of(
    conn: &impl ConnectionTrait,
    school: School,
    ids: &[Uuid],
) -> Result<BTreeSet<UnitDay>, DbErr> {
    let days: Vec<UnitDay> = lesson::Entity::find()
        .select_only()
        .columns([lesson::Column::UnitId, lesson::Column::Date])
        .filter(lesson::Column::SchoolId.eq(school.uuid()))
        .filter(lesson::Column::LessonId.is_in(ids.iter().copied()))
        .into_tuple()
        .all(conn)
        .await?;
    Ok(days.into_iter().collect())
}

/// A few days too many are settled too: two plain lists let both databases walk the
/// index, a list of pairs makes SQLite read the whole school.
async fn settle_last_ends(
    conn: &impl ConnectionTrait,
    school: School,
    days: &[UnitDay],
) -> Result<(), DbErr> {
    let units: BTreeSet<Uuid> = days.iter().map(|(unit, _)| *unit).collect();
    let dates: BTreeSet<&str> = days.iter().map(|(_, date)| date.as_str()).collect();
    let places = |count: usize| vec!["?"; count].join(", ");
    let sql = format!(
        "UPDATE lesson SET last_end = COALESCE((
            SELECT MAX(other.ends_at) FROM lesson AS other
            WHERE other.school_id = lesson.school_id AND other.unit_id = lesson.unit_id
                AND other.date = lesson.date AND other.state <> 3), ends_at)
         WHERE school_id = ? AND unit_id IN ({}) AND date IN ({})",
        places(units.len()),
        places(dates.len())
    );
    let values = std::iter::once(school.uuid().into())
        .chain(units.into_iter().map(Value::from))
        .chain(dates.into_iter().map(Value::from));
    conn.execute_raw(statement(conn.get_database_backend(), &sql, values))
        .await
        .map(|_| ())
}

/// The timetable says when a lesson is; its cells follow.
async fn settle_cell_dates(
    conn: &impl ConnectionTrait,
    school: School,
    ids: &[Uuid],
) -> Result<(), DbErr> {
    const DATE: &str = "(SELECT l.date FROM lesson AS l
        WHERE l.school_id = cell_fact.school_id AND l.lesson_id = cell_fact.lesson_id)";
    let list = vec!["?"; ids.len()].join(", ");
    let sql = format!(
        "UPDATE cell_fact SET date = {DATE}
         WHERE school_id = ? AND lesson_id IN ({list}) AND date <> {DATE}"
    );
    let values = std::iter::once(school.uuid().into()).chain(ids.iter().map(|id| Value::from(*id)));
    conn.execute_raw(statement(conn.get_database_backend(), &sql, values))
        .await
        .map(|_| ())
}
