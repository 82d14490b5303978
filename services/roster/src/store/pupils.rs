//! Pupils: cards with an enrolment.

use chassis::db::Corrupt;
use jiff::civil::Date;
use sea_orm::sea_query::{Expr, ExprTrait, Order, Query, SelectStatement};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, FromQueryResult,
    IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
};
use uuid::Uuid;
use zhurnal_proto::id::{ClassId, EnrolmentId, OrderId, PersonId};

use super::column;
use super::entity::{enrolment, person, school_class};
use super::people::name;
use super::{School, insert, present_on, records};
use crate::domain::record::{EducationForm, Enrolment, Name, Sex};
use crate::domain::text::search_key;

/// A pupil with the enrolment of the day.
#[derive(Debug, Clone)]
pub struct Listed {
    /// Card.
    pub id: PersonId,
    /// Name.
    pub name: Name,
    /// Sex.
    pub sex: Option<Sex>,
    /// Birth date.
    pub birth_date: Option<Date>,
    /// Class, title and form; `None` when not enrolled on the day.
    pub place: Option<(ClassId, String, EducationForm)>,
    /// Place in the list.
    pub sort_key: String,
}

/// Which pupils.
#[derive(Debug, Clone, Copy)]
pub struct Wanted<'a> {
    /// Enrolled on this day.
    pub day: Date,
    /// Only this class.
    pub class: Option<ClassId>,
    /// Each word starts some part of the name.
    pub search: &'a str,
}

/// Adds enrolments.
pub async fn enrol(
    conn: &impl ConnectionTrait,
    school: School,
    enrolments: &[Enrolment],
) -> Result<(), DbErr> {
    let rows = enrolments.iter().map(|one| enrolment_row(school, one));
    insert::all(conn, rows.collect()).await
}

#[derive(Debug, FromQueryResult)]
struct Row {
    person_id: Uuid,
    surname: String,
    given_name: String,
    patronymic: String,
    sort_key: String,
    sex: i16,
    birth_date: Option<String>,
    class_id: Uuid,
    form: i16,
    title: String,
}

/// Pupils in the order of the Russian alphabet, after a key.
pub async fn page(
    conn: &impl ConnectionTrait,
    school: School,
    wanted: Wanted<'_>,
    after: Option<(String, Uuid)>,
    limit: u64,
) -> Result<Vec<Listed>, DbErr> {
    use enrolment::Column as E;
    let mut query = cards_with_places(wanted.day);
    query.and_where(Expr::col((enrolment::Entity, E::SchoolId)).eq(school.uuid()));
    if let Some(class) = wanted.class {
        query.and_where(Expr::col((enrolment::Entity, E::ClassId)).eq(class.uuid()));
    }
    named(&mut query, wanted.search);
    by_name(&mut query, after, limit);
    let rows = Row::find_by_statement(conn.get_database_backend().build(&query))
        .all(conn)
        .await?;
    records(rows, read)
}

/// Only those of whom each word starts some part of the name.
fn named(query: &mut SelectStatement, search: &str) {
    // A search key holds letters, digits and single spaces only: nothing to escape.
    for word in search_key(search).split_whitespace() {
        let key = || Expr::col((person::Entity, person::Column::SearchKey));
        query.cond_where(
            Condition::any()
                .add(key().like(format!("{word}%")))
                .add(key().like(format!("% {word}%"))),
        );
    }
}

/// Those who had an enrolment and have none on the day or later, in the order of the
/// Russian alphabet, after a key.
pub async fn former(
    conn: &impl ConnectionTrait,
    school: School,
    wanted: Wanted<'_>,
    after: Option<(String, Uuid)>,
    limit: u64,
) -> Result<Vec<Listed>, DbErr> {
    use enrolment::Column as E;
    use person::Column as P;
    #[derive(FromQueryResult)]
    struct Card {
        person_id: Uuid,
        surname: String,
        given_name: String,
        patronymic: String,
        sort_key: String,
        sex: i16,
        birth_date: Option<String>,
    }
    let card = |column: P| Expr::col((person::Entity, column));
    let enrolled = |open: Option<Condition>| {
        let mut ids = Query::select();
        ids.column(E::PupilId)
            .from(enrolment::Entity)
            .and_where(Expr::col(E::SchoolId).eq(school.uuid()));
        if let Some(open) = open {
            ids.cond_where(open);
        }
        ids.to_owned()
    };
    let open = Condition::any()
        .add(Expr::col(E::EndsOn).is_null())
        .add(Expr::col(E::EndsOn).gte(column::date(wanted.day)));
    let mut query = Query::select();
    query
        .columns(
            [
                P::PersonId,
                P::Surname,
                P::GivenName,
                P::Patronymic,
                P::SortKey,
                P::Sex,
                P::BirthDate,
            ]
            .map(|c| (person::Entity, c)),
        )
        .from(person::Entity)
        .and_where(card(P::SchoolId).eq(school.uuid()))
        .and_where(card(P::PersonId).in_subquery(enrolled(None)))
        .and_where(card(P::PersonId).not_in_subquery(enrolled(Some(open))));
    named(&mut query, wanted.search);
    by_name(&mut query, after, limit);
    let rows = Card::find_by_statement(conn.get_database_backend().build(&query))
        .all(conn)
        .await?;
    let listed = rows.into_iter().map(|row| {
        Ok(Listed {
            id: PersonId::from_uuid(row.person_id),
            name: name(row.surname, row.given_name, row.patronymic),
            sex: column::read_sex(("person", "sex"), row.sex)?,
            birth_date: column::read_end(("person", "birth_date"), row.birth_date.as_deref())?,
            place: None,
            sort_key: row.sort_key,
        })
    });
    listed.collect::<Result<_, Corrupt>>().map_err(DbErr::from)
}

