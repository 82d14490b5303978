//! Upserts of records that arrive whole: every row is the full present state of its key.

use std::collections::HashMap;

use sea_orm::{
    ActiveModelTrait, ColumnTrait, ColumnType, ConnectionTrait, DbBackend, DbErr, EntityTrait,
    IdenStatic, IntoActiveModel, Iterable, PrimaryKeyToColumn, Statement, Value,
    sea_query::{ArrayType, IntoIden, OnConflict},
};

use super::arrays::{arrays, unnest};

/// Rows of one statement.
const CHUNK: usize = 1_000;

/// Inserts the rows, or replaces those with the same key. Later rows of one list win.
pub async fn upsert<E, A>(conn: &impl ConnectionTrait, rows: Vec<E::Model>) -> Result<(), DbErr>
where
    E: EntityTrait,
    A: ActiveModelTrait<Entity = E>,
    E::Model: IntoActiveModel<A>,
    E::Column: IntoIden + Copy,
{
    let mut rows = rows.into_iter().map(IntoActiveModel::into_active_model);
    loop {
        let chunk: Vec<A> = rows.by_ref().take(CHUNK).collect();
        if chunk.is_empty() {
            return Ok(());
        }
        match conn.get_database_backend() {
            DbBackend::Postgres => by_arrays::<E, A>(conn, chunk).await?,
            _ => by_values::<E, A>(conn, chunk).await?,
        }
    }
}

fn is_key<E: EntityTrait>(column: &E::Column) -> bool {
    E::PrimaryKey::iter().any(|key| key.into_column().as_str() == column.as_str())
}

async fn by_values<E, A>(conn: &impl ConnectionTrait, rows: Vec<A>) -> Result<(), DbErr>
where
    E: EntityTrait,
    A: ActiveModelTrait<Entity = E>,
    E::Column: IntoIden + Copy,
{
    let (keys, others): (Vec<_>, Vec<_>) = E::Column::iter().partition(is_key::<E>);
    let mut known = OnConflict::columns(keys);
    if others.is_empty() {
        known.do_nothing();
    } else {
        known.update_columns(others);
    }
    E::insert_many(rows)
        .on_conflict(known)
        .exec_without_returning(conn)
        .await?;
    Ok(())
}

async fn by_arrays<E, A>(conn: &impl ConnectionTrait, rows: Vec<A>) -> Result<(), DbErr>
where
    E: EntityTrait,
    A: ActiveModelTrait<Entity = E>,
{
    let places: Vec<Place> = E::Column::iter()
        .map(place::<E>)
        .collect::<Result<_, _>>()?;
    let rows = rows
        .into_iter()
        .map(|row| values_of(row, &places))
        .collect::<Result<Vec<_>, _>>()?;
    let kinds: Vec<ArrayType> = places.iter().flat_map(Place::kinds).collect();
    let sql = array_sql(E::default().table_name(), &places, &kinds);
    let values = arrays(&kinds, distinct(&places, rows).into_iter());
    conn.execute_raw(Statement::from_sql_and_values(
        DbBackend::Postgres,
        sql,
        values,
    ))
    .await
    .map(|_| ())
}

/// A column among the parameters.
struct Place {
    name: &'static str,
    kind: ArrayType,
    key: bool,
    /// A second array says where the first one means NULL.
    nullable: bool,
}

impl Place {
    fn kinds(&self) -> impl Iterator<Item = ArrayType> {
        let flag = self.nullable.then_some(ArrayType::Bool);
        std::iter::once(self.kind.clone()).chain(flag)
    }

    /// What stands in the array where the value is NULL.
    fn filler(&self) -> Value {
        match self.kind {
            ArrayType::Uuid => uuid::Uuid::nil().into(),
            ArrayType::SmallInt => 0_i16.into(),
            ArrayType::Int => 0_i32.into(),
            ArrayType::BigInt => 0_i64.into(),
            ArrayType::Bool => false.into(),
            ArrayType::Bytes => Vec::<u8>::new().into(),
            _ => String::new().into(),
        }
    }
}

