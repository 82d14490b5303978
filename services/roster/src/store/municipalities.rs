//! Municipalities and which schools belong to them.

use std::collections::HashMap;

use chassis::db::Corrupt;
use sea_orm::sea_query::{Expr, ExprTrait, LockType, OnConflict};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbBackend, DbErr, EntityTrait, IntoActiveModel,
    QueryFilter, QueryOrder, QuerySelect,
};
use uuid::Uuid;
use zhurnal_proto::id::MunicipalityId;

use super::entity::{municipality, school};
use super::schools;
use crate::domain::record::{self, Municipality};
use crate::domain::text::{search_key, sort_key};

/// A municipality and where it stands in the list.
#[derive(Debug, Clone)]
pub struct Listed {
    /// The municipality.
    pub municipality: Municipality,
    /// Its place.
    pub sort_key: String,
    /// Schools that belong to it.
    pub schools: u32,
}

/// Adds a municipality; false when its id or its title is taken.
pub async fn add(
    conn: &impl ConnectionTrait,
    new: &Municipality,
    created_us: i64,
) -> Result<bool, DbErr> {
    let row = municipality::Model {
        municipality_id: new.id.uuid(),
        title: new.title.clone(),
        title_key: search_key(&new.title),
        sort_key: sort_key(&new.title),
        told: true,
        version: new.version,
        created_us,
    };
    let added = municipality::Entity::insert(row.into_active_model())
        .on_conflict(OnConflict::new().do_nothing().to_owned())
        .exec_without_returning(conn)
        .await?;
    Ok(added > 0)
}

/// The municipality.
pub async fn get(
    conn: &impl ConnectionTrait,
    id: MunicipalityId,
) -> Result<Option<Municipality>, DbErr> {
    let row = municipality::Entity::find_by_id(id.uuid())
        .one(conn)
        .await?;
    Ok(row.map(read))
}

/// The municipality, held against other changes until the end of the transaction.
pub async fn lock(
    conn: &impl ConnectionTrait,
    id: MunicipalityId,
) -> Result<Option<Municipality>, DbErr> {
    let row = locked(conn, municipality::Entity::find_by_id(id.uuid()));
    Ok(row.one(conn).await?.map(read))
}

/// The municipality of a title, however it is spelled, held likewise.
pub async fn lock_titled(
    conn: &impl ConnectionTrait,
    title: &str,
) -> Result<Option<Municipality>, DbErr> {
    let query =
        municipality::Entity::find().filter(municipality::Column::TitleKey.eq(search_key(title)));
    Ok(locked(conn, query).one(conn).await?.map(read))
}

fn locked(
    conn: &impl ConnectionTrait,
    query: sea_orm::Select<municipality::Entity>,
) -> sea_orm::Select<municipality::Entity> {
    if conn.get_database_backend() == DbBackend::Postgres {
        return query.lock(LockType::Update);
    }
    query
}

/// Whether another municipality has the title.
pub async fn is_titled(
    conn: &impl ConnectionTrait,
    title: &str,
    but: MunicipalityId,
) -> Result<bool, DbErr> {
    let other = municipality::Entity::find()
        .filter(municipality::Column::TitleKey.eq(search_key(title)))
        .filter(municipality::Column::MunicipalityId.ne(but.uuid()));
    Ok(other.one(conn).await?.is_some())
}

/// Gives a locked municipality its title, and its schools with it.
pub async fn rename(conn: &impl ConnectionTrait, to: &Municipality) -> Result<(), DbErr> {
    use municipality::Column as M;
    municipality::Entity::update_many()
        .col_expr(M::Title, Expr::value(to.title.as_str()))
        .col_expr(M::TitleKey, Expr::value(search_key(&to.title)))
        .col_expr(M::SortKey, Expr::value(sort_key(&to.title)))
        .col_expr(M::Version, Expr::value(to.version))
        .filter(M::MunicipalityId.eq(to.id.uuid()))
        .exec(conn)
        .await?;
    use school::Column as S;
    school::Entity::update_many()
        .col_expr(S::Municipality, Expr::value(to.title.as_str()))
        .col_expr(S::MunicipalityKey, Expr::value(search_key(&to.title)))
        .col_expr(S::Version, Expr::col(S::Version).add(1i64))
        .filter(S::MunicipalityId.eq(to.id.uuid()))
        .exec(conn)
        .await?;
    Ok(())
}

