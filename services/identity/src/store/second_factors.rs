//! Second factors and recovery codes. What is good once is used by one statement that
//! names the state before: of two who are at it at the same time one wins.

use chassis::db::micros;
use jiff::Timestamp;
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, ExprTrait, PaginatorTrait, QueryFilter,
};
use uuid::Uuid;

use super::entity::{recovery_code, second_factor};

/// The second factor of an account, begun or on.
pub async fn get(
    conn: &impl ConnectionTrait,
    account_id: Uuid,
) -> Result<Option<second_factor::Model>, DbErr> {
    second_factor::Entity::find_by_id(account_id)
        .one(conn)
        .await
}

/// The second factor that log-in asks for.
pub async fn on(
    conn: &impl ConnectionTrait,
    account_id: Uuid,
) -> Result<Option<second_factor::Model>, DbErr> {
    Ok(get(conn, account_id)
        .await?
        .filter(|f| f.confirmed_us.is_some()))
}

/// Which of the accounts have one that is on.
pub async fn on_of(conn: &impl ConnectionTrait, account_ids: &[Uuid]) -> Result<Vec<Uuid>, DbErr> {
    let found = second_factor::Entity::find()
        .filter(second_factor::Column::AccountId.is_in(account_ids.iter().copied()))
        .filter(second_factor::Column::ConfirmedUs.is_not_null())
        .all(conn)
        .await?;
    Ok(found.into_iter().map(|f| f.account_id).collect())
}

/// Begins one, in place of one that was begun; false where one is on.
pub async fn begin(
    conn: &impl ConnectionTrait,
    account_id: Uuid,
    sealed: Vec<u8>,
) -> Result<bool, DbErr> {
    let row = second_factor::Model {
        account_id,
        sealed,
        confirmed_us: None,
        last_step: 0,
    };
    let written = second_factor::Entity::insert(second_factor::ActiveModel::from(row))
        .on_conflict(
            OnConflict::column(second_factor::Column::AccountId)
                .update_columns([second_factor::Column::Sealed])
                .action_and_where(
                    Expr::col((second_factor::Entity, second_factor::Column::ConfirmedUs))
                        .is_null(),
                )
                .to_owned(),
        )
        .exec_without_returning(conn)
        .await?;
    Ok(written > 0)
}

/// Turns on the one that was begun with this secret; false where it is another or on.
pub async fn confirm(
    conn: &impl ConnectionTrait,
    begun: &second_factor::Model,
    step: i64,
    now: Timestamp,
) -> Result<bool, DbErr> {
    let done = second_factor::Entity::update_many()
        .col_expr(second_factor::Column::ConfirmedUs, Expr::value(micros(now)))
        .col_expr(second_factor::Column::LastStep, Expr::value(step))
        .filter(second_factor::Column::AccountId.eq(begun.account_id))
        .filter(second_factor::Column::Sealed.eq(begun.sealed.clone()))
        .filter(second_factor::Column::ConfirmedUs.is_null())
        .exec(conn)
        .await?;
    Ok(done.rows_affected > 0)
}

/// Uses the code of a time step; false where it, or a newer one, was used.
pub async fn use_step(
    conn: &impl ConnectionTrait,
    account_id: Uuid,
    step: i64,
) -> Result<bool, DbErr> {
    let done = second_factor::Entity::update_many()
        .col_expr(second_factor::Column::LastStep, Expr::value(step))
        .filter(second_factor::Column::AccountId.eq(account_id))
        .filter(second_factor::Column::ConfirmedUs.is_not_null())
        .filter(second_factor::Column::LastStep.lt(step))
        .exec(conn)
        .await?;
    Ok(done.rows_affected > 0)
}

/// Uses a recovery code; false where there is none such or it was used.
pub async fn use_recovery(
    conn: &impl ConnectionTrait,
    account_id: Uuid,
    hash: &[u8; 32],
    now: Timestamp,
) -> Result<bool, DbErr> {
    let done = recovery_code::Entity::update_many()
        .col_expr(recovery_code::Column::UsedUs, Expr::value(micros(now)))
        .filter(recovery_code::Column::AccountId.eq(account_id))
        .filter(recovery_code::Column::CodeHash.eq(hash.to_vec()))
        .filter(recovery_code::Column::UsedUs.is_null())
        .exec(conn)
        .await?;
    Ok(done.rows_affected > 0)
}

/// Replaces the recovery codes of an account.
pub async fn put_recovery(
    conn: &impl ConnectionTrait,
    account_id: Uuid,
    hashes: Vec<[u8; 32]>,
) -> Result<(), DbErr> {
    forget_recovery(conn, account_id).await?;
    let rows = hashes.into_iter().map(|hash| {
        recovery_code::ActiveModel::from(recovery_code::Model {
            account_id,
            code_hash: hash.to_vec(),
            used_us: None,
        })
    });
    recovery_code::Entity::insert_many(rows)
        .exec_without_returning(conn)
        .await?;
    Ok(())
}

/// Recovery codes that can be used.
pub async fn recovery_left(conn: &impl ConnectionTrait, account_id: Uuid) -> Result<u64, DbErr> {
    recovery_code::Entity::find()
        .filter(recovery_code::Column::AccountId.eq(account_id))
        .filter(recovery_code::Column::UsedUs.is_null())
        .count(conn)
        .await
}

/// Removes the second factor with its recovery codes; false where there was none on.
pub async fn remove(conn: &impl ConnectionTrait, account_id: Uuid) -> Result<bool, DbErr> {
    let done = second_factor::Entity::delete_many()
        .filter(second_factor::Column::AccountId.eq(account_id))
        .filter(second_factor::Column::ConfirmedUs.is_not_null())
        .exec(conn)
        .await?;
    if done.rows_affected == 0 {
        return Ok(false);
    }
    forget_recovery(conn, account_id).await?;
    Ok(true)
}

async fn forget_recovery(conn: &impl ConnectionTrait, account_id: Uuid) -> Result<(), DbErr> {
    recovery_code::Entity::delete_many()
        .filter(recovery_code::Column::AccountId.eq(account_id))
        .exec(conn)
        .await?;
    Ok(())
}
