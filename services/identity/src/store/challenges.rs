//! Second steps of log-ins.

use chassis::db::micros;
use jiff::Timestamp;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, ExprTrait, QueryFilter};

use super::entity::challenge;
use crate::domain::second_factor::CHALLENGE_TRIES;

/// Opens a second step; those that ran out go.
pub async fn open(
    conn: &impl ConnectionTrait,
    row: challenge::Model,
    now: Timestamp,
) -> Result<(), DbErr> {
    challenge::Entity::delete_many()
        .filter(challenge::Column::ExpiresUs.lt(micros(now)))
        .exec(conn)
        .await?;
    challenge::Entity::insert(challenge::ActiveModel::from(row))
        .exec_without_returning(conn)
        .await?;
    Ok(())
}

/// Counts a try before its code is looked at; `None` where the step is unknown, used,
/// over, tried too often or another device's.
pub async fn try_once(
    conn: &impl ConnectionTrait,
    hash: &[u8; 32],
    device: &[u8; 32],
    now: Timestamp,
) -> Result<Option<challenge::Model>, DbErr> {
    let done = challenge::Entity::update_many()
        .col_expr(
            challenge::Column::Tries,
            Expr::col(challenge::Column::Tries).add(1),
        )
        .filter(challenge::Column::ChallengeHash.eq(hash.to_vec()))
        .filter(challenge::Column::DeviceHash.eq(device.to_vec()))
        .filter(challenge::Column::Tries.lt(CHALLENGE_TRIES))
        .filter(challenge::Column::UsedUs.is_null())
        .filter(challenge::Column::ExpiresUs.gt(micros(now)))
        .exec(conn)
        .await?;
    if done.rows_affected == 0 {
        return Ok(None);
    }
    challenge::Entity::find_by_id(hash.to_vec()).one(conn).await
}

/// Uses a second step up; false when somebody was faster.
pub async fn use_up(
    conn: &impl ConnectionTrait,
    hash: &[u8; 32],
    now: Timestamp,
) -> Result<bool, DbErr> {
    let done = challenge::Entity::update_many()
        .col_expr(challenge::Column::UsedUs, Expr::value(micros(now)))
        .filter(challenge::Column::ChallengeHash.eq(hash.to_vec()))
        .filter(challenge::Column::UsedUs.is_null())
        .exec(conn)
        .await?;
    Ok(done.rows_affected > 0)
}
