//! How far schools are, counted by the database.

use std::collections::{BTreeSet, HashMap};

use chassis::db::statement;
use jiff::civil::Date;
use sea_orm::{ConnectionTrait, DbErr, Value};
use uuid::Uuid;
use zhurnal_proto::id::{MunicipalityId, SchoolId};

use super::column;
use crate::domain::registry::Registry;

/// Counts of one school.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rollout {
    /// Measures planned.
    pub measures: u32,
    /// … of them done.
    pub done: u32,
    /// … of them overdue.
    pub overdue: u32,
    /// Kinds of responsibility that somebody has today.
    pub responsibilities: BTreeSet<i16>,
    /// Kinds of local act in force today.
    pub local_acts: BTreeSet<i16>,
    /// Acts in force that the staff has to acknowledge.
    pub to_acknowledge: u32,
    /// Acknowledgements of these by the staff of today.
    pub acknowledged: u32,
    /// Employees today.
    pub staff: u32,
    /// … of them with a training held.
    pub trained: u32,
    /// Trainings held.
    pub held_trainings: u32,
}

const RECORDS: &str = "SELECT r.school_id, r.registry, r.kind, COUNT(*),
    COUNT(r.done_on), SUM(CASE WHEN r.done_on IS NULL AND r.day < ? THEN 1 ELSE 0 END),
    SUM(CASE WHEN r.day <= ? AND (r.ends_on IS NULL OR r.ends_on >= ?) THEN 1 ELSE 0 END),
    SUM(CASE WHEN r.to_acknowledge AND r.day <= ? AND (r.ends_on IS NULL OR r.ends_on >= ?) THEN 1 ELSE 0 END)
FROM registry_record r WHERE r.school_id IN (";

const STAFF: &str = "SELECT s.school_id, COUNT(*), SUM(CASE WHEN EXISTS (SELECT 1 FROM registry_record r
        WHERE r.school_id = s.school_id AND r.person_id = s.person_id AND r.registry = 4 AND r.done_on IS NOT NULL)
        THEN 1 ELSE 0 END)
FROM staff_member s WHERE s.starts_on <= ? AND (s.ends_on IS NULL OR s.ends_on >= ?) AND s.school_id IN (";

const ACKNOWLEDGED: &str = "SELECT a.school_id, COUNT(*) FROM acknowledgement a
JOIN registry_record r ON r.school_id = a.school_id AND r.record_id = a.record_id
JOIN staff_member s ON s.school_id = a.school_id AND s.person_id = a.person_id
WHERE r.to_acknowledge AND r.day <= ? AND (r.ends_on IS NULL OR r.ends_on >= ?)
    AND s.starts_on <= ? AND (s.ends_on IS NULL OR s.ends_on >= ?) AND a.school_id IN (";

/// Counts of schools on a day; a school without records is left out.
pub async fn count(
    conn: &impl ConnectionTrait,
    schools: &[SchoolId],
    today: Date,
) -> Result<HashMap<SchoolId, Rollout>, DbErr> {
    let ids: Vec<Uuid> = schools.iter().map(|id| id.uuid()).collect();
    let mut rollouts = records(conn, &ids, today).await?;
    for row in rows(conn, STAFF, 2, &ids, today, " GROUP BY s.school_id").await? {
        let rollout = rollouts.entry(owner(&row)?).or_default();
        rollout.staff = number(&row, 1)?;
        rollout.trained = number(&row, 2)?;
    }
    for row in rows(conn, ACKNOWLEDGED, 4, &ids, today, " GROUP BY a.school_id").await? {
        rollouts.entry(owner(&row)?).or_default().acknowledged = number(&row, 1)?;
    }
    let known = rollouts.into_iter();
    Ok(known
        .map(|(id, rollout)| (SchoolId::from_uuid(id), rollout))
        .collect())
}

/// Counts of municipalities on a day; one without records is left out.
pub async fn count_municipalities(
    conn: &impl ConnectionTrait,
    municipalities: &[MunicipalityId],
    today: Date,
) -> Result<HashMap<MunicipalityId, Rollout>, DbErr> {
    let ids: Vec<Uuid> = municipalities.iter().map(|id| id.uuid()).collect();
    let known = records(conn, &ids, today).await?.into_iter();
    Ok(known
        .map(|(id, rollout)| (MunicipalityId::from_uuid(id), rollout))
        .collect())
}

/// Counts of what the registries of owners hold.
async fn records(
    conn: &impl ConnectionTrait,
    owners: &[Uuid],
    today: Date,
) -> Result<HashMap<Uuid, Rollout>, DbErr> {
    let mut rollouts: HashMap<Uuid, Rollout> = HashMap::new();
    for row in rows(
        conn,
        RECORDS,
        5,
        owners,
        today,
        " GROUP BY r.school_id, r.registry, r.kind",
    )
    .await?
    {
        let rollout = rollouts.entry(owner(&row)?).or_default();
        let at = ("registry_record", "registry");
        let kind: i16 = row.try_get_by_index(2)?;
        let in_force = number(&row, 6)? > 0;
        match column::read_registry(at, row.try_get_by_index(1)?)? {
            Registry::Measures => {
                rollout.measures += number(&row, 3)?;
                rollout.done += number(&row, 4)?;
                rollout.overdue += number(&row, 5)?;
            }
            Registry::ResponsiblePersons if in_force => {
                rollout.responsibilities.insert(kind);
            }
            Registry::LocalActs if in_force => {
                rollout.local_acts.insert(kind);
                rollout.to_acknowledge += number(&row, 7)?;
            }
            Registry::Trainings => rollout.held_trainings += number(&row, 4)?,
            _ => {}
        }
    }
    Ok(rollouts)
}

/// Runs a statement whose first values are the day, then the owners.
async fn rows(
    conn: &impl ConnectionTrait,
    sql: &'static str,
    days: usize,
    owners: &[Uuid],
    today: Date,
    end: &'static str,
) -> Result<Vec<sea_orm::QueryResult>, DbErr> {
    let today = Value::from(column::date(today));
    let ids: Vec<Value> = owners.iter().map(|id| (*id).into()).collect();
    let (marks, ids) = chassis::db::padded(&ids);
    let values = std::iter::repeat_n(today, days).chain(ids);
    let sql = format!("{sql}{marks}){end}");
    conn.query_all_raw(statement(conn.get_database_backend(), &sql, values))
        .await
}

fn owner(row: &sea_orm::QueryResult) -> Result<Uuid, DbErr> {
    row.try_get_by_index(0)
}

fn number(row: &sea_orm::QueryResult, at: usize) -> Result<u32, DbErr> {
    let number: i64 = row.try_get_by_index(at)?;
    Ok(u32::try_from(number).unwrap_or(u32::MAX))
}
