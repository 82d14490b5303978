//! The book of orders (книга приказов): drafts and what was posted, with the pupils.

use std::collections::HashMap;

use chassis::db::Corrupt;
use jiff::Timestamp;
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel,
    QueryFilter, QueryOrder, QuerySelect,
};
use uuid::Uuid;
use zhurnal_proto::id::{OrderId, PersonId};

use super::entity::{order_pupil, school_order};
use super::registries::Change;
use super::{School, column, insert, order_pupils};
use crate::domain::orders::{Entry, Order, OrderKind, OrderState};
use crate::domain::text::search_key;

/// An order and where it stands in the book.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// The order; in lists with its first pupils.
    pub order: Order,
    /// Calendar year in which its academic year begins.
    pub year: i16,
    /// State.
    pub state: OrderState,
    /// Pupils, of whom lists show the first.
    pub pupil_count: u32,
    /// When it was posted, microseconds; 0 in a draft.
    pub posted_us: i64,
    /// Place in the sequence of posting; 0 in a draft.
    pub posted_seq: i64,
    /// A reversal: what it takes back.
    pub reverses: Option<OrderId>,
    /// Reversed: by what.
    pub reversed_by: Option<OrderId>,
    /// Posted by an import.
    pub of_import: bool,
    /// Version, from 1.
    pub version: i64,
}

impl Kept {
    /// A draft that nobody has kept yet.
    pub fn draft(order: Order, year: i16) -> Self {
        Self {
            pupil_count: u32::try_from(order.pupils.len()).unwrap_or(u32::MAX),
            order,
            year,
            state: OrderState::Draft,
            posted_us: 0,
            posted_seq: 0,
            reverses: None,
            reversed_by: None,
            of_import: false,
            version: 1,
        }
    }

    /// The order as posted.
    pub fn posted(self, at: Timestamp, seq: i64) -> Self {
        Self {
            state: OrderState::Posted,
            posted_us: chassis::db::micros(at),
            posted_seq: seq,
            ..self
        }
    }
}

/// Which orders.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// Kind.
    pub kind: Option<OrderKind>,
    /// State.
    pub state: Option<OrderState>,
    /// With this pupil.
    pub pupil: Option<PersonId>,
    /// With a pupil whose names start with these words.
    pub search: String,
    /// Of this academic year.
    pub year: Option<i16>,
}

/// Pupils that lists show of an order.
const FIRST_PUPILS: i32 = 3;

/// Adds an order with its pupils. A unique violation: its id or number is taken.
pub async fn add(
    conn: &impl ConnectionTrait,
    school: School,
    kept: &Kept,
    change: &Change,
) -> Result<(), DbErr> {
    insert::all(conn, vec![row(school, kept, change)]).await?;
    order_pupils::add(conn, school, &kept.order).await
}

/// Replaces an order that is held, pupils too. A unique violation: its number is taken.
pub async fn replace(
    conn: &impl ConnectionTrait,
    school: School,
    kept: &Kept,
    change: &Change,
) -> Result<(), DbErr> {
    school_order::Entity::update(row(school, kept, change).into_active_model().reset_all())
        .exec(conn)
        .await?;
    order_pupils::forget(conn, school, kept.order.id).await?;
    order_pupils::add(conn, school, &kept.order).await
}

/// Removes an order that is held.
pub async fn remove(conn: &impl ConnectionTrait, school: School, id: OrderId) -> Result<(), DbErr> {
    order_pupils::forget(conn, school, id).await?;
    school_order::Entity::delete_by_id((school.uuid(), id.uuid()))
        .exec(conn)
        .await?;
    Ok(())
}

/// An order with all its pupils.
pub async fn get(
    conn: &impl ConnectionTrait,
    school: School,
    id: OrderId,
) -> Result<Option<Kept>, DbErr> {
    let row = school_order::Entity::find_by_id((school.uuid(), id.uuid()))
        .one(conn)
        .await?;
    let Some(row) = row else { return Ok(None) };
    let mut pupils = order_pupils::of(conn, school, &[id.uuid()], None).await?;
    let pupils = pupils.remove(&id.uuid()).unwrap_or_default();
    Ok(Some(read(row, pupils)?))
}

