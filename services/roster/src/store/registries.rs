//! Registries: records and acknowledgements.

use std::collections::{HashMap, HashSet};

use chassis::db::Corrupt;
use jiff::Timestamp;
use jiff::civil::Date;
use sea_orm::sea_query::{Expr, ExprTrait, LockType, OnConflict};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, DbBackend, DbErr, EntityTrait,
    IntoActiveModel, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
};
use uuid::Uuid;
use zhurnal_proto::id::{PersonId, RegistryRecordId};

use super::entity::{acknowledgement, registry_record, staff_member};
use super::{Owner, School, column, insert, records};
use crate::domain::record::Name;
use crate::domain::registry::{Named, Record, Registry};

/// A record and its version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// The record.
    pub record: Record,
    /// Version, from 1.
    pub version: i64,
}

/// Who changes a record, and when.
#[derive(Debug, Clone)]
pub struct Change {
    /// Actor.
    pub by: String,
    /// When.
    pub at: Timestamp,
}

/// The record, held against other changes until the end of the transaction.
pub async fn lock(
    conn: &impl ConnectionTrait,
    owner: impl Into<Owner>,
    id: RegistryRecordId,
) -> Result<Option<Kept>, DbErr> {
    let mut query = registry_record::Entity::find_by_id((owner.into().uuid(), id.uuid()));
    if conn.get_database_backend() == DbBackend::Postgres {
        query = query.lock(LockType::Update);
    }
    Ok(query.one(conn).await?.map(read).transpose()?)
}

/// The record.
pub async fn get(
    conn: &impl ConnectionTrait,
    owner: impl Into<Owner>,
    id: RegistryRecordId,
) -> Result<Option<Kept>, DbErr> {
    let query = registry_record::Entity::find_by_id((owner.into().uuid(), id.uuid()));
    Ok(query.one(conn).await?.map(read).transpose()?)
}

/// Adds records. A unique violation: one of the ids is taken.
pub async fn add(
    conn: &impl ConnectionTrait,
    owner: impl Into<Owner>,
    records: &[Record],
    change: &Change,
) -> Result<(), DbErr> {
    let owner = owner.into();
    let rows = records.iter().map(|one| row(owner, one, 1, change));
    insert::all(conn, rows.collect()).await
}

/// Replaces a record that is locked.
pub async fn replace(
    conn: &impl ConnectionTrait,
    owner: impl Into<Owner>,
    kept: &Kept,
    change: &Change,
) -> Result<(), DbErr> {
    let row = row(owner.into(), &kept.record, kept.version, change);
    registry_record::Entity::update(row.into_active_model().reset_all())
        .exec(conn)
        .await?;
    Ok(())
}

/// Removes a record that is locked.
pub async fn remove(
    conn: &impl ConnectionTrait,
    owner: impl Into<Owner>,
    id: RegistryRecordId,
) -> Result<(), DbErr> {
    registry_record::Entity::delete_by_id((owner.into().uuid(), id.uuid()))
        .exec(conn)
        .await?;
    Ok(())
}

/// Records of a registry by their day, after a key; `current`: not done, or in force
/// on that day.
pub async fn page(
    conn: &impl ConnectionTrait,
    owner: impl Into<Owner>,
    registry: Registry,
    current: Option<Date>,
    after: Option<(String, Uuid)>,
    limit: u64,
) -> Result<Vec<Kept>, DbErr> {
    use registry_record::Column as R;
    let mut query = registry_record::Entity::find()
        .filter(R::SchoolId.eq(owner.into().uuid()))
        .filter(R::Registry.eq(column::registry(registry)));
    if let Some(today) = current {
        let today = column::date(today);
        query = query.filter(match registry {
            Registry::Measures | Registry::Trainings => Condition::all().add(R::DoneOn.is_null()),
            Registry::ResponsiblePersons | Registry::LocalActs | Registry::Equipment => {
                let open = R::EndsOn.is_null().or(R::EndsOn.gte(today.clone()));
                Condition::all().add(R::Day.lte(today)).add(open)
            }
        });
    }
    if let Some((day, id)) = after {
        let same = R::Day.eq(day.clone()).and(R::RecordId.gt(id));
        query = query.filter(R::Day.gt(day).or(same));
    }
    let rows = query
        .order_by_asc(R::Day)
        .order_by_asc(R::RecordId)
        .limit(limit)
        .all(conn)
        .await?;
    records(rows, read)
}

