//! Upserts of records that arrive whole: every row is the full present state of its key.

use std::collections::HashMap;

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
    for chunk in distinct::<E, A>(rows).chunks(CHUNK) {
        E::insert_many(chunk.to_vec())
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

/// PostgreSQL refuses a statement that touches one row twice: the last of equal keys stays.
fn distinct<E, A>(rows: Vec<E::Model>) -> Vec<A>
where
    E: EntityTrait,
    A: ActiveModelTrait<Entity = E>,
    E::Model: IntoActiveModel<A>,
{
    let mut places: HashMap<String, usize> = HashMap::with_capacity(rows.len());
    let mut kept: Vec<A> = Vec::with_capacity(rows.len());
    for row in rows {
        let row = row.into_active_model();
        match places.entry(format!("{:?}", row.get_primary_key_value())) {
            std::collections::hash_map::Entry::Occupied(place) => kept[*place.get()] = row,
            std::collections::hash_map::Entry::Vacant(place) => {
                place.insert(kept.len());
                kept.push(row);
            }
        }
    }
    kept
}
