//! Pupils of orders.

use std::collections::HashMap;

use chassis::db::Corrupt;
use jiff::civil::Date;
use sea_orm::sea_query::{Expr, ExprTrait, Query, SelectStatement};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder,
};
use uuid::Uuid;
use zhurnal_proto::id::{ClassId, GroupId, OrderId, PersonId, SchoolId};

use super::entity::{order_pupil, person};
use super::{School, column, insert};
use crate::domain::orders::{Entry, NewPupil, Order};
use crate::domain::record::Name;

/// Adds the pupils of an order.
pub(super) async fn add(
    conn: &impl ConnectionTrait,
    school: School,
    order: &Order,
) -> Result<(), DbErr> {
    insert::all(conn, pupil_rows(school, order)).await
}

/// Forgets the pupils of an order.
pub(super) async fn forget(
    conn: &impl ConnectionTrait,
    school: School,
    id: OrderId,
) -> Result<(), DbErr> {
    order_pupil::Entity::delete_many()
        .filter(order_pupil::Column::SchoolId.eq(school.uuid()))
        .filter(order_pupil::Column::OrderId.eq(id.uuid()))
        .exec(conn)
        .await?;
    Ok(())
}

/// Pupils of some orders in their places; `first`: no more of each.
pub(super) async fn of(
    conn: &impl ConnectionTrait,
    school: School,
    orders: &[Uuid],
    first: Option<i32>,
) -> Result<HashMap<Uuid, Vec<Entry>>, DbErr> {
    use order_pupil::Column as P;
    if orders.is_empty() {
        return Ok(HashMap::new());
    }
    let mut query = order_pupil::Entity::find()
        .filter(P::SchoolId.eq(school.uuid()))
        .filter(P::OrderId.is_in(orders.iter().copied()));
    if let Some(first) = first {
        query = query.filter(P::Place.lt(first));
    }
    let rows = query
        .order_by_asc(P::OrderId)
        .order_by_asc(P::Place)
        .all(conn)
        .await?;
    let mut found: HashMap<Uuid, Vec<Entry>> = HashMap::new();
    for row in rows {
        found
            .entry(row.order_id)
            .or_default()
            .push(read_pupil(row)?);
    }
    Ok(found)
}

/// Orders that name a pupil.
pub(super) fn with_pupil(school: School, pupil: PersonId) -> SelectStatement {
    Query::select()
        .column(order_pupil::Column::OrderId)
        .from(order_pupil::Entity)
        .and_where(Expr::col(order_pupil::Column::SchoolId).eq(school.uuid()))
        .and_where(Expr::col(order_pupil::Column::PupilId).eq(pupil.uuid()))
        .to_owned()
}

/// Orders with a pupil of whom some name starts with a word: of the card, or of the draft.
pub(super) fn with_name(school: School, word: &str) -> SelectStatement {
    use order_pupil::Column as P;
    // A search key holds letters, digits and single spaces only: nothing to escape.
    let starts = |key: Expr| {
        let any = Condition::any();
        any.add(key.clone().like(format!("{word}%")))
            .add(key.like(format!("% {word}%")))
    };
    let card = |column: person::Column| Expr::col((person::Entity, column));
    let own = |column: P| Expr::col((order_pupil::Entity, column));
    let of_entry = Condition::all()
        .add(card(person::Column::SchoolId).equals((order_pupil::Entity, P::SchoolId)))
        .add(card(person::Column::PersonId).equals((order_pupil::Entity, P::PupilId)));
    Query::select()
        .column((order_pupil::Entity, P::OrderId))
        .from(order_pupil::Entity)
        .left_join(person::Entity, of_entry)
        .and_where(own(P::SchoolId).eq(school.uuid()))
        .cond_where(
            Condition::any()
                .add(starts(own(P::SearchKey)))
                .add(starts(card(person::Column::SearchKey))),
        )
        .to_owned()
}

fn pupil_rows(school: School, order: &Order) -> Vec<order_pupil::Model> {
    let rows = (0i32..).zip(&order.pupils).map(|(place, entry)| {
        let new = entry.new.as_ref();
        let part = |of: fn(&Name) -> &String| new.map(|new| of(&new.name).clone());
        order_pupil::Model {
            school_id: school.uuid(),
            order_id: order.id.uuid(),
            place,
            pupil_id: entry.pupil.map(PersonId::uuid),
            surname: part(|name| &name.surname).unwrap_or_default(),
            given_name: part(|name| &name.given_name).unwrap_or_default(),
            patronymic: part(|name| &name.patronymic).unwrap_or_default(),
            search_key: new.map(|new| new.name.search_key()).unwrap_or_default(),
            sex: column::sex(new.map(|new| new.sex)),
            birth_date: new.map(|new| column::date(new.birth_date)),
            class_id: entry.class.map(ClassId::uuid),
            form: column::education_form(entry.form),
            group_ids: column::ids(&entry.groups),
            reason: entry.reason.clone(),
            destination: entry.destination.clone(),
            to_school_id: entry.to_school.map(SchoolId::uuid),
        }
    });
    rows.collect()
}

fn read_pupil(row: order_pupil::Model) -> Result<Entry, Corrupt> {
    const TABLE: &str = "order_pupil";
    let sex = column::read_sex((TABLE, "sex"), row.sex)?;
    let born: Option<Date> = column::read_end((TABLE, "birth_date"), row.birth_date.as_deref())?;
    let new = sex.zip(born).map(|(sex, birth_date)| NewPupil {
        name: super::people::name(row.surname, row.given_name, row.patronymic),
        sex,
        birth_date,
    });
    Ok(Entry {
        pupil: row.pupil_id.map(PersonId::from_uuid),
        new,
        class: row.class_id.map(ClassId::from_uuid),
        form: column::read_education_form((TABLE, "form"), row.form)?,
        groups: column::read_ids((TABLE, "group_ids"), &row.group_ids)?
            .into_iter()
            .map(GroupId::from_uuid)
            .collect(),
        reason: row.reason,
        destination: row.destination,
        to_school: row.to_school_id.map(SchoolId::from_uuid),
    })
}
