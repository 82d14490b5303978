//! Notices of a person.

use chassis::db::micros;
use jiff::Timestamp;
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect,
};
use uuid::Uuid;

use super::entity::notice;

/// A page of the notices of a person's cards, newest first.
pub async fn page(
    conn: &impl ConnectionTrait,
    person_ids: &[Uuid],
    before: Option<Uuid>,
    limit: u64,
) -> Result<Vec<notice::Model>, DbErr> {
    let mut query =
        notice::Entity::find().filter(notice::Column::PersonId.is_in(person_ids.iter().copied()));
    if let Some(before) = before {
        query = query.filter(notice::Column::NoticeId.lt(before));
    }
    query
        .order_by_desc(notice::Column::NoticeId)
        .limit(limit)
        .all(conn)
        .await
}

/// Unread notices of a person's cards.
pub async fn unread(conn: &impl ConnectionTrait, person_ids: &[Uuid]) -> Result<u64, DbErr> {
    notice::Entity::find()
        .filter(notice::Column::PersonId.is_in(person_ids.iter().copied()))
        .filter(notice::Column::ReadUs.is_null())
        .count(conn)
        .await
}

/// Marks a person's notices up to and including one as read.
pub async fn mark_read(
    conn: &impl ConnectionTrait,
    person_ids: &[Uuid],
    up_to: Uuid,
    now: Timestamp,
) -> Result<(), DbErr> {
    notice::Entity::update_many()
        .col_expr(notice::Column::ReadUs, Expr::value(micros(now)))
        .filter(notice::Column::PersonId.is_in(person_ids.iter().copied()))
        .filter(notice::Column::NoticeId.lte(up_to))
        .filter(notice::Column::ReadUs.is_null())
        .exec(conn)
        .await?;
    Ok(())
}
