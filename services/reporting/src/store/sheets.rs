//! Monitorings, and the sheets of schools.

use chassis::db::{Corrupt, from_micros, statement};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use sea_orm::sea_query::{Expr, ExprTrait, LockType};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DbBackend, DbErr, EntityTrait, IntoActiveModel,
    QueryFilter, QueryOrder, QuerySelect, Value,
};
use uuid::Uuid;
use zhurnal_proto::id::{MonitoringId, MunicipalityId, SchoolId};

use super::School;
use super::column::{self, count};
use super::entity::{control_sheet, line_statement, monitoring};
use crate::domain::sheet::{Kind, Presence, Statement, Total};

/// A monitoring.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Monitoring {
    /// Id.
    pub id: MonitoringId,
    /// Which sheet.
    pub kind: Kind,
    /// Title.
    pub title: String,
    /// Day that is asked for.
    pub as_of: Date,
    /// Last day for sending.
    pub due_on: Date,
    /// Version, from 1.
    pub version: i64,
}

/// State of a sheet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Being filled in.
    Draft,
    /// Sent.
    Sent,
    /// Sent back.
    Returned,
}

/// A sheet; what was sent is kept as the contract's message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheet {
    /// State.
    pub state: State,
    /// Problem questions.
    pub problems: String,
    /// Why it was returned.
    pub remark: String,
    /// When it was sent.
    pub sent_at: Option<Timestamp>,
    /// After the last day.
    pub late: bool,
    /// Totals as sent.
    pub total: Total,
    /// The sheet as sent, encoded.
    pub sent: Option<Vec<u8>>,
    /// Version, from 1.
    pub version: i64,
}

/// Who changes something, and when.
#[derive(Debug, Clone)]
pub struct Change {
    /// Actor.
    pub by: String,
    /// When.
    pub at: Timestamp,
}

/// How many schools have sent.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Sent {
    /// Have sent.
    pub sent: u32,
    /// … of these late.
    pub late: u32,
}

/// A school in the list of a monitoring.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// School.
    pub school: SchoolId,
    /// Title.
    pub title: String,
    /// Municipality.
    pub municipality: String,
    /// Its zone.
    pub zone: TimeZone,
    /// Its sheet, without what was sent; `None` = nothing was saved.
    pub sheet: Option<(State, Option<Timestamp>, bool, Total)>,
}

fn locked<E: EntityTrait>(
    conn: &impl ConnectionTrait,
    query: sea_orm::Select<E>,
) -> sea_orm::Select<E> {
    if conn.get_database_backend() == DbBackend::Postgres {
        query.lock(LockType::Update)
    } else {
        query
    }
}

/// The monitoring.
pub async fn monitoring(
    conn: &impl ConnectionTrait,
    id: MonitoringId,
) -> Result<Option<Monitoring>, DbErr> {
    let row = monitoring::Entity::find_by_id(id.uuid()).one(conn).await?;
    row.map(read_monitoring).transpose()
}

/// The monitoring, held until the end of the transaction.
pub async fn lock_monitoring(
    conn: &impl ConnectionTrait,
    id: MonitoringId,
) -> Result<Option<Monitoring>, DbErr> {
    let query = locked(conn, monitoring::Entity::find_by_id(id.uuid()));
    query.one(conn).await?.map(read_monitoring).transpose()
}

/// Adds a monitoring (version 1) or replaces one that is locked.
pub async fn put_monitoring(
    conn: &impl ConnectionTrait,
    one: &Monitoring,
    change: &Change,
) -> Result<(), DbErr> {
    let row = monitoring::Model {
        monitoring_id: one.id.uuid(),
        kind: kind(one.kind),
        title: one.title.clone(),
        as_of: one.as_of.to_string(),
        due_on: one.due_on.to_string(),
        version: one.version,
        changed_us: chassis::db::micros(change.at),
        changed_by: change.by.clone(),
    }
    .into_active_model();
    if one.version == 1 {
        monitoring::Entity::insert(row)
            .exec_without_returning(conn)
            .await?;
    } else {
        monitoring::Entity::update(row.reset_all())
            .exec(conn)
            .await?;
    }
    Ok(())
}

