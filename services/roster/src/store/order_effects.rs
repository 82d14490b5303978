//! What posting an order changed; reversal goes the way back.

use chassis::db::Corrupt;
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder};
use zhurnal_proto::id::{OrderId, PersonId};

use super::entity::order_effect;
use super::{School, column, insert, records};
use crate::domain::orders::{Effect, Effects};

/// Keeps what an order changed.
pub async fn add(
    conn: &impl ConnectionTrait,
    school: School,
    order: OrderId,
    effects: &[Effect],
) -> Result<(), DbErr> {
    let rows = (0i32..)
        .zip(effects)
        .map(|(place, one)| order_effect::Model {
            school_id: school.uuid(),
            order_id: order.uuid(),
            place,
            act: column::effect_act(one.act),
            pupil_id: one.pupil.uuid(),
            record_id: one.record,
            starts_on: column::date(one.starts_on),
            was_ends_on: one.was.map(column::date),
            now_ends_on: one.now.map(column::date),
        });
    insert::all(conn, rows.collect()).await
}

/// What an order changed, in the order in which it did.
pub async fn of(
    conn: &impl ConnectionTrait,
    school: School,
    order: OrderId,
) -> Result<Effects, DbErr> {
    let rows = order_effect::Entity::find()
        .filter(order_effect::Column::SchoolId.eq(school.uuid()))
        .filter(order_effect::Column::OrderId.eq(order.uuid()))
        .order_by_asc(order_effect::Column::Place)
        .all(conn)
        .await?;
    records(rows, read)
}

fn read(row: order_effect::Model) -> Result<Effect, Corrupt> {
    const TABLE: &str = "order_effect";
    Ok(Effect {
        act: column::read_effect_act((TABLE, "act"), row.act)?,
        pupil: PersonId::from_uuid(row.pupil_id),
        record: row.record_id,
        starts_on: column::read_date((TABLE, "starts_on"), &row.starts_on)?,
        was: column::read_end((TABLE, "was_ends_on"), row.was_ends_on.as_deref())?,
        now: column::read_end((TABLE, "now_ends_on"), row.now_ends_on.as_deref())?,
    })
}
