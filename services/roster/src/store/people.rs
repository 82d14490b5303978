//! Cards.

use std::collections::HashSet;

use chassis::db::Corrupt;
use jiff::civil::Date;
use sea_orm::sea_query::LockType;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbBackend, DbErr, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect,
};
use uuid::Uuid;
use zhurnal_proto::id::{PersonId, SchoolId};

use super::entity::{enrolment, person};
use super::{School, column, insert};
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
            address: String::new(),
            version: 1,
        }
    });
    insert::all(conn, rows.collect()).await
}

/// The schools of a card, that of the newest enrolment first. The one question that no
/// school leads to: a family names nothing but the child's card.
pub async fn schools_of(
    conn: &impl ConnectionTrait,
    person: PersonId,
) -> Result<Vec<SchoolId>, DbErr> {
    let cards: Vec<Uuid> = person::Entity::find()
        .select_only()
        .column(person::Column::SchoolId)
        .filter(person::Column::PersonId.eq(person.uuid()))
        .into_tuple()
        .all(conn)
        .await?;
    let mut schools: Vec<Uuid> = Vec::new();
    if cards.len() > 1 {
        schools = enrolment::Entity::find()
            .select_only()
            .column(enrolment::Column::SchoolId)
            .filter(enrolment::Column::PupilId.eq(person.uuid()))
            .order_by_desc(enrolment::Column::StartsOn)
            .into_tuple()
            .all(conn)
            .await?;
    }
    schools.extend(cards);
    let mut seen = std::collections::HashSet::new();
    schools.retain(|school| seen.insert(*school));
    Ok(schools.into_iter().map(SchoolId::from_uuid).collect())
}

/// Holds cards, in whatever schools they are, against other admissions until the end of
/// the transaction.
pub async fn hold(conn: &impl ConnectionTrait, people: &[PersonId]) -> Result<(), DbErr> {
    if conn.get_database_backend() == DbBackend::Postgres {
        person::Entity::find()
            .filter(person::Column::PersonId.is_in(people.iter().map(|one| one.uuid())))
            .order_by_asc(person::Column::PersonId)
            .order_by_asc(person::Column::SchoolId)
            .lock(LockType::Update)
            .all(conn)
            .await?;
    }
    Ok(())
}

/// Which of the cards the school has.
pub async fn known(
    conn: &impl ConnectionTrait,
    school: School,
    people: &[PersonId],
) -> Result<HashSet<PersonId>, DbErr> {
    let ids: Vec<Uuid> = person::Entity::find()
        .select_only()
        .column(person::Column::PersonId)
        .filter(person::Column::SchoolId.eq(school.uuid()))
        .filter(person::Column::PersonId.is_in(people.iter().map(|one| one.uuid())))
        .into_tuple()
        .all(conn)
        .await?;
    Ok(ids.into_iter().map(PersonId::from_uuid).collect())
}

/// Whether the school has a card with this name and birth date.
pub async fn is_namesake(
    conn: &impl ConnectionTrait,
    school: School,
    name: &Name,
    birth_date: Date,
) -> Result<bool, DbErr> {
    let found = person::Entity::find()
        .filter(person::Column::SchoolId.eq(school.uuid()))
        .filter(person::Column::SortKey.eq(name.sort_key()))
        .filter(person::Column::SearchKey.eq(name.search_key()))
        .filter(person::Column::BirthDate.eq(column::date(birth_date)))
        .one(conn)
        .await?;
    Ok(found.is_some())
}

/// Takes cards over from another school, secret parts as they are sealed; those that the
/// school has stay as they are. A secret number that another card of the school has is
/// left behind: it would be the same person twice, which people must sort out.
pub async fn copy(
    conn: &impl ConnectionTrait,
    (from, to): (School, School),
    people: &[PersonId],
) -> Result<Vec<Person>, DbErr> {
    let there = known(conn, to, people).await?;
    let rows = person::Entity::find()
        .filter(person::Column::SchoolId.eq(from.uuid()))
        .filter(person::Column::PersonId.is_in(people.iter().map(|one| one.uuid())))
        .order_by_asc(person::Column::PersonId)
        .all(conn)
        .await?;
    let mut copies = Vec::new();
    for mut row in rows {
        if there.contains(&PersonId::from_uuid(row.person_id)) {
            continue;
        }
        row.school_id = to.uuid();
        if let Some(hash) = &row.snils_hash {
            let same = person::Entity::find()
                .filter(person::Column::SchoolId.eq(to.uuid()))
                .filter(person::Column::SnilsHash.eq(hash.clone()))
                .one(conn)
                .await?;
            if same.is_some() {
                (row.snils_sealed, row.snils_hash) = (None, None);
            }
        }
        copies.push(row);
    }
    let people = copies.iter().map(read).collect::<Result<_, Corrupt>>()?;
    insert::all(conn, copies).await?;
    Ok(people)
}

/// A card is taken away.
pub async fn remove(
    conn: &impl ConnectionTrait,
    school: School,
    person: PersonId,
) -> Result<(), DbErr> {
    person::Entity::delete_by_id((school.uuid(), person.uuid()))
        .exec(conn)
        .await?;
    Ok(())
}

/// The card without its secret part.
fn read(row: &person::Model) -> Result<Person, Corrupt> {
    Ok(Person {
        id: PersonId::from_uuid(row.person_id),
        name: name(
            row.surname.clone(),
            row.given_name.clone(),
            row.patronymic.clone(),
        ),
        sort_key: row.sort_key.clone(),
        search_key: row.search_key.clone(),
        sex: column::read_sex(("person", "sex"), row.sex)?,
        birth_date: column::read_end(("person", "birth_date"), row.birth_date.as_deref())?,
        phone: row.phone.clone(),
        email: row.email.clone(),
        snils: None,
    })
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
