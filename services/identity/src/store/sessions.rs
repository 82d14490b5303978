//! Sessions.

use chassis::db::micros;
use jiff::{SignedDuration, Timestamp};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter,
    sea_query::Expr,
};
use uuid::Uuid;

use super::entity::session;

/// Days that an unused session lives.
pub const IDLE_DAYS: i64 = 30;
/// `seen_us` is written at most this often.
const SEEN_STEP: SignedDuration = SignedDuration::from_hours(1);

/// An open session by the hash of its secret.
pub async fn open_by_secret(
    conn: &impl ConnectionTrait,
    secret_hash: &[u8; 32],
    now: Timestamp,
) -> Result<Option<session::Model>, DbErr> {
    let oldest = micros(now - SignedDuration::from_hours(24 * IDLE_DAYS));
    session::Entity::find()
        .filter(session::Column::SecretHash.eq(secret_hash.to_vec()))
        .filter(session::Column::EndedUs.is_null())
        .filter(session::Column::SeenUs.gt(oldest))
        .one(conn)
        .await
}

/// A session by id, open or not.
pub async fn by_id(
    conn: &impl ConnectionTrait,
    session_id: Uuid,
) -> Result<Option<session::Model>, DbErr> {
    session::Entity::find_by_id(session_id).one(conn).await
}

/// Adds a session.
pub async fn insert(conn: &impl ConnectionTrait, session: session::Model) -> Result<(), DbErr> {
    session::Entity::insert(session::ActiveModel::from(session))
        .exec_without_returning(conn)
        .await?;
    Ok(())
}

/// Whether using the session now is worth a write.
pub fn is_seen_stale(session: &session::Model, now: Timestamp) -> bool {
    micros(now) - session.seen_us > i64::try_from(SEEN_STEP.as_micros()).unwrap_or(i64::MAX)
}

/// Notes that the session was used.
pub async fn seen(
    conn: &impl ConnectionTrait,
    session_id: Uuid,
    now: Timestamp,
) -> Result<(), DbErr> {
    let change = session::ActiveModel {
        session_id: Set(session_id),
        seen_us: Set(micros(now)),
        ..Default::default()
    };
    session::Entity::update(change).exec(conn).await?;
    Ok(())
}

/// Notes that the session has just proved who is in it.
pub async fn prove(
    conn: &impl ConnectionTrait,
    session_id: Uuid,
    now: Timestamp,
) -> Result<(), DbErr> {
    session::Entity::update_many()
        .col_expr(session::Column::ProvedUs, Expr::value(micros(now)))
        .filter(session::Column::SessionId.eq(session_id))
        .exec(conn)
        .await?;
    Ok(())
}

/// Ends one open session; false when it had ended.
pub async fn end(
    conn: &impl ConnectionTrait,
    session_id: Uuid,
    now: Timestamp,
) -> Result<bool, DbErr> {
    let done = session::Entity::update_many()
        .col_expr(session::Column::EndedUs, Expr::value(micros(now)))
        .filter(session::Column::SessionId.eq(session_id))
        .filter(session::Column::EndedUs.is_null())
        .exec(conn)
        .await?;
    Ok(done.rows_affected > 0)
}

/// Open sessions of an account.
pub async fn open_of(
    conn: &impl ConnectionTrait,
    account_id: Uuid,
) -> Result<Vec<session::Model>, DbErr> {
    session::Entity::find()
        .filter(session::Column::AccountId.eq(account_id))
        .filter(session::Column::EndedUs.is_null())
        .all(conn)
        .await
}

/// Sessions of an account that can be used.
pub async fn alive_of(
    conn: &impl ConnectionTrait,
    account_id: Uuid,
    now: Timestamp,
) -> Result<Vec<session::Model>, DbErr> {
    let oldest = micros(now - SignedDuration::from_hours(24 * IDLE_DAYS));
    session::Entity::find()
        .filter(session::Column::AccountId.eq(account_id))
        .filter(session::Column::EndedUs.is_null())
        .filter(session::Column::SeenUs.gt(oldest))
        .all(conn)
        .await
}
