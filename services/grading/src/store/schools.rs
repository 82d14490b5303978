//! Schools: their zone, and the version of everything that decisions rest on.

use jiff::tz::TimeZone;
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};
use uuid::Uuid;
use zhurnal_proto::id::SchoolId;

use super::one;

/// Zone of a school whose roster entry has not arrived yet: the region's.
const REGION_ZONE: &str = "Europe/Simferopol";

/// A school as its people need it.
#[derive(Clone, Debug)]
pub struct School {
    /// Id.
    pub id: SchoolId,
    /// Zone of its civil dates.
    pub zone: TimeZone,
}

/// The school; `None` when no copy knows it.
pub async fn find(conn: &impl ConnectionTrait, school: SchoolId) -> Result<Option<School>, DbErr> {
    #[derive(FromQueryResult)]
    struct Row {
        time_zone: String,
    }
    let sql = "SELECT time_zone FROM school WHERE school_id = ?";
    let row: Option<Row> = one(conn, sql, [school.uuid().into()]).await?;
    Ok(row.map(|row| School {
        id: school,
        zone: zone(&row.time_zone),
    }))
}

/// The zone by its name; the region's when it is not known.
pub fn zone(name: &str) -> TimeZone {
    let known = |name: &str| TimeZone::get(name).ok();
    known(name)
        .or_else(|| known(REGION_ZONE))
        .unwrap_or(TimeZone::UTC)
}

pub(super) fn copy_cursor(roster: &str, schedule: &str) -> String {
    format!("roster={roster},schedule={schedule}")
}

/// Which copy has moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Producer {
    /// Roster.
    Roster,
    /// Schedule.
    Schedule,
}

/// Says that facts of the school have changed, and how far the copy now reaches.
pub async fn facts_changed(
    conn: &impl ConnectionTrait,
    school: Uuid,
    producer: Producer,
    cursor: &str,
) -> Result<(), DbErr> {
    let (roster, schedule, sql) = match producer {
        Producer::Roster => (cursor, "", ROSTER_MOVED),
        Producer::Schedule => ("", cursor, SCHEDULE_MOVED),
    };
    let values = [school.into(), roster.into(), schedule.into()];
    conn.execute_raw(chassis::db::statement(
        conn.get_database_backend(),
        sql,
        values,
    ))
    .await
    .map(|_| ())
}

const ROSTER_MOVED: &str = "INSERT INTO school
        (school_id, time_zone, academic_year, facts_version, roster_cursor, schedule_cursor)
    VALUES (?, '', 0, 1, ?, ?)
    ON CONFLICT (school_id) DO UPDATE
        SET facts_version = school.facts_version + 1, roster_cursor = excluded.roster_cursor";

const SCHEDULE_MOVED: &str = "INSERT INTO school
        (school_id, time_zone, academic_year, facts_version, roster_cursor, schedule_cursor)
    VALUES (?, '', 0, 1, ?, ?)
    ON CONFLICT (school_id) DO UPDATE
        SET facts_version = school.facts_version + 1, schedule_cursor = excluded.schedule_cursor";

/// Sets what roster tells of the school itself.
pub async fn put(
    conn: &impl ConnectionTrait,
    school: Uuid,
    zone: &str,
    year: i16,
) -> Result<(), DbErr> {
    let sql = "UPDATE school SET time_zone = ?, academic_year = ? WHERE school_id = ?";
    let values = [zone.into(), year.into(), school.into()];
    conn.execute_raw(chassis::db::statement(
        conn.get_database_backend(),
        sql,
        values,
    ))
    .await
    .map(|_| ())
}

/// Forgets what a producer told of the schools; versions go on growing.
pub async fn reset(conn: &impl ConnectionTrait, producer: Producer) -> Result<(), DbErr> {
    let sql = match producer {
        Producer::Roster => {
            "UPDATE school SET facts_version = facts_version + 1, roster_cursor = ''"
        }
        Producer::Schedule => {
            "UPDATE school SET facts_version = facts_version + 1, schedule_cursor = ''"
        }
    };
    conn.execute_raw(chassis::db::statement(conn.get_database_backend(), sql, []))
        .await
        .map(|_| ())
}
