//! The book of orders (книга приказов).

use chassis::db::Corrupt;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect,
};
use uuid::Uuid;
use zhurnal_proto::id::OrderId;

use super::column;
use super::entity::posted_order;
use super::{School, insert};
use crate::domain::record::Order;

/// An order and when it was posted, microseconds.
#[derive(Debug, Clone)]
pub struct Posted {
    /// The order.
    pub order: Order,
    /// When.
    pub posted_us: i64,
}

/// Posts an order.
pub async fn post(
    conn: &impl ConnectionTrait,
    school: School,
    order: &Order,
    posted_us: i64,
) -> Result<(), DbErr> {
    let row = posted_order::Model {
        school_id: school.uuid(),
        order_id: order.id.uuid(),
        number: order.number.clone(),
        date: column::date(order.date),
        kind: column::order_kind(order.kind),
        pupil_count: column::count(order.pupil_count),
        posted_us,
    };
    insert::all(conn, vec![row]).await
}

/// Orders, newest first, before a key.
pub async fn page(
    conn: &impl ConnectionTrait,
    school: School,
    before: Option<(String, Uuid)>,
    limit: u64,
) -> Result<Vec<Posted>, DbErr> {
    use posted_order::Column as O;
    let mut query = posted_order::Entity::find().filter(O::SchoolId.eq(school.uuid()));
    if let Some((date, id)) = before {
        let same = Condition::all()
            .add(O::Date.eq(date.clone()))
            .add(O::OrderId.lt(id));
        query = query.filter(Condition::any().add(O::Date.lt(date)).add(same));
    }
    let rows = query
        .order_by_desc(O::Date)
        .order_by_desc(O::OrderId)
        .limit(limit)
        .all(conn)
        .await?;
    rows.into_iter()
        .map(read)
        .collect::<Result<_, Corrupt>>()
        .map_err(DbErr::from)
}

fn read(row: posted_order::Model) -> Result<Posted, Corrupt> {
    let order = Order {
        id: OrderId::from_uuid(row.order_id),
        number: row.number,
        date: column::read_date(("posted_order", "date"), &row.date)?,
        kind: column::read_order_kind(("posted_order", "kind"), row.kind)?,
        pupil_count: column::read_count(row.pupil_count),
    };
    Ok(Posted {
        order,
        posted_us: row.posted_us,
    })
}
