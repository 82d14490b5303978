//! What waits out the slip grace, and what was told already.

use std::collections::BTreeMap;

use chassis::db::{micros, upsert};
use jiff::Timestamp;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};
use uuid::Uuid;

use super::entity::{pending_notice, told};

/// Keys of one statement.
const CHUNK: usize = 1_000;
/// Notices made by one flush at most.
const BATCH: u64 = 500;

/// Puts what waits for a cell's slot, or replaces it.
pub async fn put(
    conn: &impl ConnectionTrait,
    rows: Vec<pending_notice::Model>,
) -> Result<(), DbErr> {
    upsert::<pending_notice::Entity, _>(conn, rows).await
}

/// Forgets what waits: the marks were cleared in time.
pub async fn drop<'a>(
    conn: &impl ConnectionTrait,
    slots: impl IntoIterator<Item = &'a (Uuid, String)>,
) -> Result<(), DbErr> {
    let mut of_school: BTreeMap<Uuid, Vec<&str>> = BTreeMap::new();
    for (school, key) in slots {
        of_school.entry(*school).or_default().push(key);
    }
    for (school, keys) in of_school {
        for chunk in keys.chunks(CHUNK) {
            pending_notice::Entity::delete_many()
                .filter(pending_notice::Column::SchoolId.eq(school))
                .filter(pending_notice::Column::SubjectKey.is_in(chunk.iter().copied()))
                .exec(conn)
                .await?;
        }
    }
    Ok(())
}

/// Whether anything is due: looked at every second, so without a transaction.
pub async fn any_due(conn: &impl ConnectionTrait, now: Timestamp) -> Result<bool, DbErr> {
    let first = pending_notice::Entity::find()
        .filter(pending_notice::Column::DueUs.lte(micros(now)))
        .one(conn)
        .await?;
    Ok(first.is_some())
}

/// Takes what is due, oldest first; the rows are gone afterwards.
pub async fn take_due(
    conn: &impl ConnectionTrait,
    now: Timestamp,
) -> Result<Vec<pending_notice::Model>, DbErr> {
    let due = pending_notice::Entity::find()
        .filter(pending_notice::Column::DueUs.lte(micros(now)))
        .order_by_asc(pending_notice::Column::DueUs)
        .limit(BATCH)
        .all(conn)
        .await?;
    let mut taken = Vec::with_capacity(due.len());
    for row in due {
        // Of two processes that flush at once only one deletes the row, and only it tells.
        let key = (row.school_id, row.subject_key.clone());
        if pending_notice::Entity::delete_by_id(key)
            .exec(conn)
            .await?
            .rows_affected
            > 0
        {
            taken.push(row);
        }
    }
    Ok(taken)
}

/// Keeps only the rows whose text differs from what was told last, and notes them as told.
pub async fn only_news(
    conn: &impl ConnectionTrait,
    due: Vec<pending_notice::Model>,
) -> Result<Vec<pending_notice::Model>, DbErr> {
    let mut news = Vec::with_capacity(due.len());
    for row in due {
        let known = told::Entity::find_by_id((row.school_id, row.subject_key.clone()))
            .one(conn)
            .await?;
        if known.is_none_or(|k| k.text != row.text) {
            let told = told::Model {
                school_id: row.school_id,
                subject_key: row.subject_key.clone(),
                text: row.text.clone(),
            };
            upsert::<told::Entity, _>(conn, vec![told]).await?;
            news.push(row);
        }
    }
    Ok(news)
}
