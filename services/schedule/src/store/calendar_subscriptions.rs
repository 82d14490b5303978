//! Subscriptions of phones' calendars. The secret itself is nowhere: only its keyed hash.

use chassis::db::{Corrupt, from_micros, micros};
use jiff::civil::Date;
use sea_orm::sea_query::{Expr, LockType};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
    QuerySelect, Select,
};
use zhurnal_proto::id::{AccountId, CalendarSubscriptionId, ClassId, PersonId};

use super::School;
use super::column;
use super::entity::calendar_subscription::{Column, Entity, Model};
use crate::domain::calendar_subscription::{CalendarSubscription, Subject};

/// Subscriptions of the account at the school, the newest first.
pub async fn of_account(
    conn: &impl ConnectionTrait,
    school: School,
    account: AccountId,
) -> Result<Vec<CalendarSubscription>, DbErr> {
    read_all(own(school, account).all(conn).await?)
}

/// The same, kept from others until the transaction ends: two devices do not exceed together
/// what an account may have.
pub async fn lock_of_account(
    conn: &impl ConnectionTrait,
    school: School,
    account: AccountId,
) -> Result<Vec<CalendarSubscription>, DbErr> {
    // SQLite has one writer: its builder leaves the lock out.
    let rows = own(school, account)
        .lock(LockType::Update)
        .all(conn)
        .await?;
    read_all(rows)
}

/// The subscription of a secret.
pub async fn by_secret(
    conn: &impl ConnectionTrait,
    school: School,
    secret_hash: [u8; 32],
) -> Result<Option<CalendarSubscription>, DbErr> {
    let row = Entity::find()
        .filter(Column::SchoolId.eq(school.uuid()))
        .filter(Column::SecretHash.eq(secret_hash.to_vec()))
        .one(conn)
        .await?;
    Ok(row.map(read).transpose()?)
}

/// Adds a subscription.
pub async fn insert(
    conn: &impl ConnectionTrait,
    school: School,
    (subscription, secret_hash): (&CalendarSubscription, [u8; 32]),
) -> Result<(), DbErr> {
    let (kind, subject_id) = match subscription.subject {
        Subject::Pupil(card) => (1, card.uuid()),
        Subject::Teacher(card) => (2, card.uuid()),
        Subject::Class(class) => (3, class.uuid()),
    };
    let row = Model {
        school_id: school.uuid(),
        calendar_subscription_id: subscription.id.uuid(),
        account_id: subscription.account.uuid(),
        person_id: subscription.person.uuid(),
        kind,
        subject_id,
        secret_hash: secret_hash.to_vec(),
        created_us: micros(subscription.created_at),
        last_used_on: subscription.last_used_on.map(column::date),
    };
    Entity::insert(row.into_active_model())
        .exec_without_returning(conn)
        .await?;
    Ok(())
}

/// Notes that it was read on the day.
pub async fn used(
    conn: &impl ConnectionTrait,
    school: School,
    (id, day): (CalendarSubscriptionId, Date),
) -> Result<(), DbErr> {
    Entity::update_many()
        .col_expr(Column::LastUsedOn, Expr::value(column::date(day)))
        .filter(Column::SchoolId.eq(school.uuid()))
        .filter(Column::CalendarSubscriptionId.eq(id.uuid()))
        .exec(conn)
        .await?;
    Ok(())
}

/// Removes an own subscription; false when there is none.
pub async fn remove(
    conn: &impl ConnectionTrait,
    school: School,
    (account, id): (AccountId, CalendarSubscriptionId),
) -> Result<bool, DbErr> {
    let done = Entity::delete_many()
        .filter(Column::SchoolId.eq(school.uuid()))
        .filter(Column::AccountId.eq(account.uuid()))
        .filter(Column::CalendarSubscriptionId.eq(id.uuid()))
        .exec(conn)
        .await?;
    Ok(done.rows_affected == 1)
}

fn own(school: School, account: AccountId) -> Select<Entity> {
    Entity::find()
        .filter(Column::SchoolId.eq(school.uuid()))
        .filter(Column::AccountId.eq(account.uuid()))
        .order_by_desc(Column::CreatedUs)
        .order_by_desc(Column::CalendarSubscriptionId)
}

fn read_all(rows: Vec<Model>) -> Result<Vec<CalendarSubscription>, DbErr> {
    rows.into_iter().map(|row| Ok(read(row)?)).collect()
}

fn read(row: Model) -> Result<CalendarSubscription, Corrupt> {
    let subject = match row.kind {
        1 => Subject::Pupil(PersonId::from_uuid(row.subject_id)),
        2 => Subject::Teacher(PersonId::from_uuid(row.subject_id)),
        3 => Subject::Class(ClassId::from_uuid(row.subject_id)),
        other => return Err(Corrupt::new("calendar_subscription", "kind", other)),
    };
    let used = row.last_used_on.as_deref();
    Ok(CalendarSubscription {
        id: CalendarSubscriptionId::from_uuid(row.calendar_subscription_id),
        account: AccountId::from_uuid(row.account_id),
        person: PersonId::from_uuid(row.person_id),
        subject,
        created_at: from_micros(row.created_us),
        last_used_on: column::read_optional("calendar_subscription", "last_used_on", used)?,
    })
}
