//! Codes for a new password.

use chassis::db::micros;
use jiff::Timestamp;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter};
use uuid::Uuid;

use super::entity::password_reset;

/// Adds a code.
pub async fn insert(conn: &impl ConnectionTrait, code: password_reset::Model) -> Result<(), DbErr> {
    password_reset::Entity::insert(password_reset::ActiveModel::from(code))
        .exec_without_returning(conn)
        .await?;
    Ok(())
}

/// A code that can be used now, by its hash.
pub async fn usable(
    conn: &impl ConnectionTrait,
    hash: &[u8; 32],
    now: Timestamp,
) -> Result<Option<password_reset::Model>, DbErr> {
    password_reset::Entity::find()
        .filter(password_reset::Column::CodeHash.eq(hash.to_vec()))
        .filter(password_reset::Column::UsedUs.is_null())
        .filter(password_reset::Column::RevokedUs.is_null())
        .filter(password_reset::Column::ExpiresUs.gt(micros(now)))
        .one(conn)
        .await
}

/// Uses a code; false when somebody was faster.
pub async fn use_up(conn: &impl ConnectionTrait, id: Uuid, now: Timestamp) -> Result<bool, DbErr> {
    let done = password_reset::Entity::update_many()
        .col_expr(password_reset::Column::UsedUs, Expr::value(micros(now)))
        .filter(password_reset::Column::PasswordResetId.eq(id))
        .filter(password_reset::Column::UsedUs.is_null())
        .filter(password_reset::Column::RevokedUs.is_null())
        .filter(password_reset::Column::ExpiresUs.gt(micros(now)))
        .exec(conn)
        .await?;
    Ok(done.rows_affected > 0)
}

/// Ends the unused codes of an account.
pub async fn revoke_of(
    conn: &impl ConnectionTrait,
    account_id: Uuid,
    now: Timestamp,
) -> Result<(), DbErr> {
    password_reset::Entity::update_many()
        .col_expr(password_reset::Column::RevokedUs, Expr::value(micros(now)))
        .filter(password_reset::Column::AccountId.eq(account_id))
        .filter(password_reset::Column::UsedUs.is_null())
        .filter(password_reset::Column::RevokedUs.is_null())
        .exec(conn)
        .await?;
    Ok(())
}
