//! Cards as people keep them, and who changed what.

use chassis::db::Corrupt;
use jiff::civil::Date;
use sea_orm::sea_query::LockType;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DbBackend, DbErr, EntityTrait, IntoActiveModel,
    QueryFilter, QueryOrder, QuerySelect,
};
use uuid::Uuid;
use zhurnal_proto::id::PersonId;

use super::entity::{card_change, person};
use super::people::name;
use super::registries::Change;
use super::{School, column, insert};
use crate::domain::card::{Changed, Entry, Field};
use crate::domain::record::{Name, Person};

/// A card and its version.
#[derive(Clone)]
pub struct Kept {
    /// Person.
    pub id: PersonId,
    /// What is written on it.
    pub entry: Entry,
    /// Version, from 1.
    pub version: i64,
}

impl Kept {
    /// The card as others hear of it.
    pub fn person(&self) -> Person {
        Person {
            id: self.id,
            sort_key: self.entry.name.sort_key(),
            search_key: self.entry.name.search_key(),
            name: self.entry.name.clone(),
            sex: self.entry.sex,
            birth_date: self.entry.birth_date,
            phone: self.entry.phone.clone(),
            email: self.entry.email.clone(),
            snils: None,
        }
    }
}

/// Some cards of the school; `hold` them until the end of the transaction.
pub async fn some(
    conn: &impl ConnectionTrait,
    school: School,
    people: &[PersonId],
    hold: bool,
) -> Result<Vec<Kept>, DbErr> {
    let mut query = person::Entity::find()
        .filter(person::Column::SchoolId.eq(school.uuid()))
        .filter(person::Column::PersonId.is_in(people.iter().map(|one| one.uuid())))
        .order_by_asc(person::Column::PersonId);
    if hold && conn.get_database_backend() == DbBackend::Postgres {
        query = query.lock(LockType::Update);
    }
    let rows = query.all(conn).await?.into_iter().map(read);
    rows.collect::<Result<_, Corrupt>>().map_err(DbErr::from)
}

/// Writes a card that is held; its secret part stays.
pub async fn replace(
    conn: &impl ConnectionTrait,
    school: School,
    card: &Kept,
) -> Result<(), DbErr> {
    let Some(mut row) = person::Entity::find_by_id((school.uuid(), card.id.uuid()))
        .one(conn)
        .await?
    else {
        return Err(DbErr::RecordNotFound("person".to_owned()));
    };
    write(&mut row, card);
    person::Entity::update(row.into_active_model().reset_all())
        .exec(conn)
        .await?;
    Ok(())
}

/// Adds a card.
pub async fn add(conn: &impl ConnectionTrait, school: School, card: &Kept) -> Result<(), DbErr> {
    let mut row = person::Model {
        school_id: school.uuid(),
        person_id: card.id.uuid(),
        surname: String::new(),
        given_name: String::new(),
        patronymic: String::new(),
        sort_key: String::new(),
        search_key: String::new(),
        sex: 0,
        birth_date: None,
        phone: String::new(),
        email: String::new(),
        snils_sealed: None,
        snils_hash: None,
        address: String::new(),
        version: card.version,
    };
    write(&mut row, card);
    insert::all(conn, vec![row]).await
}

fn write(row: &mut person::Model, card: &Kept) {
    let Entry {
        name,
        sex,
        birth_date,
        phone,
        email,
        address,
    } = card.entry.clone();
    row.sort_key = name.sort_key();
    row.search_key = name.search_key();
    (row.surname, row.given_name, row.patronymic) =
        (name.surname, name.given_name, name.patronymic);
    row.sex = column::sex(sex);
    row.birth_date = birth_date.map(column::date);
    (row.phone, row.email, row.address) = (phone, email, address);
    row.version = card.version;
}

