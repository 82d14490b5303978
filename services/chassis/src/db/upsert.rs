//! Upserts of records that arrive whole: every row is the full present state of its key.

use sea_orm::sea_query::{IntoIden, OnConflict};
use sea_orm::{
    ActiveModelTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, Iterable,
    PrimaryKeyToColumn,
};

/// Rows of one statement.
const CHUNK: usize = 1_000;

/// Inserts the rows, or replaces those with the same key. Later rows of one list win.
pub async fn upsert<E, A>(conn: &impl ConnectionTrait, rows: Vec<E::Model>) -> Result<(), DbErr>
where
    E: EntityTrait,
    A: ActiveModelTrait<Entity = E>,
    E::Model: IntoActiveModel<A> + Clone,
    E::Column: IntoIden + Copy,
{
    let keys: Vec<E::Column> = E::PrimaryKey::iter()
        .map(PrimaryKeyToColumn::into_column)
        .collect();
    let is_key = |column: &E::Column| {
        keys.iter()
            .any(|k| format!("{k:?}") == format!("{column:?}"))
    };
    let others: Vec<E::Column> = E::Column::iter().filter(|c| !is_key(c)).collect();
    for chunk in rows.chunks(CHUNK) {
        let models = chunk.iter().cloned().map(|m| m.into_active_model());
        E::insert_many(models)
            .on_conflict(
                OnConflict::columns(keys.iter().copied())
                    .update_columns(others.iter().copied())
                    .to_owned(),
            )
            .exec_without_returning(conn)
            .await?;
    }
    Ok(())
}
