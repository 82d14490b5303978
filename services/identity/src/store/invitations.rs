//! Invitation codes.

use chassis::db::micros;
use jiff::Timestamp;
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};
use uuid::Uuid;

use super::entity::invitation;

/// A code by its hash, usable or not.
pub async fn by_hash(
    conn: &impl ConnectionTrait,
    hash: &[u8; 32],
) -> Result<Option<invitation::Model>, DbErr> {
    invitation::Entity::find()
        .filter(invitation::Column::CodeHash.eq(hash.to_vec()))
        .one(conn)
        .await
}

/// A code by id.
pub async fn by_id(
    conn: &impl ConnectionTrait,
    id: Uuid,
) -> Result<Option<invitation::Model>, DbErr> {
    invitation::Entity::find_by_id(id).one(conn).await
}

/// Can be used now.
pub fn is_usable(invitation: &invitation::Model, now: Timestamp) -> bool {
    invitation.used_us.is_none()
        && invitation.revoked_us.is_none()
        && invitation.expires_us > micros(now)
}

/// Adds codes, 1,000 a statement.
pub async fn insert(
    conn: &impl ConnectionTrait,
    codes: Vec<invitation::Model>,
) -> Result<(), DbErr> {
    for chunk in codes.chunks(1_000) {
        let rows = chunk.iter().cloned().map(invitation::ActiveModel::from);
        invitation::Entity::insert_many(rows)
            .exec_without_returning(conn)
            .await?;
    }
    Ok(())
}

/// Uses a code; false when somebody was faster.
pub async fn use_up(conn: &impl ConnectionTrait, id: Uuid, now: Timestamp) -> Result<bool, DbErr> {
    let done = invitation::Entity::update_many()
        .col_expr(invitation::Column::UsedUs, Expr::value(micros(now)))
        .filter(invitation::Column::InvitationId.eq(id))
        .filter(invitation::Column::UsedUs.is_null())
        .filter(invitation::Column::RevokedUs.is_null())
        .filter(invitation::Column::ExpiresUs.gt(micros(now)))
        .exec(conn)
        .await?;
    Ok(done.rows_affected > 0)
}

/// Revokes one unused code; false when there was nothing to revoke.
pub async fn revoke(conn: &impl ConnectionTrait, id: Uuid, now: Timestamp) -> Result<bool, DbErr> {
    let done = revocation(now)
        .filter(invitation::Column::InvitationId.eq(id))
        .exec(conn)
        .await?;
    Ok(done.rows_affected > 0)
}

/// Revokes the unused codes of cards.
pub async fn revoke_of(
    conn: &impl ConnectionTrait,
    school_id: Uuid,
    person_ids: &[Uuid],
    now: Timestamp,
) -> Result<(), DbErr> {
    revocation(now)
        .filter(invitation::Column::SchoolId.eq(school_id))
        .filter(invitation::Column::PersonId.is_in(person_ids.iter().copied()))
        .exec(conn)
        .await?;
    Ok(())
}

/// Revokes unused codes for the region's first administrator.
pub async fn revoke_bootstrap(conn: &impl ConnectionTrait, now: Timestamp) -> Result<(), DbErr> {
    revocation(now)
        .filter(invitation::Column::SchoolId.is_null())
        .exec(conn)
        .await?;
    Ok(())
}

fn revocation(now: Timestamp) -> sea_orm::UpdateMany<invitation::Entity> {
    invitation::Entity::update_many()
        .col_expr(invitation::Column::RevokedUs, Expr::value(micros(now)))
        .filter(invitation::Column::UsedUs.is_null())
        .filter(invitation::Column::RevokedUs.is_null())
}

/// A page of the codes of cards, newest first.
pub async fn page(
    conn: &impl ConnectionTrait,
    school_id: Uuid,
    person_ids: &[Uuid],
    before: Option<Uuid>,
    limit: u64,
) -> Result<Vec<invitation::Model>, DbErr> {
    let mut query = invitation::Entity::find()
        .filter(invitation::Column::SchoolId.eq(school_id))
        .filter(invitation::Column::PersonId.is_in(person_ids.iter().copied()));
    if let Some(before) = before {
        query = query.filter(invitation::Column::InvitationId.lt(before));
    }
    query
        .order_by_desc(invitation::Column::InvitationId)
        .limit(limit)
        .all(conn)
        .await
}