/// Monitorings, the latest last day first, after a key.
pub async fn monitorings(
    conn: &impl ConnectionTrait,
    after: Option<(String, Uuid)>,
    limit: u64,
) -> Result<Vec<Monitoring>, DbErr> {
    use monitoring::Column as M;
    let mut query = monitoring::Entity::find();
    if let Some((due, id)) = after {
        let same = M::DueOn.eq(due.clone()).and(M::MonitoringId.lt(id));
        query = query.filter(M::DueOn.lt(due).or(same));
    }
    let rows = query
        .order_by_desc(M::DueOn)
        .order_by_desc(M::MonitoringId)
        .limit(limit)
        .all(conn)
        .await?;
    rows.into_iter().map(read_monitoring).collect()
}

/// Which schools are counted.
#[derive(Debug, Clone, Copy)]
pub enum Among {
    /// All.
    Region,
    /// Those of a municipality.
    Municipality(MunicipalityId),
    /// One.
    School(School),
}

/// How many have sent, by monitoring.
pub async fn sent(
    conn: &impl ConnectionTrait,
    monitorings: &[MonitoringId],
    among: Among,
) -> Result<Vec<(MonitoringId, Sent)>, DbErr> {
    use control_sheet::Column as C;
    let mut query = control_sheet::Entity::find()
        .select_only()
        .column(C::MonitoringId)
        .column_as(C::SchoolId.count(), "sent")
        .column_as(Expr::case(C::Late.eq(true), 1).finally(0).sum(), "late")
        .filter(C::MonitoringId.is_in(monitorings.iter().map(|id| id.uuid())))
        .filter(C::State.eq(state(State::Sent)))
        .group_by(C::MonitoringId);
    match among {
        Among::Region => {}
        Among::School(school) => query = query.filter(C::SchoolId.eq(school.uuid())),
        Among::Municipality(municipality) => {
            use super::entity::school;
            use sea_orm::QueryTrait as _;
            let own = school::Entity::find()
                .select_only()
                .column(school::Column::SchoolId)
                .filter(school::Column::MunicipalityId.eq(municipality.uuid()));
            query = query.filter(C::SchoolId.in_subquery(own.into_query()));
        }
    }
    let rows: Vec<(Uuid, i64, i64)> = query.into_tuple().all(conn).await?;
    let read = |(id, sent, late): (Uuid, i64, i64)| {
        Ok((
            MonitoringId::from_uuid(id),
            Sent {
                sent: count("control_sheet", "sent", sent)?,
                late: count("control_sheet", "late", late)?,
            },
        ))
    };
    rows.into_iter().map(read).collect()
}

/// States of a school's sheets; of those that it has saved.
pub async fn states(
    conn: &impl ConnectionTrait,
    school: School,
    monitorings: &[MonitoringId],
) -> Result<Vec<(MonitoringId, State)>, DbErr> {
    use control_sheet::Column as C;
    let rows: Vec<(Uuid, i16)> = control_sheet::Entity::find()
        .select_only()
        .column(C::MonitoringId)
        .column(C::State)
        .filter(C::SchoolId.eq(school.uuid()))
        .filter(C::MonitoringId.is_in(monitorings.iter().map(|id| id.uuid())))
        .into_tuple()
        .all(conn)
        .await?;
    let read = |(id, state)| Ok((MonitoringId::from_uuid(id), read_state(state)?));
    rows.into_iter().map(read).collect()
}

/// How many schools there are; `only`: in this municipality.
pub async fn schools(
    conn: &impl ConnectionTrait,
    only: Option<MunicipalityId>,
) -> Result<u32, DbErr> {
    use super::entity::school;
    use sea_orm::PaginatorTrait;
    let mut query = school::Entity::find();
    if let Some(only) = only {
        query = query.filter(school::Column::MunicipalityId.eq(only.uuid()));
    }
    let schools = query.count(conn).await?;
    Ok(u32::try_from(schools).unwrap_or(u32::MAX))
}

/// The sheet of a school.
pub async fn sheet(
    conn: &impl ConnectionTrait,
    school: School,
    monitoring: MonitoringId,
) -> Result<Option<Sheet>, DbErr> {
    let row = control_sheet::Entity::find_by_id((monitoring.uuid(), school.uuid()))
        .one(conn)
        .await?;
    row.map(read_sheet).transpose()
}