/// Orders, newest first, before a key, each with its first pupils.
pub async fn page(
    conn: &impl ConnectionTrait,
    school: School,
    wanted: &Wanted,
    before: Option<(String, Uuid)>,
    limit: u64,
) -> Result<Vec<Kept>, DbErr> {
    use school_order::Column as O;
    let mut query = school_order::Entity::find().filter(O::SchoolId.eq(school.uuid()));
    if let Some(kind) = wanted.kind {
        query = query.filter(O::Kind.eq(column::order_kind(kind)));
    }
    if let Some(state) = wanted.state {
        query = query.filter(O::State.eq(column::order_state(state)));
    }
    if let Some(year) = wanted.year {
        query = query.filter(O::Year.eq(year));
    }
    if let Some(pupil) = wanted.pupil {
        query = query.filter(O::OrderId.in_subquery(order_pupils::with_pupil(school, pupil)));
    }
    for word in search_key(&wanted.search).split_whitespace() {
        query = query.filter(O::OrderId.in_subquery(order_pupils::with_name(school, word)));
    }
    if let Some((date, id)) = before {
        let same = O::Date.eq(date.clone()).and(O::OrderId.lt(id));
        query = query.filter(O::Date.lt(date).or(same));
    }
    let rows = query
        .order_by_desc(O::Date)
        .order_by_desc(O::OrderId)
        .limit(limit)
        .all(conn)
        .await?;
    let ids: Vec<Uuid> = rows.iter().map(|row| row.order_id).collect();
    let mut pupils = order_pupils::of(conn, school, &ids, Some(FIRST_PUPILS)).await?;
    let kept = rows.into_iter().map(|row| {
        let pupils = pupils.remove(&row.order_id).unwrap_or_default();
        read(row, pupils)
    });
    kept.collect::<Result<_, Corrupt>>().map_err(DbErr::from)
}

/// Numbers that are taken in a year and start so.
pub async fn numbers(
    conn: &impl ConnectionTrait,
    school: School,
    year: i16,
    prefix: &str,
) -> Result<Vec<String>, DbErr> {
    school_order::Entity::find()
        .select_only()
        .column(school_order::Column::Number)
        .filter(school_order::Column::SchoolId.eq(school.uuid()))
        .filter(school_order::Column::Year.eq(year))
        .filter(school_order::Column::Number.starts_with(prefix))
        .into_tuple()
        .all(conn)
        .await
}

/// Numbers of the drafts of a year.
pub async fn drafts(
    conn: &impl ConnectionTrait,
    school: School,
    year: i16,
) -> Result<Vec<String>, DbErr> {
    school_order::Entity::find()
        .select_only()
        .column(school_order::Column::Number)
        .filter(school_order::Column::SchoolId.eq(school.uuid()))
        .filter(school_order::Column::Year.eq(year))
        .filter(school_order::Column::State.eq(column::order_state(OrderState::Draft)))
        .order_by_asc(school_order::Column::Number)
        .into_tuple()
        .all(conn)
        .await
}

/// Whether another order of the year has the number.
pub async fn is_number_taken(
    conn: &impl ConnectionTrait,
    school: School,
    (year, number): (i16, &str),
    except: OrderId,
) -> Result<bool, DbErr> {
    let other = school_order::Entity::find()
        .filter(school_order::Column::SchoolId.eq(school.uuid()))
        .filter(school_order::Column::Year.eq(year))
        .filter(school_order::Column::Number.eq(number))
        .filter(school_order::Column::OrderId.ne(except.uuid()))
        .one(conn)
        .await?;
    Ok(other.is_some())
}

/// The next place in the sequence of posting of a book that is held.
pub async fn next_seq(conn: &impl ConnectionTrait, school: School) -> Result<i64, DbErr> {
    let last: Option<Option<i64>> = school_order::Entity::find()
        .select_only()
        .column_as(school_order::Column::PostedSeq.max(), "last")
        .filter(school_order::Column::SchoolId.eq(school.uuid()))
        .into_tuple()
        .one(conn)
        .await?;
    Ok(last.flatten().unwrap_or(0) + 1)
}