/// Municipalities by title after a key; `only`: none but this.
pub async fn page(
    conn: &impl ConnectionTrait,
    only: Option<MunicipalityId>,
    after: Option<(String, Uuid)>,
    limit: u64,
) -> Result<Vec<Listed>, DbErr> {
    use municipality::Column as M;
    let mut query = municipality::Entity::find();
    if let Some(only) = only {
        query = query.filter(M::MunicipalityId.eq(only.uuid()));
    }
    if let Some((key, id)) = after {
        let later = Condition::all()
            .add(M::SortKey.eq(key.clone()))
            .add(M::MunicipalityId.gt(id));
        query = query.filter(Condition::any().add(M::SortKey.gt(key)).add(later));
    }
    let rows = query
        .order_by_asc(M::SortKey)
        .order_by_asc(M::MunicipalityId)
        .limit(limit)
        .all(conn)
        .await?;
    let mut counts = school_counts(conn, rows.iter().map(|row| row.municipality_id)).await?;
    let listed = rows.into_iter().map(|row| Listed {
        sort_key: row.sort_key.clone(),
        schools: counts.remove(&row.municipality_id).unwrap_or(0),
        municipality: read(row),
    });
    Ok(listed.collect())
}

/// How many schools belong to a municipality.
pub async fn school_count(conn: &impl ConnectionTrait, id: MunicipalityId) -> Result<u32, DbErr> {
    let mut counts = school_counts(conn, [id.uuid()]).await?;
    Ok(counts.remove(&id.uuid()).unwrap_or(0))
}

async fn school_counts(
    conn: &impl ConnectionTrait,
    ids: impl IntoIterator<Item = Uuid>,
) -> Result<HashMap<Uuid, u32>, DbErr> {
    let rows: Vec<(Uuid, i64)> = school::Entity::find()
        .select_only()
        .column(school::Column::MunicipalityId)
        .column_as(school::Column::SchoolId.count(), "schools")
        .filter(school::Column::MunicipalityId.is_in(ids))
        .group_by(school::Column::MunicipalityId)
        .into_tuple()
        .all(conn)
        .await?;
    let count = |count| u32::try_from(count).unwrap_or(u32::MAX);
    Ok(rows.into_iter().map(|(id, n)| (id, count(n))).collect())
}

/// The schools that belong to a municipality, by title.
pub async fn schools_of(
    conn: &impl ConnectionTrait,
    id: MunicipalityId,
) -> Result<Vec<record::School>, DbErr> {
    let rows = school::Entity::find()
        .filter(school::Column::MunicipalityId.eq(id.uuid()))
        .order_by_asc(school::Column::SortKey)
        .order_by_asc(school::Column::SchoolId)
        .all(conn)
        .await?;
    let read: Result<_, Corrupt> = rows.iter().map(schools::read).collect();
    read.map_err(DbErr::from)
}

/// Titles that schools have for a municipality without belonging to one: an earlier
/// version wrote them.
pub async fn unfound(conn: &impl ConnectionTrait) -> Result<Vec<String>, DbErr> {
    school::Entity::find()
        .select_only()
        .column(school::Column::Municipality)
        .distinct()
        .filter(school::Column::MunicipalityId.is_null())
        .into_tuple()
        .all(conn)
        .await
}

/// Puts schools that belong to none into the municipality whose title they have; its
/// schools have to be told anew.
pub async fn gather(conn: &impl ConnectionTrait, into: &Municipality) -> Result<(), DbErr> {
    use school::Column as S;
    school::Entity::update_many()
        .col_expr(S::MunicipalityId, Expr::value(into.id.uuid()))
        .col_expr(S::Municipality, Expr::value(into.title.as_str()))
        .filter(S::MunicipalityId.is_null())
        .filter(S::MunicipalityKey.eq(search_key(&into.title)))
        .exec(conn)
        .await?;
    set_told(conn, into.id, false).await
}

/// One municipality that the feed has not heard of, held against other changes.
pub async fn lock_untold(conn: &impl ConnectionTrait) -> Result<Option<Municipality>, DbErr> {
    let query = municipality::Entity::find()
        .filter(municipality::Column::Told.eq(false))
        .order_by_asc(municipality::Column::MunicipalityId)
        .limit(1);
    Ok(locked(conn, query).one(conn).await?.map(read))
}

/// Keeps whether the feed has heard of a municipality and its schools.
pub async fn set_told(
    conn: &impl ConnectionTrait,
    id: MunicipalityId,
    told: bool,
) -> Result<(), DbErr> {
    municipality::Entity::update_many()
        .col_expr(municipality::Column::Told, Expr::value(told))
        .filter(municipality::Column::MunicipalityId.eq(id.uuid()))
        .exec(conn)
        .await?;
    Ok(())
}

fn read(row: municipality::Model) -> Municipality {
    Municipality {
        id: MunicipalityId::from_uuid(row.municipality_id),
        title: row.title,
        version: row.version,
    }
}