fn cards_with_places(day: Date) -> SelectStatement {
    use enrolment::Column as E;
    use person::Column as P;
    use school_class::Column as C;
    let card = [
        P::PersonId,
        P::Surname,
        P::GivenName,
        P::Patronymic,
        P::SortKey,
        P::Sex,
        P::BirthDate,
    ];
    let mut query = Query::select();
    query
        .columns(card.map(|c| (person::Entity, c)))
        .columns([E::ClassId, E::Form].map(|c| (enrolment::Entity, c)))
        .column((school_class::Entity, C::Title))
        .from(enrolment::Entity)
        .inner_join(
            person::Entity,
            Condition::all()
                .add(
                    Expr::col((person::Entity, P::SchoolId))
                        .equals((enrolment::Entity, E::SchoolId)),
                )
                .add(
                    Expr::col((person::Entity, P::PersonId))
                        .equals((enrolment::Entity, E::PupilId)),
                ),
        )
        .inner_join(
            school_class::Entity,
            Condition::all()
                .add(
                    Expr::col((school_class::Entity, C::SchoolId))
                        .equals((enrolment::Entity, E::SchoolId)),
                )
                .add(
                    Expr::col((school_class::Entity, C::ClassId))
                        .equals((enrolment::Entity, E::ClassId)),
                ),
        )
        .cond_where(present_on!(enrolment, day));
    query
}

/// Orders by name and continues after a key.
pub(super) fn by_name(query: &mut SelectStatement, after: Option<(String, Uuid)>, limit: u64) {
    use person::Column as P;
    let sort_key = || Expr::col((person::Entity, P::SortKey));
    if let Some((key, id)) = after {
        let same = Condition::all()
            .add(sort_key().eq(key.clone()))
            .add(Expr::col((person::Entity, P::PersonId)).gt(id));
        query.cond_where(Condition::any().add(sort_key().gt(key)).add(same));
    }
    query
        .order_by((person::Entity, P::SortKey), Order::Asc)
        .order_by((person::Entity, P::PersonId), Order::Asc)
        .limit(limit);
}

/// A pupil by the card, enrolled on the day or not; `None` when the card never was a pupil's.
pub async fn get(
    conn: &impl ConnectionTrait,
    school: School,
    pupil: PersonId,
    day: Date,
) -> Result<Option<Listed>, DbErr> {
    let Some(card) = person::Entity::find_by_id((school.uuid(), pupil.uuid()))
        .one(conn)
        .await?
    else {
        return Ok(None);
    };
    let enrolments = enrolments(conn, school, pupil).await?;
    if enrolments.is_empty() {
        return Ok(None);
    }
    let present = enrolments
        .iter()
        .find(|e| e.starts_on <= day && e.ends_on.is_none_or(|last| day <= last));
    let place = match present {
        None => None,
        Some(present) => {
            let class = school_class::Entity::find_by_id((school.uuid(), present.class_id.uuid()))
                .one(conn)
                .await?;
            class.map(|class| (present.class_id, class.title, present.form))
        }
    };
    Ok(Some(Listed {
        id: pupil,
        name: name(card.surname, card.given_name, card.patronymic),
        sex: column::read_sex(("person", "sex"), card.sex)?,
        birth_date: column::read_end(("person", "birth_date"), card.birth_date.as_deref())?,
        place,
        sort_key: card.sort_key,
    }))
}

/// Enrolments of a pupil, newest first.
pub async fn enrolments(
    conn: &impl ConnectionTrait,
    school: School,
    pupil: PersonId,
) -> Result<Vec<Enrolment>, DbErr> {
    enrolments_of(conn, school, &[pupil]).await
}

/// Enrolments of some pupils, newest first.
pub async fn enrolments_of(
    conn: &impl ConnectionTrait,
    school: School,
    pupils: &[PersonId],
) -> Result<Vec<Enrolment>, DbErr> {
    let rows = enrolment::Entity::find()
        .filter(enrolment::Column::SchoolId.eq(school.uuid()))
        .filter(enrolment::Column::PupilId.is_in(pupils.iter().map(|one| one.uuid())))
        .order_by_desc(enrolment::Column::StartsOn)
        .order_by_desc(enrolment::Column::EnrolmentId)
        .all(conn)
        .await?;
    records(rows, read_enrolment)
}