/// Kinds of a registry of which a record is in force on the day.
pub async fn kinds_in_force(
    conn: &impl ConnectionTrait,
    school: School,
    registry: Registry,
    day: Date,
) -> Result<HashSet<i16>, DbErr> {
    use registry_record::Column as R;
    let day = column::date(day);
    let kinds: Vec<i16> = registry_record::Entity::find()
        .select_only()
        .column(R::Kind)
        .distinct()
        .filter(R::SchoolId.eq(school.uuid()))
        .filter(R::Registry.eq(column::registry(registry)))
        .filter(R::Day.lte(day.clone()))
        .filter(R::EndsOn.is_null().or(R::EndsOn.gte(day)))
        .into_tuple()
        .all(conn)
        .await?;
    Ok(kinds.into_iter().collect())
}

/// Titles of all records of a registry.
pub async fn titles(
    conn: &impl ConnectionTrait,
    owner: impl Into<Owner>,
    registry: Registry,
) -> Result<HashSet<String>, DbErr> {
    let titles: Vec<String> = registry_record::Entity::find()
        .select_only()
        .column(registry_record::Column::Title)
        .filter(registry_record::Column::SchoolId.eq(owner.into().uuid()))
        .filter(registry_record::Column::Registry.eq(column::registry(registry)))
        .into_tuple()
        .all(conn)
        .await?;
    Ok(titles.into_iter().collect())
}

/// Whether the card is of an employee, past or present.
pub async fn is_employee(
    conn: &impl ConnectionTrait,
    school: School,
    person: PersonId,
) -> Result<bool, DbErr> {
    let found = staff_member::Entity::find_by_id((school.uuid(), person.uuid()));
    Ok(found.one(conn).await?.is_some())
}

/// Keeps that an employee has acknowledged an act; the first day stays.
pub async fn acknowledge(
    conn: &impl ConnectionTrait,
    school: School,
    id: RegistryRecordId,
    (person, on): (PersonId, Date),
) -> Result<(), DbErr> {
    use acknowledgement::Column as A;
    let row = acknowledgement::Model {
        school_id: school.uuid(),
        record_id: id.uuid(),
        person_id: person.uuid(),
        acknowledged_on: column::date(on),
    };
    let known = OnConflict::columns([A::SchoolId, A::RecordId, A::PersonId])
        .do_nothing()
        .to_owned();
    acknowledgement::Entity::insert(row.into_active_model())
        .on_conflict(known)
        .exec_without_returning(conn)
        .await?;
    Ok(())
}

/// How many employees have acknowledged acts, and which of the acts one of them has.
pub async fn acknowledged(
    conn: &impl ConnectionTrait,
    school: School,
    acts: &[RegistryRecordId],
    by: Option<PersonId>,
) -> Result<(HashMap<RegistryRecordId, u32>, HashSet<RegistryRecordId>), DbErr> {
    use acknowledgement::Column as A;
    let of_acts = || {
        acknowledgement::Entity::find()
            .select_only()
            .column(A::RecordId)
            .filter(A::SchoolId.eq(school.uuid()))
            .filter(A::RecordId.is_in(acts.iter().map(|id| id.uuid())))
    };
    let counts: Vec<(Uuid, i64)> = of_acts()
        .column_as(Expr::col(A::PersonId).count(), "people")
        .group_by(A::RecordId)
        .into_tuple()
        .all(conn)
        .await?;
    let own: Vec<Uuid> = match by {
        Some(person) => {
            of_acts()
                .filter(A::PersonId.eq(person.uuid()))
                .into_tuple()
                .all(conn)
                .await?
        }
        None => Vec::new(),
    };
    let id = RegistryRecordId::from_uuid;
    Ok((
        counts
            .into_iter()
            .map(|(act, count)| (id(act), u32::try_from(count).unwrap_or(u32::MAX)))
            .collect(),
        own.into_iter().map(id).collect(),
    ))
}

