//! Accounts and the cards that belong to them.

use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter};
use uuid::Uuid;

use super::entity::{account, account_card};

/// An account by its folded login.
pub async fn by_login(
    conn: &impl ConnectionTrait,
    login_key: &str,
) -> Result<Option<account::Model>, DbErr> {
    account::Entity::find()
        .filter(account::Column::LoginKey.eq(login_key))
        .one(conn)
        .await
}

/// An account by id.
pub async fn by_id(
    conn: &impl ConnectionTrait,
    account_id: Uuid,
) -> Result<Option<account::Model>, DbErr> {
    account::Entity::find_by_id(account_id).one(conn).await
}

/// Whether there is any account at all.
pub async fn any(conn: &impl ConnectionTrait) -> Result<bool, DbErr> {
    Ok(account::Entity::find().one(conn).await?.is_some())
}

/// Adds an account; a taken login is a unique violation.
pub async fn insert(conn: &impl ConnectionTrait, account: account::Model) -> Result<(), DbErr> {
    account::Entity::insert(account::ActiveModel::from(account))
        .exec_without_returning(conn)
        .await?;
    Ok(())
}

/// Replaces the password hash.
pub async fn set_password(
    conn: &impl ConnectionTrait,
    account_id: Uuid,
    hash: String,
) -> Result<(), DbErr> {
    let change = account::ActiveModel {
        account_id: Set(account_id),
        password_hash: Set(hash),
        ..Default::default()
    };
    account::Entity::update(change).exec(conn).await?;
    Ok(())
}

/// Cards of an account.
pub async fn cards(
    conn: &impl ConnectionTrait,
    account_id: Uuid,
) -> Result<Vec<account_card::Model>, DbErr> {
    account_card::Entity::find()
        .filter(account_card::Column::AccountId.eq(account_id))
        .all(conn)
        .await
}

/// Which of the cards have an account.
pub async fn registered(
    conn: &impl ConnectionTrait,
    school_id: Uuid,
    person_ids: &[Uuid],
) -> Result<Vec<Uuid>, DbErr> {
    let found = account_card::Entity::find()
        .filter(account_card::Column::SchoolId.eq(school_id))
        .filter(account_card::Column::PersonId.is_in(person_ids.iter().copied()))
        .all(conn)
        .await?;
    Ok(found.into_iter().map(|c| c.person_id).collect())
}

/// Gives a card to an account, taking it from an earlier one: a family that lost
/// its password gets a new code, and the old account loses the card.
pub async fn put_card(conn: &impl ConnectionTrait, card: account_card::Model) -> Result<(), DbErr> {
    use sea_orm::sea_query::OnConflict;
    account_card::Entity::insert(account_card::ActiveModel::from(card))
        .on_conflict(
            OnConflict::columns([
                account_card::Column::SchoolId,
                account_card::Column::PersonId,
            ])
            .update_columns([
                account_card::Column::AccountId,
                account_card::Column::Role,
                account_card::Column::RegisteredUs,
            ])
            .to_owned(),
        )
        .exec_without_returning(conn)
        .await?;
    Ok(())
}

/// The account that holds a card.
pub async fn holder(
    conn: &impl ConnectionTrait,
    school_id: Uuid,
    person_id: Uuid,
) -> Result<Option<Uuid>, DbErr> {
    Ok(account_card::Entity::find_by_id((school_id, person_id))
        .one(conn)
        .await?
        .map(|c| c.account_id))
}

/// The accounts that hold cards.
pub async fn holders(
    conn: &impl ConnectionTrait,
    school_id: Uuid,
    person_ids: &[Uuid],
) -> Result<Vec<Uuid>, DbErr> {
    let found = account_card::Entity::find()
        .filter(account_card::Column::SchoolId.eq(school_id))
        .filter(account_card::Column::PersonId.is_in(person_ids.iter().copied()))
        .all(conn)
        .await?;
    Ok(found.into_iter().map(|c| c.account_id).collect())
}