fn place<E: EntityTrait>(column: E::Column) -> Result<Place, DbErr> {
    let definition = column.def();
    let kind = match definition.get_column_type() {
        ColumnType::Uuid => ArrayType::Uuid,
        ColumnType::SmallInteger => ArrayType::SmallInt,
        ColumnType::Integer => ArrayType::Int,
        ColumnType::BigInteger => ArrayType::BigInt,
        ColumnType::Boolean => ArrayType::Bool,
        ColumnType::Text | ColumnType::String(_) => ArrayType::String,
        ColumnType::Blob | ColumnType::Binary(_) | ColumnType::VarBinary(_) => ArrayType::Bytes,
        other => {
            let name = column.as_str();
            return Err(DbErr::Type(format!("{name}: no array of {other:?}")));
        }
    };
    Ok(Place {
        name: column.as_str(),
        kind,
        key: is_key::<E>(&column),
        nullable: definition.is_null(),
    })
}

/// The parameters of a row, in the order of [`Place::kinds`].
fn values_of<A: ActiveModelTrait>(mut row: A, places: &[Place]) -> Result<Vec<Value>, DbErr> {
    let mut values = Vec::with_capacity(2 * places.len());
    for (column, place) in <A::Entity as EntityTrait>::Column::iter().zip(places) {
        let value = row
            .take(column)
            .into_value()
            .ok_or_else(|| DbErr::AttrNotSet(place.name.to_owned()))?;
        let null = value == value.as_null();
        if null && !place.nullable {
            return Err(DbErr::Type(format!("{} is NULL", place.name)));
        }
        values.push(if null { place.filler() } else { value });
        if place.nullable {
            values.push(null.into());
        }
    }
    Ok(values)
}

fn array_sql(table: &str, places: &[Place], kinds: &[ArrayType]) -> String {
    let list = |parts: Vec<String>| parts.join(", ");
    let columns = list(places.iter().map(|p| p.name.to_owned()).collect());
    let given = places.iter().map(|p| match p.nullable {
        true => format!("CASE WHEN {0}_null THEN NULL ELSE {0} END", p.name),
        false => p.name.to_owned(),
    });
    let named = places.iter().map(|p| match p.nullable {
        true => format!("{0}, {0}_null", p.name),
        false => p.name.to_owned(),
    });
    let keys = places.iter().filter(|p| p.key).map(|p| p.name.to_owned());
    let others = places.iter().filter(|p| !p.key);
    let replaced: Vec<String> = others
        .map(|p| format!("{0} = excluded.{0}", p.name))
        .collect();
    let known = match replaced.is_empty() {
        true => "NOTHING".to_owned(),
        false => format!("UPDATE SET {}", list(replaced)),
    };
    format!(
        "INSERT INTO {table} ({columns}) SELECT {given} FROM {arrays} AS given ({named})
         ON CONFLICT ({keys}) DO {known}",
        given = list(given.collect()),
        named = list(named.collect()),
        keys = list(keys.collect()),
        arrays = unnest(kinds, 1),
    )
}

/// PostgreSQL refuses a statement that touches one row twice: the last of equal keys stays.
fn distinct(places: &[Place], rows: Vec<Vec<Value>>) -> Vec<Vec<Value>> {
    let keys: Vec<bool> = places
        .iter()
        .flat_map(|place| place.kinds().map(|_| place.key))
        .collect();
    let mut known: HashMap<Vec<u8>, usize> = HashMap::with_capacity(rows.len());
    let mut kept: Vec<Vec<Value>> = Vec::with_capacity(rows.len());
    for row in rows {
        let mut key = Vec::with_capacity(48);
        for (value, _) in row.iter().zip(&keys).filter(|(_, is_key)| **is_key) {
            match value {
                Value::Uuid(Some(id)) => key.extend_from_slice(id.as_bytes()),
                other => key.extend_from_slice(format!("{other:?};").as_bytes()),
            }
        }
        match known.entry(key) {
            std::collections::hash_map::Entry::Occupied(place) => kept[*place.get()] = row,
            std::collections::hash_map::Entry::Vacant(place) => {
                place.insert(kept.len());
                kept.push(row);
            }
        }
    }
    kept
}
