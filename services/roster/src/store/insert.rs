//! Rows in bulk.

use sea_orm::{ActiveModelTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, Iterable};

/// Most rows of one statement.
const ROWS: usize = 1_000;
/// Most values of one statement: SQLite takes 32,766, PostgreSQL 65,535.
const VALUES: usize = 30_000;

/// Inserts all rows with as few statements as the databases take.
pub(super) async fn all<M, A>(conn: &impl ConnectionTrait, rows: Vec<M>) -> Result<(), DbErr>
where
    M: IntoActiveModel<A>,
    A: ActiveModelTrait + Send,
{
    let columns = <<A::Entity as EntityTrait>::Column as Iterable>::iter()
        .count()
        .max(1);
    let most = ROWS.min(VALUES / columns).max(1);
    let mut rows = rows.into_iter().map(IntoActiveModel::into_active_model);
    loop {
        let chunk: Vec<A> = rows.by_ref().take(most).collect();
        if chunk.is_empty() {
            return Ok(());
        }
        <A::Entity as EntityTrait>::insert_many(chunk)
            .exec_without_returning(conn)
            .await?;
    }
}