/// Numbers of orders in force that were posted later and name one of the pupils.
pub async fn later(
    conn: &impl ConnectionTrait,
    school: School,
    seq: i64,
    pupils: &[PersonId],
) -> Result<Vec<String>, DbErr> {
    use school_order::Column as O;
    let named = Query::select()
        .column(order_pupil::Column::OrderId)
        .from(order_pupil::Entity)
        .and_where(Expr::col(order_pupil::Column::SchoolId).eq(school.uuid()))
        .and_where(
            Expr::col(order_pupil::Column::PupilId).is_in(pupils.iter().map(|one| one.uuid())),
        )
        .to_owned();
    school_order::Entity::find()
        .select_only()
        .column(O::Number)
        .filter(O::SchoolId.eq(school.uuid()))
        .filter(O::State.eq(column::order_state(OrderState::Posted)))
        .filter(O::Kind.ne(column::order_kind(OrderKind::Reversal)))
        .filter(O::PostedSeq.gt(seq))
        .filter(O::OrderId.in_subquery(named))
        .order_by_asc(O::PostedSeq)
        .into_tuple()
        .all(conn)
        .await
}

/// Numbers of orders by id.
pub async fn numbers_of(
    conn: &impl ConnectionTrait,
    school: School,
    ids: &[OrderId],
) -> Result<HashMap<OrderId, String>, DbErr> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows: Vec<(Uuid, String)> = school_order::Entity::find()
        .select_only()
        .column(school_order::Column::OrderId)
        .column(school_order::Column::Number)
        .filter(school_order::Column::SchoolId.eq(school.uuid()))
        .filter(school_order::Column::OrderId.is_in(ids.iter().map(|id| id.uuid())))
        .into_tuple()
        .all(conn)
        .await?;
    let rows = rows.into_iter();
    Ok(rows
        .map(|(id, number)| (OrderId::from_uuid(id), number))
        .collect())
}

fn row(school: School, kept: &Kept, change: &Change) -> school_order::Model {
    let order = &kept.order;
    school_order::Model {
        school_id: school.uuid(),
        order_id: order.id.uuid(),
        number: order.number.clone(),
        date: column::date(order.date),
        kind: column::order_kind(order.kind),
        pupil_count: column::count(kept.pupil_count),
        posted_us: kept.posted_us,
        state: column::order_state(kept.state),
        year: kept.year,
        effective_on: column::date(order.effective_on),
        basis: order.basis.clone(),
        reverses_id: kept.reverses.map(OrderId::uuid),
        reversed_by_id: kept.reversed_by.map(OrderId::uuid),
        of_import: kept.of_import,
        posted_seq: kept.posted_seq,
        version: kept.version,
        changed_us: chassis::db::micros(change.at),
        changed_by: change.by.clone(),
    }
}

fn read(row: school_order::Model, pupils: Vec<Entry>) -> Result<Kept, Corrupt> {
    const TABLE: &str = "school_order";
    let order = Order {
        id: OrderId::from_uuid(row.order_id),
        number: row.number,
        date: column::read_date((TABLE, "date"), &row.date)?,
        kind: column::read_order_kind((TABLE, "kind"), row.kind)?,
        effective_on: column::read_date((TABLE, "effective_on"), &row.effective_on)?,
        basis: row.basis,
        pupils,
    };
    Ok(Kept {
        order,
        year: row.year,
        state: column::read_order_state((TABLE, "state"), row.state)?,
        pupil_count: column::read_count(row.pupil_count),
        posted_us: row.posted_us,
        posted_seq: row.posted_seq,
        reverses: row.reverses_id.map(OrderId::from_uuid),
        reversed_by: row.reversed_by_id.map(OrderId::from_uuid),
        of_import: row.of_import,
        version: row.version,
    })
}