/// Whether anybody has acknowledged an act.
pub async fn is_acknowledged(
    conn: &impl ConnectionTrait,
    school: School,
    id: RegistryRecordId,
) -> Result<bool, DbErr> {
    let count = acknowledgement::Entity::find()
        .filter(acknowledgement::Column::SchoolId.eq(school.uuid()))
        .filter(acknowledgement::Column::RecordId.eq(id.uuid()))
        .count(conn)
        .await?;
    Ok(count > 0)
}

/// The days on which employees acknowledged an act.
pub async fn days_of(
    conn: &impl ConnectionTrait,
    school: School,
    id: RegistryRecordId,
    people: impl IntoIterator<Item = PersonId>,
) -> Result<HashMap<PersonId, String>, DbErr> {
    let rows = acknowledgement::Entity::find()
        .filter(acknowledgement::Column::SchoolId.eq(school.uuid()))
        .filter(acknowledgement::Column::RecordId.eq(id.uuid()))
        .filter(acknowledgement::Column::PersonId.is_in(people.into_iter().map(PersonId::uuid)))
        .all(conn)
        .await?;
    let rows = rows.into_iter();
    Ok(rows
        .map(|row| (PersonId::from_uuid(row.person_id), row.acknowledged_on))
        .collect())
}

fn row(owner: Owner, record: &Record, version: i64, change: &Change) -> registry_record::Model {
    let named = |part: fn(&Named) -> &String| record.named.as_ref().map(part).cloned();
    registry_record::Model {
        school_id: owner.uuid(),
        record_id: record.id.uuid(),
        registry: column::registry(record.registry),
        kind: record.kind,
        title: record.title.clone(),
        person_id: record.person.map(PersonId::uuid),
        note: record.note.clone(),
        link: record.link.clone(),
        number: record.number.clone(),
        dated_on: record.dated_on.map(column::date),
        edition: record.edition.clone(),
        day: column::date(record.day),
        ends_on: record.ends_on.map(column::date),
        done_on: record.done_on.map(column::date),
        hours: column::count(record.hours),
        to_acknowledge: record.to_acknowledge,
        place: record.place.clone(),
        quantity: column::count(record.quantity),
        is_access_point: record.is_access_point,
        surname: named(|one| &one.name.surname).unwrap_or_default(),
        given_name: named(|one| &one.name.given_name).unwrap_or_default(),
        patronymic: named(|one| &one.name.patronymic).unwrap_or_default(),
        post: named(|one| &one.post).unwrap_or_default(),
        version,
        changed_us: chassis::db::micros(change.at),
        changed_by: change.by.clone(),
    }
}

fn read(row: registry_record::Model) -> Result<Kept, Corrupt> {
    const TABLE: &str = "registry_record";
    let record = Record {
        id: RegistryRecordId::from_uuid(row.record_id),
        registry: column::read_registry((TABLE, "registry"), row.registry)?,
        kind: row.kind,
        title: row.title,
        person: row.person_id.map(PersonId::from_uuid),
        named: (!row.surname.is_empty()).then_some(Named {
            name: Name {
                surname: row.surname,
                given_name: row.given_name,
                patronymic: row.patronymic,
            },
            post: row.post,
        }),
        note: row.note,
        link: row.link,
        number: row.number,
        dated_on: column::read_end((TABLE, "dated_on"), row.dated_on.as_deref())?,
        edition: row.edition,
        day: column::read_date((TABLE, "day"), &row.day)?,
        ends_on: column::read_end((TABLE, "ends_on"), row.ends_on.as_deref())?,
        done_on: column::read_end((TABLE, "done_on"), row.done_on.as_deref())?,
        hours: column::read_count(row.hours),
        to_acknowledge: row.to_acknowledge,
        place: row.place,
        quantity: column::read_count(row.quantity),
        is_access_point: row.is_access_point,
    };
    Ok(Kept {
        record,
        version: row.version,
    })
}
