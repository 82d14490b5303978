//! What schools say of themselves: versions that are only added.

use std::collections::HashMap;

use chassis::db::{Corrupt, statement};
use jiff::civil::Date;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
    QuerySelect, Value,
};
use zhurnal_proto::id::SchoolId;

use super::entity::school_profile;
use super::registries::Change;
use super::{School, column, records};
use crate::domain::school_profile::{Confirmation, Profile};

/// A version of a profile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    /// Version, from 1.
    pub number: i64,
    /// The profile as it stood.
    pub profile: Profile,
    /// Day on which it was confirmed as it stands; `None`: it was changed.
    pub confirmed_on: Option<Date>,
    /// When.
    pub at_us: i64,
    /// Who, by name.
    pub by: String,
}

/// Adds a version. A unique violation: somebody else has just added it.
pub async fn add(
    conn: &impl ConnectionTrait,
    school: School,
    version: &Version,
    change: &Change,
) -> Result<(), DbErr> {
    let Profile {
        full_title,
        short_title,
        inn,
        ogrn,
        legal_address,
        actual_address,
        phone,
        email,
        site,
        journal_page,
        buildings,
    } = version.profile.clone();
    let row = school_profile::Model {
        school_id: school.uuid(),
        version: version.number,
        full_title,
        short_title,
        inn,
        ogrn,
        legal_address,
        actual_address,
        phone,
        email,
        site,
        journal_page,
        building_count: column::count(buildings),
        confirmed_on: version.confirmed_on.map(column::date),
        changed_us: version.at_us,
        changed_by: change.by.clone(),
        changed_by_name: version.by.clone(),
    };
    school_profile::Entity::insert(row.into_active_model())
        .exec_without_returning(conn)
        .await?;
    Ok(())
}

/// Versions from the newest on, those before a number.
pub async fn page(
    conn: &impl ConnectionTrait,
    school: School,
    before: Option<i64>,
    limit: u64,
) -> Result<Vec<Version>, DbErr> {
    let mut query =
        school_profile::Entity::find().filter(school_profile::Column::SchoolId.eq(school.uuid()));
    if let Some(before) = before {
        query = query.filter(school_profile::Column::Version.lt(before));
    }
    let rows = query
        .order_by_desc(school_profile::Column::Version)
        .limit(limit)
        .all(conn)
        .await?;
    records(rows, read)
}

/// The newest version.
pub async fn latest(conn: &impl ConnectionTrait, school: School) -> Result<Option<Version>, DbErr> {
    Ok(page(conn, school, None, 1).await?.pop())
}

/// The newest version that confirms.
pub async fn last_confirmed(
    conn: &impl ConnectionTrait,
    school: School,
) -> Result<Option<Version>, DbErr> {
    let row = school_profile::Entity::find()
        .filter(school_profile::Column::SchoolId.eq(school.uuid()))
        .filter(school_profile::Column::ConfirmedOn.is_not_null())
        .order_by_desc(school_profile::Column::Version)
        .limit(1)
        .one(conn)
        .await?;
    Ok(row.map(read).transpose()?)
}

/// The last confirmation of each school that has filled in its profile.
pub async fn confirmations(
    conn: &impl ConnectionTrait,
    schools: &[SchoolId],
) -> Result<HashMap<SchoolId, Option<Confirmation>>, DbErr> {
    const SQL: &str = "SELECT school_id, MAX(version),
            MAX(CASE WHEN confirmed_on IS NOT NULL THEN version END), MAX(confirmed_on)
        FROM school_profile WHERE school_id IN (";
    let ids: Vec<Value> = schools.iter().map(|id| id.uuid().into()).collect();
    let (marks, ids) = chassis::db::padded(&ids);
    let sql = format!("{SQL}{marks}) GROUP BY school_id");
    let rows = conn
        .query_all_raw(statement(conn.get_database_backend(), &sql, ids))
        .await?;
    let mut found = HashMap::new();
    for row in rows {
        let latest: i64 = row.try_get_by_index(1)?;
        let confirmed: Option<i64> = row.try_get_by_index(2)?;
        let on: Option<String> = row.try_get_by_index(3)?;
        let on = column::read_end(("school_profile", "confirmed_on"), on.as_deref())?;
        let confirmation = on.map(|on| Confirmation {
            on,
            changed_later: confirmed != Some(latest),
        });
        found.insert(SchoolId::from_uuid(row.try_get_by_index(0)?), confirmation);
    }
    Ok(found)
}

fn read(row: school_profile::Model) -> Result<Version, Corrupt> {
    let at = ("school_profile", "confirmed_on");
    Ok(Version {
        number: row.version,
        confirmed_on: column::read_end(at, row.confirmed_on.as_deref())?,
        at_us: row.changed_us,
        by: row.changed_by_name,
        profile: Profile {
            full_title: row.full_title,
            short_title: row.short_title,
            inn: row.inn,
            ogrn: row.ogrn,
            legal_address: row.legal_address,
            actual_address: row.actual_address,
            phone: row.phone,
            email: row.email,
            site: row.site,
            journal_page: row.journal_page,
            buildings: column::read_count(row.building_count),
        },
    })
}
