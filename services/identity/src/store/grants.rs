//! Role grants.

use chassis::db::micros;
use jiff::{Timestamp, civil::Date};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect,
};
use uuid::Uuid;

use super::entity::role_grant;
use crate::domain::role::Role;

fn in_force(today: Date) -> Condition {
    Condition::all()
        .add(role_grant::Column::RevokedUs.is_null())
        .add(
            Condition::any()
                .add(role_grant::Column::EndsOn.is_null())
                .add(role_grant::Column::EndsOn.gte(today.to_string())),
        )
}

/// Grants of an account in force today.
pub async fn of_account(
    conn: &impl ConnectionTrait,
    account_id: Uuid,
    today: Date,
) -> Result<Vec<role_grant::Model>, DbErr> {
    role_grant::Entity::find()
        .filter(role_grant::Column::AccountId.eq(account_id))
        .filter(in_force(today))
        .all(conn)
        .await
}

/// One grant.
pub async fn by_id(
    conn: &impl ConnectionTrait,
    id: Uuid,
) -> Result<Option<role_grant::Model>, DbErr> {
    role_grant::Entity::find_by_id(id).one(conn).await
}

/// Adds a grant.
pub async fn insert(conn: &impl ConnectionTrait, grant: role_grant::Model) -> Result<(), DbErr> {
    role_grant::Entity::insert(role_grant::ActiveModel::from(grant))
        .exec_without_returning(conn)
        .await?;
    Ok(())
}

/// Revokes a grant; false when it was revoked already.
pub async fn revoke(conn: &impl ConnectionTrait, id: Uuid, now: Timestamp) -> Result<bool, DbErr> {
    let done = role_grant::Entity::update_many()
        .col_expr(role_grant::Column::RevokedUs, Expr::value(micros(now)))
        .filter(role_grant::Column::RoleGrantId.eq(id))
        .filter(role_grant::Column::RevokedUs.is_null())
        .exec(conn)
        .await?;
    Ok(done.rows_affected > 0)
}

/// Administrators of the region in force, locked against a concurrent revocation
/// where the database locks rows (SQLite has one writer anyway).
pub async fn region_administrators(
    conn: &impl ConnectionTrait,
    today: Date,
) -> Result<Vec<role_grant::Model>, DbErr> {
    let query = role_grant::Entity::find()
        .filter(role_grant::Column::Role.eq(Role::Administrator.number()))
        .filter(role_grant::Column::SchoolId.is_null())
        .filter(in_force(today))
        .order_by_asc(role_grant::Column::RoleGrantId);
    if conn.get_database_backend() == sea_orm::DbBackend::Postgres {
        return query.lock_exclusive().all(conn).await;
    }
    query.all(conn).await
}

/// A page of grants of a school, or of the region, after `after`.
pub async fn page(
    conn: &impl ConnectionTrait,
    school_id: Option<Uuid>,
    after: Option<Uuid>,
    limit: u64,
) -> Result<Vec<role_grant::Model>, DbErr> {
    let mut query = role_grant::Entity::find().filter(match school_id {
        Some(school) => role_grant::Column::SchoolId.eq(school),
        None => role_grant::Column::SchoolId.is_null(),
    });
    if let Some(after) = after {
        query = query.filter(role_grant::Column::RoleGrantId.gt(after));
    }
    query
        .order_by_asc(role_grant::Column::RoleGrantId)
        .limit(limit)
        .all(conn)
        .await
}
