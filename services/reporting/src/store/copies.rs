//! Questions to the copies of roster's facts.

use std::collections::HashMap;

use chassis::db::Corrupt;
use jiff::tz::TimeZone;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};
use uuid::Uuid;
use zhurnal_proto::id::{ClassId, MunicipalityId, PersonId};

use super::School;
use super::entity::{person_card, school, school_class};

/// A school as its reports name it.
#[derive(Debug, Clone)]
pub struct SchoolFact {
    /// Full title.
    pub title: String,
    /// Municipality.
    pub municipality: String,
    /// Its id, once roster has told it.
    pub municipality_id: Option<MunicipalityId>,
    /// Present academic year, `2026/2027`.
    pub academic_year: String,
    /// Its zone.
    pub zone: TimeZone,
}

/// A class.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClassFact {
    /// Id.
    pub id: ClassId,
    /// Title.
    pub title: String,
    /// Grade.
    pub grade: u8,
    /// Card of the class teacher.
    pub teacher: Option<PersonId>,
}

/// A name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Name {
    /// Surname.
    pub surname: String,
    /// Given name.
    pub given_name: String,
    /// Patronymic.
    pub patronymic: String,
    /// Key of Russian order.
    pub sort_key: String,
}

/// How somebody is reached.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Contacts {
    /// Phone.
    pub phone: String,
    /// E-mail.
    pub email: String,
}

/// The school; `None` before roster has told of it.
pub async fn school(
    conn: &impl ConnectionTrait,
    school: School,
) -> Result<Option<SchoolFact>, DbErr> {
    let row = school::Entity::find_by_id(school.uuid()).one(conn).await?;
    let read = |row: school::Model| {
        let zone = TimeZone::get(&row.time_zone)
            .map_err(|_| Corrupt::new("school", "time_zone", &row.time_zone))?;
        Ok::<_, DbErr>(SchoolFact {
            title: row.title,
            municipality: row.municipality,
            municipality_id: row.municipality_id.map(MunicipalityId::from_uuid),
            academic_year: row.academic_year,
            zone,
        })
    };
    row.map(read).transpose()
}

/// A class of the school.
pub async fn class(
    conn: &impl ConnectionTrait,
    school: School,
    class: ClassId,
) -> Result<Option<ClassFact>, DbErr> {
    let row = school_class::Entity::find_by_id((school.uuid(), class.uuid()))
        .one(conn)
        .await?;
    Ok(row.map(class_fact).transpose()?)
}

/// All classes of the school, by grade and letter.
pub async fn classes(conn: &impl ConnectionTrait, school: School) -> Result<Vec<ClassFact>, DbErr> {
    let rows = school_class::Entity::find()
        .filter(school_class::Column::SchoolId.eq(school.uuid()))
        .order_by_asc(school_class::Column::Grade)
        .order_by_asc(school_class::Column::Letter)
        .order_by_asc(school_class::Column::ClassId)
        .all(conn)
        .await?;
    Ok(rows.into_iter().map(class_fact).collect::<Result<_, _>>()?)
}

/// Classes whose teacher is one of the cards.
pub async fn classes_of(
    conn: &impl ConnectionTrait,
    school: School,
    cards: &[PersonId],
) -> Result<Vec<ClassId>, DbErr> {
    let ids: Vec<Uuid> = school_class::Entity::find()
        .select_only()
        .column(school_class::Column::ClassId)
        .filter(school_class::Column::SchoolId.eq(school.uuid()))
        .filter(school_class::Column::ClassTeacherId.is_in(cards.iter().map(|card| card.uuid())))
        .into_tuple()
        .all(conn)
        .await?;
    Ok(ids.into_iter().map(ClassId::from_uuid).collect())
}

/// Name and contacts of a card.
pub async fn contact(
    conn: &impl ConnectionTrait,
    school: School,
    person: PersonId,
) -> Result<Option<(Name, Contacts)>, DbErr> {
    let row = person_card::Entity::find_by_id((school.uuid(), person.uuid()))
        .one(conn)
        .await?;
    Ok(row.map(|row| {
        let contacts = Contacts {
            phone: row.phone.clone(),
            email: row.email.clone(),
        };
        (name(row), contacts)
    }))
}

/// Names of cards; those that roster has not told of are left out.
pub async fn names(
    conn: &impl ConnectionTrait,
    school: School,
    cards: impl IntoIterator<Item = PersonId>,
) -> Result<HashMap<PersonId, Name>, DbErr> {
    let found = person_card::Entity::find()
        .filter(person_card::Column::SchoolId.eq(school.uuid()))
        .filter(person_card::Column::PersonId.is_in(cards.into_iter().map(|card| card.uuid())))
        .all(conn)
        .await?;
    let named = |card: person_card::Model| (PersonId::from_uuid(card.person_id), name(card));
    Ok(found.into_iter().map(named).collect())
}

fn name(card: person_card::Model) -> Name {
    Name {
        surname: card.surname,
        given_name: card.given_name,
        patronymic: card.patronymic,
        sort_key: card.sort_key,
    }
}

fn class_fact(row: school_class::Model) -> Result<ClassFact, Corrupt> {
    Ok(ClassFact {
        id: ClassId::from_uuid(row.class_id),
        grade: u8::try_from(row.grade)
            .map_err(|_| Corrupt::new("school_class", "grade", row.grade))?,
        title: row.title,
        teacher: row.class_teacher_id.map(PersonId::from_uuid),
    })
}
