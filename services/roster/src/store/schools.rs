//! Schools.

use chassis::db::Corrupt;
use sea_orm::sea_query::{Expr, ExprTrait, LockType};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbBackend, DbErr, EntityTrait, QueryFilter,
    QueryOrder, QuerySelect,
};
use uuid::Uuid;
use zhurnal_proto::id::{MunicipalityId, SchoolId};

use super::column;
use super::entity::school;
use super::{School, insert};
use crate::domain::record;
use crate::domain::text::{search_key, sort_key};

/// A school and where it stands in the list.
#[derive(Debug, Clone)]
pub struct Listed {
    /// The school.
    pub school: record::School,
    /// Its place.
    pub sort_key: String,
}

/// Adds a school. A unique violation: the same title, municipality and year are there.
pub async fn add(
    conn: &impl ConnectionTrait,
    school: &record::School,
    created_us: i64,
) -> Result<(), DbErr> {
    let row = school::Model {
        school_id: school.id.uuid(),
        title: school.title.clone(),
        title_key: search_key(&school.title),
        municipality: school.municipality.clone(),
        municipality_key: search_key(&school.municipality),
        municipality_id: school.municipality_id.map(MunicipalityId::uuid),
        sort_key: sort_key(&school.title),
        academic_year: school.academic_year.clone(),
        study_week_days: i16::from(school.study_week_days),
        time_zone: school.time_zone.clone(),
        state: column::school_state(school.state),
        version: school.version,
        created_us,
    };
    insert::all(conn, vec![row]).await
}

/// The school.
pub async fn get(
    conn: &impl ConnectionTrait,
    school: School,
) -> Result<Option<record::School>, DbErr> {
    let row = school::Entity::find_by_id(school.uuid()).one(conn).await?;
    Ok(row.as_ref().map(read).transpose()?)
}

/// Holds what the school decides as a whole (its book of orders, its groups, who is in charge)
/// against other changes until the end of the transaction. On SQLite there is one writer anyway.
pub async fn hold(conn: &impl ConnectionTrait, school: School) -> Result<(), DbErr> {
    if conn.get_database_backend() == DbBackend::Postgres {
        school::Entity::find_by_id(school.uuid())
            .lock(LockType::Update)
            .one(conn)
            .await?;
    }
    Ok(())
}

/// A school with the same title, municipality and year, however they are spelled.
pub async fn same(
    conn: &impl ConnectionTrait,
    (title, municipality, academic_year): (&str, &str, &str),
) -> Result<Option<record::School>, DbErr> {
    let row = school::Entity::find()
        .filter(school::Column::TitleKey.eq(search_key(title)))
        .filter(school::Column::MunicipalityKey.eq(search_key(municipality)))
        .filter(school::Column::AcademicYear.eq(academic_year))
        .one(conn)
        .await?;
    Ok(row.as_ref().map(read).transpose()?)
}

/// Schools by title after a key; `only`: none but these, and none but those of the
/// municipality.
pub async fn page(
    conn: &impl ConnectionTrait,
    (only, municipality): (Option<&[SchoolId]>, Option<MunicipalityId>),
    after: Option<(String, Uuid)>,
    limit: u64,
) -> Result<Vec<Listed>, DbErr> {
    let mut query = school::Entity::find();
    if let Some(only) = only {
        query = query.filter(school::Column::SchoolId.is_in(only.iter().map(|id| id.uuid())));
    }
    if let Some(municipality) = municipality {
        query = query.filter(school::Column::MunicipalityId.eq(municipality.uuid()));
    }
    if let Some((key, id)) = after {
        let later = Condition::all()
            .add(school::Column::SortKey.eq(key.clone()))
            .add(school::Column::SchoolId.gt(id));
        query = query.filter(
            Condition::any()
                .add(school::Column::SortKey.gt(key))
                .add(later),
        );
    }
    let query = query
        .order_by_asc(school::Column::SortKey)
        .order_by_asc(school::Column::SchoolId);
    let rows = query.limit(limit).all(conn).await?;
    let listed = rows.into_iter().map(|row| {
        Ok(Listed {
            school: read(&row)?,
            sort_key: row.sort_key,
        })
    });
    listed.collect::<Result<_, Corrupt>>().map_err(DbErr::from)
}

/// The plan is complete: the school works from now on.
pub async fn activate(
    conn: &impl ConnectionTrait,
    school: School,
) -> Result<Option<record::School>, DbErr> {
    school::Entity::update_many()
        .col_expr(
            school::Column::State,
            Expr::value(column::school_state(record::SchoolState::Active)),
        )
        .col_expr(
            school::Column::Version,
            Expr::col(school::Column::Version).add(1i64),
        )
        .filter(school::Column::SchoolId.eq(school.uuid()))
        .exec(conn)
        .await?;
    get(conn, school).await
}

/// The school is in another academic year from now on.
pub async fn set_year(
    conn: &impl ConnectionTrait,
    school: School,
    academic_year: &str,
) -> Result<Option<record::School>, DbErr> {
    school::Entity::update_many()
        .col_expr(school::Column::AcademicYear, Expr::value(academic_year))
        .col_expr(
            school::Column::Version,
            Expr::col(school::Column::Version).add(1i64),
        )
        .filter(school::Column::SchoolId.eq(school.uuid()))
        .exec(conn)
        .await?;
    get(conn, school).await
}

pub(super) fn read(row: &school::Model) -> Result<record::School, Corrupt> {
    Ok(record::School {
        id: SchoolId::from_uuid(row.school_id),
        title: row.title.clone(),
        municipality: row.municipality.clone(),
        municipality_id: row.municipality_id.map(MunicipalityId::from_uuid),
        academic_year: row.academic_year.clone(),
        study_week_days: column::read_small(("school", "study_week_days"), row.study_week_days)?,
        time_zone: row.time_zone.clone(),
        state: column::read_school_state(("school", "state"), row.state)?,
        version: row.version,
    })
}
