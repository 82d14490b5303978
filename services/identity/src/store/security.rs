//! Security logs of accounts.

use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};
use uuid::Uuid;

use super::entity::security_entry;

/// Adds an entry.
pub async fn insert(
    conn: &impl ConnectionTrait,
    entry: security_entry::Model,
) -> Result<(), DbErr> {
    security_entry::Entity::insert(security_entry::ActiveModel::from(entry))
        .exec_without_returning(conn)
        .await?;
    Ok(())
}

/// A page of an account's entries, newest first.
pub async fn page(
    conn: &impl ConnectionTrait,
    account_id: Uuid,
    before: Option<Uuid>,
    limit: u64,
) -> Result<Vec<security_entry::Model>, DbErr> {
    let mut query =
        security_entry::Entity::find().filter(security_entry::Column::AccountId.eq(account_id));
    if let Some(before) = before {
        query = query.filter(security_entry::Column::EntryId.lt(before));
    }
    query
        .order_by_desc(security_entry::Column::EntryId)
        .limit(limit)
        .all(conn)
        .await
}