/// The sheet of a school, held until the end of the transaction.
pub async fn lock_sheet(
    conn: &impl ConnectionTrait,
    school: School,
    monitoring: MonitoringId,
) -> Result<Option<Sheet>, DbErr> {
    let query = control_sheet::Entity::find_by_id((monitoring.uuid(), school.uuid()));
    let row = locked(conn, query).one(conn).await?;
    row.map(read_sheet).transpose()
}

/// Adds a sheet (version 1) or replaces one that is locked. A unique violation: another
/// call has added it meanwhile.
pub async fn put_sheet(
    conn: &impl ConnectionTrait,
    school: School,
    monitoring: MonitoringId,
    sheet: &Sheet,
    change: &Change,
) -> Result<(), DbErr> {
    let number = |number: u32| i32::try_from(number).unwrap_or(i32::MAX);
    let row = control_sheet::Model {
        monitoring_id: monitoring.uuid(),
        school_id: school.uuid(),
        state: state(sheet.state),
        problems: sheet.problems.clone(),
        remark: sheet.remark.clone(),
        sent_us: sheet.sent_at.map(chassis::db::micros),
        late: sheet.late,
        line_count: number(sheet.total.lines),
        full_count: number(sheet.total.full),
        percent: number(sheet.total.percent),
        sent: sheet.sent.clone(),
        version: sheet.version,
        changed_us: chassis::db::micros(change.at),
        changed_by: change.by.clone(),
    }
    .into_active_model();
    if sheet.version == 1 {
        control_sheet::Entity::insert(row)
            .exec_without_returning(conn)
            .await?;
    } else {
        control_sheet::Entity::update(row.reset_all())
            .exec(conn)
            .await?;
    }
    Ok(())
}

/// What the school says of the lines.
pub async fn statements(
    conn: &impl ConnectionTrait,
    school: School,
    monitoring: MonitoringId,
) -> Result<Vec<Statement>, DbErr> {
    let rows = line_statement::Entity::find()
        .filter(line_statement::Column::SchoolId.eq(school.uuid()))
        .filter(line_statement::Column::MonitoringId.eq(monitoring.uuid()))
        .all(conn)
        .await?;
    let read = |row: line_statement::Model| {
        let due = row.due_on.as_deref();
        let due = due.map(|text| column::read("line_statement", "due_on", text));
        Ok(Statement {
            number: row.number,
            percent: u32::try_from(row.percent).unwrap_or(0),
            due_on: due.transpose()?,
            presence: match row.presence {
                0 => None,
                1 => Some(Presence::Yes),
                2 => Some(Presence::No),
                other => return Err(Corrupt::new("line_statement", "presence", other).into()),
            },
            note: row.note,
        })
    };
    rows.into_iter().map(read).collect()
}

/// Takes statements in place of those that were there.
pub async fn put_statements(
    conn: &impl ConnectionTrait,
    school: School,
    monitoring: MonitoringId,
    statements: &[Statement],
) -> Result<(), DbErr> {
    line_statement::Entity::delete_many()
        .filter(line_statement::Column::SchoolId.eq(school.uuid()))
        .filter(line_statement::Column::MonitoringId.eq(monitoring.uuid()))
        .exec(conn)
        .await?;
    let row = |one: &Statement| line_statement::Model {
        school_id: school.uuid(),
        monitoring_id: monitoring.uuid(),
        number: one.number.clone(),
        percent: i32::try_from(one.percent).unwrap_or(i32::MAX),
        due_on: one.due_on.map(|day| day.to_string()),
        presence: match one.presence {
            None => 0,
            Some(Presence::Yes) => 1,
            Some(Presence::No) => 2,
        },
        note: one.note.clone(),
    };
    chassis::db::upsert::<line_statement::Entity, _>(conn, statements.iter().map(row).collect())
        .await
}

/// What narrows the list of a monitoring.
#[derive(Debug, Clone, Default)]
pub struct Narrow {
    /// Schools of this municipality; empty = all.
    pub municipality: String,
    /// Schools of the caller's municipality.
    pub only: Option<MunicipalityId>,
    /// Schools that have not sent.
    pub missing: bool,
}

