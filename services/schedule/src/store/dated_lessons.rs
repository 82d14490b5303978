//! Writes the dated lessons of a plan, thousands a statement.

use chassis::db::Corrupt;
use jiff::civil::Date;
use sea_orm::sea_query::ArrayType;
use sea_orm::{ConnectionTrait, DbBackend, DbErr, Statement, Value};
use zhurnal_proto::id::{LessonId, TimetableEntryId};

use super::School;
use super::column;

/// Rows of one INSERT; three values each.
const CHUNK: usize = 5_000;

/// A dated lesson of a weekly one.
pub type Dated = (LessonId, Date, TimetableEntryId);

/// Writes dated lessons of weekly ones that are stored already. Group, subject,
/// teacher and room are those of the weekly lesson, the times those of the bell
/// of its number in the group's shift.
pub async fn insert(
    conn: &impl ConnectionTrait,
    school: School,
    lessons: &[Dated],
) -> Result<(), DbErr> {
    for chunk in lessons.chunks(CHUNK) {
        let statement = match conn.get_database_backend() {
            DbBackend::Postgres => dated_by_arrays(school, chunk),
            backend => dated_by_values(backend, school, chunk),
        };
        let written = conn.execute_raw(statement).await?.rows_affected();
        if written != chunk.len() as u64 {
            let missing = format!(
                "{} of {} have no weekly lesson, group or bell",
                chunk.len() as u64 - written,
                chunk.len()
            );
            return Err(Corrupt::new("lesson", "timetable_entry_id", missing).into());
        }
    }
    Ok(())
}

const INSERT: &str = "INSERT INTO lesson (school_id, lesson_id, academic_year, date, lesson_number, starts_at, ends_at,
    group_id, subject_id, teacher_id, room_id, timetable_entry_id, state, state_reason, version)
SELECT e.school_id, d.lesson_id, e.academic_year, d.date, e.lesson_number, b.starts_at, b.ends_at,
    e.group_id, e.subject_id, e.teacher_id, e.room_id, e.timetable_entry_id, 1, '', 1
FROM ";

const OF_WEEKLY: &str =
    "timetable_entry e ON e.school_id = d.school_id AND e.timetable_entry_id = d.timetable_entry_id
JOIN study_group g ON g.school_id = e.school_id AND g.group_id = e.group_id
JOIN bell b ON b.school_id = e.school_id AND b.academic_year = e.academic_year
    AND b.shift = g.shift AND b.lesson_number = e.lesson_number";

fn dated_by_arrays(school: School, chunk: &[Dated]) -> Statement {
    let sql = format!(
        "{INSERT} (SELECT $1::uuid AS school_id, d.* FROM unnest($2::uuid[], $3::text[], $4::uuid[])
            AS d (lesson_id, date, timetable_entry_id)) AS d JOIN {OF_WEEKLY}"
    );
    let array = |kind, column: fn(&Dated) -> Value| {
        Value::Array(kind, Some(Box::new(chunk.iter().map(column).collect())))
    };
    Statement::from_sql_and_values(
        DbBackend::Postgres,
        sql,
        [
            school.uuid().into(),
            array(ArrayType::Uuid, |(id, _, _)| id.uuid().into()),
            array(ArrayType::String, |(_, date, _)| column::date(*date).into()),
            array(ArrayType::Uuid, |(_, _, weekly)| weekly.uuid().into()),
        ],
    )
}

/// CROSS JOIN keeps SQLite from walking through all weekly lessons of the school and
/// looking for each in the values: ten times slower.
fn dated_by_values(backend: DbBackend, school: School, chunk: &[Dated]) -> Statement {
    let rows = vec!["(?,?,?)"; chunk.len()].join(",");
    let sql = format!(
        "{INSERT} (SELECT ? AS school_id, column1 AS lesson_id, column2 AS date, column3 AS timetable_entry_id
            FROM (VALUES {rows})) AS d CROSS JOIN {OF_WEEKLY}"
    );
    let values = chunk.iter().flat_map(|(id, date, weekly)| -> [Value; 3] {
        [
            id.uuid().into(),
            column::date(*date).into(),
            weekly.uuid().into(),
        ]
    });
    Statement::from_sql_and_values(
        backend,
        sql,
        std::iter::once(school.uuid().into()).chain(values),
    )
}
