//! Other ministry systems and their secrets.

use chassis::db::micros;
use jiff::{SignedDuration, Timestamp};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::Expr,
};
use uuid::Uuid;

use super::entity::{client_secret, service_client};

/// `used_us` is written at most this often.
const USED_STEP: SignedDuration = SignedDuration::from_hours(1);

/// Adds a client.
pub async fn insert(
    conn: &impl ConnectionTrait,
    client: service_client::Model,
) -> Result<(), DbErr> {
    service_client::Entity::insert(service_client::ActiveModel::from(client))
        .exec_without_returning(conn)
        .await?;
    Ok(())
}

/// Adds a secret.
pub async fn insert_secret(
    conn: &impl ConnectionTrait,
    secret: client_secret::Model,
) -> Result<(), DbErr> {
    client_secret::Entity::insert(client_secret::ActiveModel::from(secret))
        .exec_without_returning(conn)
        .await?;
    Ok(())
}

/// A client.
pub async fn by_id(
    conn: &impl ConnectionTrait,
    client_id: Uuid,
) -> Result<Option<service_client::Model>, DbErr> {
    service_client::Entity::find_by_id(client_id)
        .one(conn)
        .await
}

/// The same, held against a concurrent change of its secrets where the database locks
/// rows (SQLite has one writer anyway).
pub async fn held(
    conn: &impl ConnectionTrait,
    client_id: Uuid,
) -> Result<Option<service_client::Model>, DbErr> {
    let query = service_client::Entity::find_by_id(client_id);
    if conn.get_database_backend() == sea_orm::DbBackend::Postgres {
        return query.lock_exclusive().one(conn).await;
    }
    query.one(conn).await
}

/// A secret that was not retired, by its hash.
pub async fn secret(
    conn: &impl ConnectionTrait,
    hash: &[u8; 32],
) -> Result<Option<client_secret::Model>, DbErr> {
    client_secret::Entity::find()
        .filter(client_secret::Column::SecretHash.eq(hash.to_vec()))
        .filter(client_secret::Column::RetiredUs.is_null())
        .one(conn)
        .await
}

/// Secrets of clients that were not retired, newest first.
pub async fn secrets_of(
    conn: &impl ConnectionTrait,
    client_ids: &[Uuid],
) -> Result<Vec<client_secret::Model>, DbErr> {
    client_secret::Entity::find()
        .filter(client_secret::Column::ClientId.is_in(client_ids.iter().copied()))
        .filter(client_secret::Column::RetiredUs.is_null())
        .order_by_desc(client_secret::Column::SecretId)
        .all(conn)
        .await
}

/// Whether using the secret now is worth a write.
pub fn is_used_stale(secret: &client_secret::Model, now: Timestamp) -> bool {
    let step = i64::try_from(USED_STEP.as_micros()).unwrap_or(i64::MAX);
    secret.used_us.is_none_or(|used| micros(now) - used > step)
}

/// Notes that a token was got with the secret.
pub async fn used(
    conn: &impl ConnectionTrait,
    secret_id: Uuid,
    now: Timestamp,
) -> Result<(), DbErr> {
    client_secret::Entity::update_many()
        .col_expr(client_secret::Column::UsedUs, Expr::value(micros(now)))
        .filter(client_secret::Column::SecretId.eq(secret_id))
        .exec(conn)
        .await?;
    Ok(())
}

/// Ends a secret of a client; false where there is none such that is good.
pub async fn retire(
    conn: &impl ConnectionTrait,
    client_id: Uuid,
    secret_id: Uuid,
    now: Timestamp,
) -> Result<bool, DbErr> {
    let done = client_secret::Entity::update_many()
        .col_expr(client_secret::Column::RetiredUs, Expr::value(micros(now)))
        .filter(client_secret::Column::ClientId.eq(client_id))
        .filter(client_secret::Column::SecretId.eq(secret_id))
        .filter(client_secret::Column::RetiredUs.is_null())
        .exec(conn)
        .await?;
    Ok(done.rows_affected > 0)
}

/// Ends a client and its secrets for good.
pub async fn revoke(
    conn: &impl ConnectionTrait,
    client_id: Uuid,
    now: Timestamp,
) -> Result<(), DbErr> {
    service_client::Entity::update_many()
        .col_expr(service_client::Column::RevokedUs, Expr::value(micros(now)))
        .filter(service_client::Column::ClientId.eq(client_id))
        .filter(service_client::Column::RevokedUs.is_null())
        .exec(conn)
        .await?;
    client_secret::Entity::update_many()
        .col_expr(client_secret::Column::RetiredUs, Expr::value(micros(now)))
        .filter(client_secret::Column::ClientId.eq(client_id))
        .filter(client_secret::Column::RetiredUs.is_null())
        .exec(conn)
        .await?;
    Ok(())
}

/// A page of clients, newest first.
pub async fn page(
    conn: &impl ConnectionTrait,
    before: Option<Uuid>,
    limit: u64,
) -> Result<Vec<service_client::Model>, DbErr> {
    let mut query = service_client::Entity::find();
    if let Some(before) = before {
        query = query.filter(service_client::Column::ClientId.lt(before));
    }
    query
        .order_by_desc(service_client::Column::ClientId)
        .limit(limit)
        .all(conn)
        .await
}