/// Schools of a monitoring by title, after a key.
pub async fn rows(
    conn: &impl ConnectionTrait,
    monitoring: MonitoringId,
    narrow: &Narrow,
    after: Option<(String, Uuid)>,
    limit: u64,
) -> Result<Vec<Row>, DbErr> {
    let mut sql = "SELECT s.school_id, s.title, s.municipality, c.state, c.sent_us, c.late, c.line_count,
            c.full_count, c.percent, s.time_zone
        FROM school AS s LEFT JOIN control_sheet AS c ON c.monitoring_id = ? AND c.school_id = s.school_id
        WHERE 1 = 1"
        .to_owned();
    let mut values: Vec<Value> = vec![monitoring.uuid().into()];
    if !narrow.municipality.is_empty() {
        sql.push_str(" AND s.municipality = ?");
        values.push(narrow.municipality.clone().into());
    }
    if let Some(only) = narrow.only {
        sql.push_str(" AND s.municipality_id = ?");
        values.push(only.uuid().into());
    }
    if narrow.missing {
        sql.push_str(" AND (c.state IS NULL OR c.state <> ?)");
        values.push(state(State::Sent).into());
    }
    if let Some((title, id)) = after {
        sql.push_str(" AND (s.title > ? OR (s.title = ? AND s.school_id > ?))");
        values.extend([title.clone().into(), title.into(), id.into()]);
    }
    sql.push_str(" ORDER BY s.title, s.school_id LIMIT ?");
    values.push(i64::try_from(limit).unwrap_or(i64::MAX).into());
    let query = statement(conn.get_database_backend(), &sql, values);
    let read = |row: &sea_orm::QueryResult| {
        let number = |at: usize| {
            let number: i32 = row.try_get_by_index(at)?;
            Ok::<_, DbErr>(u32::try_from(number).unwrap_or(0))
        };
        let sheet = match row.try_get_by_index::<Option<i16>>(3)? {
            None => None,
            Some(state) => Some((
                read_state(state)?,
                row.try_get_by_index::<Option<i64>>(4)?.map(from_micros),
                row.try_get_by_index(5)?,
                Total {
                    lines: number(6)?,
                    full: number(7)?,
                    percent: number(8)?,
                },
            )),
        };
        Ok(Row {
            school: SchoolId::from_uuid(row.try_get_by_index(0)?),
            title: row.try_get_by_index(1)?,
            municipality: row.try_get_by_index(2)?,
            zone: zone(row.try_get_by_index(9)?)?,
            sheet,
        })
    };
    conn.query_all_raw(query).await?.iter().map(read).collect()
}

fn zone(name: String) -> Result<TimeZone, Corrupt> {
    TimeZone::get(&name).map_err(|_| Corrupt::new("school", "time_zone", name))
}

fn kind(kind: Kind) -> i16 {
    match kind {
        Kind::Databases => 1,
        Kind::Documents => 2,
    }
}

fn state(state: State) -> i16 {
    match state {
        State::Draft => 1,
        State::Sent => 2,
        State::Returned => 3,
    }
}

fn read_state(number: i16) -> Result<State, Corrupt> {
    match number {
        1 => Ok(State::Draft),
        2 => Ok(State::Sent),
        3 => Ok(State::Returned),
        other => Err(Corrupt::new("control_sheet", "state", other)),
    }
}

fn read_monitoring(row: monitoring::Model) -> Result<Monitoring, DbErr> {
    Ok(Monitoring {
        id: MonitoringId::from_uuid(row.monitoring_id),
        kind: match row.kind {
            1 => Kind::Databases,
            2 => Kind::Documents,
            other => return Err(Corrupt::new("monitoring", "kind", other).into()),
        },
        title: row.title,
        as_of: column::read("monitoring", "as_of", &row.as_of)?,
        due_on: column::read("monitoring", "due_on", &row.due_on)?,
        version: row.version,
    })
}

fn read_sheet(row: control_sheet::Model) -> Result<Sheet, DbErr> {
    let number = |number: i32| u32::try_from(number).unwrap_or(0);
    Ok(Sheet {
        state: read_state(row.state)?,
        problems: row.problems,
        remark: row.remark,
        sent_at: row.sent_us.map(from_micros),
        late: row.late,
        total: Total {
            lines: number(row.line_count),
            full: number(row.full_count),
            percent: number(row.percent),
        },
        sent: row.sent,
        version: row.version,
    })
}