/// A card that may be of the same person.
#[derive(Clone)]
pub struct Namesake {
    /// Card.
    pub id: PersonId,
    /// Name.
    pub name: Name,
    /// Birth date.
    pub birth_date: Option<Date>,
}

/// Other cards with the name, and with the birth date where one is known.
pub async fn namesakes(
    conn: &impl ConnectionTrait,
    school: School,
    card: &Kept,
) -> Result<Vec<Namesake>, DbErr> {
    let mut query = person::Entity::find()
        .filter(person::Column::SchoolId.eq(school.uuid()))
        .filter(person::Column::SortKey.eq(card.entry.name.sort_key()))
        .filter(person::Column::PersonId.ne(card.id.uuid()));
    if let Some(born) = card.entry.birth_date {
        query = query.filter(person::Column::BirthDate.eq(column::date(born)));
    }
    let rows = query
        .order_by_asc(person::Column::PersonId)
        .limit(10)
        .all(conn)
        .await?;
    let rows = rows.into_iter().map(|row| {
        let card = read(row)?;
        Ok(Namesake {
            id: card.id,
            name: card.entry.name,
            birth_date: card.entry.birth_date,
        })
    });
    rows.collect::<Result<_, Corrupt>>().map_err(DbErr::from)
}

/// A change that was made.
#[derive(Clone)]
pub struct Made {
    /// Whose card.
    pub person: PersonId,
    /// Field, value before, value after.
    pub changed: Changed,
    /// When, microseconds.
    pub at_us: i64,
    /// Who, by name.
    pub by: String,
}

/// Keeps what was changed in a pupil's family; `ids` makes the ids.
pub async fn remember(
    conn: &impl ConnectionTrait,
    school: School,
    (pupil, person): (PersonId, PersonId),
    changed: Vec<Changed>,
    (change, by_name): (&Change, &str),
    mut ids: impl FnMut() -> Uuid,
) -> Result<(), DbErr> {
    let rows = changed
        .into_iter()
        .map(|(field, old_value, new_value)| card_change::Model {
            school_id: school.uuid(),
            change_id: ids(),
            pupil_id: pupil.uuid(),
            person_id: person.uuid(),
            field: column::card_field(field),
            old_value,
            new_value,
            changed_us: chassis::db::micros(change.at),
            changed_by: change.by.clone(),
            changed_by_name: by_name.to_owned(),
        });
    insert::all(conn, rows.collect()).await
}

/// What was changed in a pupil's family, newest first.
pub async fn history(
    conn: &impl ConnectionTrait,
    school: School,
    pupil: PersonId,
    limit: u64,
) -> Result<Vec<Made>, DbErr> {
    let rows = card_change::Entity::find()
        .filter(card_change::Column::SchoolId.eq(school.uuid()))
        .filter(card_change::Column::PupilId.eq(pupil.uuid()))
        .order_by_desc(card_change::Column::ChangedUs)
        .order_by_asc(card_change::Column::PersonId)
        .order_by_asc(card_change::Column::Field)
        .limit(limit)
        .all(conn)
        .await?;
    let rows = rows.into_iter().map(|row| {
        let field: Field = column::read_card_field(("card_change", "field"), row.field)?;
        Ok(Made {
            person: PersonId::from_uuid(row.person_id),
            changed: (field, row.old_value, row.new_value),
            at_us: row.changed_us,
            by: row.changed_by_name,
        })
    });
    rows.collect::<Result<_, Corrupt>>().map_err(DbErr::from)
}

fn read(row: person::Model) -> Result<Kept, Corrupt> {
    Ok(Kept {
        id: PersonId::from_uuid(row.person_id),
        entry: Entry {
            sex: column::read_sex(("person", "sex"), row.sex)?,
            birth_date: column::read_end(("person", "birth_date"), row.birth_date.as_deref())?,
            name: name(row.surname, row.given_name, row.patronymic),
            phone: row.phone,
            email: row.email,
            address: row.address,
        },
        version: row.version,
    })
}
