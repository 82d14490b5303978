//! Cards.

use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter};
use uuid::Uuid;
use zhurnal_proto::id::{PersonId, SchoolId};

use super::column;
use super::entity::person;
use super::{School, insert};
use crate::domain::record::{Name, Person};

/// A card with its СНИЛС as it is stored: sealed, and hashed with a key to find
/// duplicates.
#[derive(Debug)]
pub struct Card<'a> {
    /// The card.
    pub person: &'a Person,
    /// (sealed, hash).
    pub snils: Option<(Vec<u8>, Vec<u8>)>,
}

/// Adds cards.
pub async fn add(
    conn: &impl ConnectionTrait,
    school: School,
    cards: Vec<Card<'_>>,
) -> Result<(), DbErr> {
    let rows = cards.into_iter().map(|Card { person, snils }| {
        let (sealed, hash) = snils.unzip();
        person::Model {
            school_id: school.uuid(),
            person_id: person.id.uuid(),
            surname: person.name.surname.clone(),
            given_name: person.name.given_name.clone(),
            patronymic: person.name.patronymic.clone(),
            sort_key: person.sort_key.clone(),
            search_key: person.search_key.clone(),
            sex: column::sex(person.sex),
            birth_date: person.birth_date.map(column::date),
            phone: person.phone.clone(),
            email: person.email.clone(),
            snils_sealed: sealed,
            snils_hash: hash,
        }
    });
    insert::all(conn, rows.collect()).await
}

/// The school of a card. The one question that no school leads to: a family names
/// nothing but the child's card.
pub async fn school_of(
    conn: &impl ConnectionTrait,
    person: PersonId,
) -> Result<Option<SchoolId>, DbErr> {
    let row = person::Entity::find()
        .filter(person::Column::PersonId.eq(person.uuid()))
        .one(conn)
        .await?;
    Ok(row.map(|row| SchoolId::from_uuid(row.school_id)))
}

/// Names of some cards of the school.
pub async fn names(
    conn: &impl ConnectionTrait,
    school: School,
    people: Vec<PersonId>,
) -> Result<std::collections::HashMap<PersonId, Name>, DbErr> {
    let ids: Vec<Uuid> = people.into_iter().map(PersonId::uuid).collect();
    let rows = person::Entity::find()
        .filter(person::Column::SchoolId.eq(school.uuid()))
        .filter(person::Column::PersonId.is_in(ids))
        .all(conn)
        .await?;
    Ok(rows
        .into_iter()
        .map(|row| {
            (
                PersonId::from_uuid(row.person_id),
                name(row.surname, row.given_name, row.patronymic),
            )
        })
        .collect())
}

pub(super) fn name(surname: String, given_name: String, patronymic: String) -> Name {
    Name {
        surname,
        given_name,
        patronymic,
    }
}