/// An enrolment that is there gets this last day.
pub async fn end(
    conn: &impl ConnectionTrait,
    school: School,
    one: &Enrolment,
) -> Result<(), DbErr> {
    let row = enrolment_row(school, one);
    enrolment::Entity::update(row.into_active_model().reset_all())
        .exec(conn)
        .await?;
    Ok(())
}

/// An enrolment is taken away.
pub async fn remove(
    conn: &impl ConnectionTrait,
    school: School,
    id: EnrolmentId,
) -> Result<(), DbErr> {
    enrolment::Entity::delete_by_id((school.uuid(), id.uuid()))
        .exec(conn)
        .await?;
    Ok(())
}

/// Enrolments in some classes, of whatever days.
pub async fn enrolments_in(
    conn: &impl ConnectionTrait,
    school: School,
    classes: &[ClassId],
) -> Result<Vec<Enrolment>, DbErr> {
    let rows = enrolment::Entity::find()
        .filter(enrolment::Column::SchoolId.eq(school.uuid()))
        .filter(enrolment::Column::ClassId.is_in(classes.iter().map(|one| one.uuid())))
        .all(conn)
        .await?;
    records(rows, read_enrolment)
}

/// Enrolments that are there become as they are given.
pub async fn put_all(
    conn: &impl ConnectionTrait,
    school: School,
    enrolments: &[Enrolment],
) -> Result<(), DbErr> {
    let rows = enrolments.iter().map(|one| enrolment_row(school, one));
    chassis::db::upsert::<enrolment::Entity, _>(conn, rows.collect()).await
}

/// All enrolments in some classes are taken away.
pub async fn leave_classes(
    conn: &impl ConnectionTrait,
    school: School,
    classes: &[ClassId],
) -> Result<(), DbErr> {
    enrolment::Entity::delete_many()
        .filter(enrolment::Column::SchoolId.eq(school.uuid()))
        .filter(enrolment::Column::ClassId.is_in(classes.iter().map(|one| one.uuid())))
        .exec(conn)
        .await?;
    Ok(())
}

/// Which of the cards are enrolled in another school on the day or later. Only the fact.
pub async fn enrolled_elsewhere(
    conn: &impl ConnectionTrait,
    school: School,
    pupils: &[PersonId],
    day: Date,
) -> Result<Vec<PersonId>, DbErr> {
    use enrolment::Column as E;
    let open = E::EndsOn.is_null().or(E::EndsOn.gte(column::date(day)));
    let ids: Vec<Uuid> = enrolment::Entity::find()
        .select_only()
        .column(E::PupilId)
        .filter(E::PupilId.is_in(pupils.iter().map(|one| one.uuid())))
        .filter(E::SchoolId.ne(school.uuid()))
        .filter(open)
        .into_tuple()
        .all(conn)
        .await?;
    Ok(ids.into_iter().map(PersonId::from_uuid).collect())
}

fn enrolment_row(school: School, one: &Enrolment) -> enrolment::Model {
    enrolment::Model {
        school_id: school.uuid(),
        enrolment_id: one.id.uuid(),
        pupil_id: one.pupil_id.uuid(),
        class_id: one.class_id.uuid(),
        form: column::education_form(one.form),
        starts_on: column::date(one.starts_on),
        ends_on: one.ends_on.map(column::date),
        order_id: one.order_id.uuid(),
    }
}

fn read_enrolment(row: enrolment::Model) -> Result<Enrolment, Corrupt> {
    Ok(Enrolment {
        id: EnrolmentId::from_uuid(row.enrolment_id),
        pupil_id: PersonId::from_uuid(row.pupil_id),
        class_id: ClassId::from_uuid(row.class_id),
        form: column::read_education_form(("enrolment", "form"), row.form)?,
        starts_on: column::read_date(("enrolment", "starts_on"), &row.starts_on)?,
        ends_on: column::read_end(("enrolment", "ends_on"), row.ends_on.as_deref())?,
        order_id: OrderId::from_uuid(row.order_id),
    })
}

fn read(row: Row) -> Result<Listed, Corrupt> {
    let form = column::read_education_form(("enrolment", "form"), row.form)?;
    Ok(Listed {
        id: PersonId::from_uuid(row.person_id),
        name: name(row.surname, row.given_name, row.patronymic),
        sex: column::read_sex(("person", "sex"), row.sex)?,
        birth_date: column::read_end(("person", "birth_date"), row.birth_date.as_deref())?,
        place: Some((ClassId::from_uuid(row.class_id), row.title, form)),
        sort_key: row.sort_key,
    })
}
