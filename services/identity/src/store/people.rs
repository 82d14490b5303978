//! Questions to the copies of roster's facts.

use std::collections::BTreeMap;

use jiff::civil::Date;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder,
};
use uuid::Uuid;

use super::entity::{
    class_copy, enrolment_copy, guardian_copy, municipality_copy, person_card, school_copy,
    staff_copy,
};
use crate::domain::role::{Role, in_order};

macro_rules! in_force {
    ($entity:ident, $today:expr) => {
        Condition::all()
            .add($entity::Column::StartsOn.lte($today.to_string()))
            .add(
                Condition::any()
                    .add($entity::Column::EndsOn.is_null())
                    .add($entity::Column::EndsOn.gte($today.to_string())),
            )
    };
}

/// Somebody who may get a code.
#[derive(Debug, Clone)]
pub struct Candidate {
    /// Card.
    pub person_id: Uuid,
    /// What the person will be.
    pub role: Role,
    /// For guardians: `мать: Иванов Пётр`.
    pub relation: String,
}

/// A municipality.
pub async fn municipality(
    conn: &impl ConnectionTrait,
    municipality_id: Uuid,
) -> Result<Option<municipality_copy::Model>, DbErr> {
    municipality_copy::Entity::find_by_id(municipality_id)
        .one(conn)
        .await
}

/// A school.
pub async fn school(
    conn: &impl ConnectionTrait,
    school_id: Uuid,
) -> Result<Option<school_copy::Model>, DbErr> {
    school_copy::Entity::find_by_id(school_id).one(conn).await
}

/// A class.
pub async fn class(
    conn: &impl ConnectionTrait,
    school_id: Uuid,
    class_id: Uuid,
) -> Result<Option<class_copy::Model>, DbErr> {
    class_copy::Entity::find_by_id((school_id, class_id))
        .one(conn)
        .await
}

/// Names of cards.
pub async fn names(
    conn: &impl ConnectionTrait,
    school_id: Uuid,
    person_ids: &[Uuid],
) -> Result<BTreeMap<Uuid, person_card::Model>, DbErr> {
    let found = person_card::Entity::find()
        .filter(person_card::Column::SchoolId.eq(school_id))
        .filter(person_card::Column::PersonId.is_in(person_ids.iter().copied()))
        .all(conn)
        .await?;
    Ok(found.into_iter().map(|c| (c.person_id, c)).collect())
}

/// Duties that an appointment gives today, TEACHER for every employee included;
/// empty when the card is no present employee.
pub async fn duties(
    conn: &impl ConnectionTrait,
    school_id: Uuid,
    person_id: Uuid,
    today: Date,
) -> Result<Vec<Role>, DbErr> {
    let found = staff_copy::Entity::find_by_id((school_id, person_id))
        .filter(in_force!(staff_copy, today))
        .one(conn)
        .await?;
    Ok(found.map_or_else(Vec::new, |staff| {
        let named = staff
            .duties
            .split(',')
            .filter_map(|n| Role::ALL.into_iter().find(|r| r.name() == n));
        in_order(named.chain([Role::Teacher]).collect())
    }))
}

/// Present employees of a school, by name.
pub async fn staff(
    conn: &impl ConnectionTrait,
    school_id: Uuid,
    today: Date,
) -> Result<Vec<Candidate>, DbErr> {
    let found = staff_copy::Entity::find()
        .filter(staff_copy::Column::SchoolId.eq(school_id))
        .filter(in_force!(staff_copy, today))
        .all(conn)
        .await?;
    let list = found.into_iter().map(|s| Candidate {
        person_id: s.person_id,
        role: Role::Teacher,
        relation: String::new(),
    });
    by_name(conn, school_id, list.collect()).await
}

/// Present pupils of a class, by name.
pub async fn pupils(
    conn: &impl ConnectionTrait,
    school_id: Uuid,
    class_id: Uuid,
    today: Date,
) -> Result<Vec<Candidate>, DbErr> {
    let found = enrolment_copy::Entity::find()
        .filter(enrolment_copy::Column::SchoolId.eq(school_id))
        .filter(enrolment_copy::Column::ClassId.eq(class_id))
        .filter(in_force!(enrolment_copy, today))
        .all(conn)
        .await?;
    let list = found.into_iter().map(|e| Candidate {
        person_id: e.pupil_id,
        role: Role::Pupil,
        relation: String::new(),
    });
    by_name(conn, school_id, list.collect()).await
}

/// Legal representatives of a class's pupils, by the pupil's name; a guardian of
/// several is listed once with all of them.
pub async fn guardians(
    conn: &impl ConnectionTrait,
    school_id: Uuid,
    class_id: Uuid,
    today: Date,
) -> Result<Vec<Candidate>, DbErr> {
    let pupils: Vec<Uuid> = pupils(conn, school_id, class_id, today)
        .await?
        .into_iter()
        .map(|p| p.person_id)
        .collect();
    let pupil_names = names(conn, school_id, &pupils).await?;
    let links = guardian_copy::Entity::find()
        .filter(guardian_copy::Column::SchoolId.eq(school_id))
        .filter(guardian_copy::Column::PupilId.is_in(pupils.iter().copied()))
        .filter(guardian_copy::Column::IsRepresentative.eq(true))
        .filter(in_force!(guardian_copy, today))
        .order_by_asc(guardian_copy::Column::GuardianLinkId)
        .all(conn)
        .await?;
    let mut out: Vec<Candidate> = Vec::new();
    for pupil in &pupils {
        for link in links.iter().filter(|l| l.pupil_id == *pupil) {
            let of = pupil_names
                .get(pupil)
                .map_or_else(String::new, |p| format!("{} {}", p.surname, p.given_name));
            let relation = format!("{}: {of}", link.relation);
            match out.iter_mut().find(|c| c.person_id == link.guardian_id) {
                Some(known) => known.relation = format!("{}; {relation}", known.relation),
                None => out.push(Candidate {
                    person_id: link.guardian_id,
                    role: Role::Guardian,
                    relation,
                }),
            }
        }
    }
    Ok(out)
}

/// Pupils that a card may read the diary of, with their schools of today: the pupil self,
/// a guardian's wards. Whoever has gone to another school of the region is found there.
pub async fn children(
    conn: &impl ConnectionTrait,
    school_id: Uuid,
    person_id: Uuid,
    today: Date,
) -> Result<Vec<(Uuid, Uuid)>, DbErr> {
    let wards = guardian_copy::Entity::find()
        .filter(guardian_copy::Column::SchoolId.eq(school_id))
        .filter(guardian_copy::Column::GuardianId.eq(person_id))
        .filter(guardian_copy::Column::IsRepresentative.eq(true))
        .filter(in_force!(guardian_copy, today))
        .all(conn)
        .await?;
    let mut all: BTreeMap<Uuid, Option<Uuid>> = wards
        .into_iter()
        .map(|ward| (ward.pupil_id, Some(school_id)))
        .collect();
    all.entry(person_id).or_default();
    let places = enrolment_copy::Entity::find()
        .filter(enrolment_copy::Column::PupilId.is_in(all.keys().copied()))
        .filter(in_force!(enrolment_copy, today))
        .order_by_asc(enrolment_copy::Column::StartsOn)
        .all(conn)
        .await?;
    for place in places {
        all.insert(place.pupil_id, Some(place.school_id));
    }
    Ok(all
        .into_iter()
        .filter_map(|(pupil, school)| Some((school?, pupil)))
        .collect())
}

/// Title of the class that a pupil is enrolled in today.
pub async fn class_title(
    conn: &impl ConnectionTrait,
    school_id: Uuid,
    pupil_id: Uuid,
    today: Date,
) -> Result<String, DbErr> {
    let enrolment = enrolment_copy::Entity::find()
        .filter(enrolment_copy::Column::SchoolId.eq(school_id))
        .filter(enrolment_copy::Column::PupilId.eq(pupil_id))
        .filter(in_force!(enrolment_copy, today))
        .one(conn)
        .await?;
    match enrolment {
        Some(enrolment) => Ok(class(conn, school_id, enrolment.class_id)
            .await?
            .map_or_else(String::new, |c| c.title)),
        None => Ok(String::new()),
    }
}

/// Class teachers of the classes in which a card is a pupil or a pupil's guardian.
pub async fn class_teachers_of(
    conn: &impl ConnectionTrait,
    school_id: Uuid,
    person_id: Uuid,
    today: Date,
) -> Result<Vec<Uuid>, DbErr> {
    let pupils = children(conn, school_id, person_id, today).await?;
    let pupils = pupils.into_iter().map(|(_, pupil)| pupil);
    let enrolments = enrolment_copy::Entity::find()
        .filter(enrolment_copy::Column::SchoolId.eq(school_id))
        .filter(enrolment_copy::Column::PupilId.is_in(pupils))
        .filter(in_force!(enrolment_copy, today))
        .all(conn)
        .await?;
    let classes = class_copy::Entity::find()
        .filter(class_copy::Column::SchoolId.eq(school_id))
        .filter(class_copy::Column::ClassId.is_in(enrolments.into_iter().map(|e| e.class_id)))
        .all(conn)
        .await?;
    Ok(classes
        .into_iter()
        .filter_map(|c| c.class_teacher_id)
        .collect())
}

/// All enrolments of a pupil, in every school, oldest first.
pub async fn enrolments_of(
    conn: &impl ConnectionTrait,
    pupil_id: Uuid,
) -> Result<Vec<enrolment_copy::Model>, DbErr> {
    enrolment_copy::Entity::find()
        .filter(enrolment_copy::Column::PupilId.eq(pupil_id))
        .order_by_asc(enrolment_copy::Column::StartsOn)
        .order_by_asc(enrolment_copy::Column::EnrolmentId)
        .all(conn)
        .await
}

/// Legal representatives of a pupil today.
pub async fn representatives_of(
    conn: &impl ConnectionTrait,
    school_ids: &[Uuid],
    pupil_id: Uuid,
    today: Date,
) -> Result<Vec<Uuid>, DbErr> {
    let links = guardian_copy::Entity::find()
        .filter(guardian_copy::Column::SchoolId.is_in(school_ids.iter().copied()))
        .filter(guardian_copy::Column::PupilId.eq(pupil_id))
        .filter(guardian_copy::Column::IsRepresentative.eq(true))
        .filter(in_force!(guardian_copy, today))
        .all(conn)
        .await?;
    Ok(links.into_iter().map(|link| link.guardian_id).collect())
}

/// Classes of a school by id.
pub async fn classes(
    conn: &impl ConnectionTrait,
    school_id: Uuid,
    class_ids: &[Uuid],
) -> Result<BTreeMap<Uuid, class_copy::Model>, DbErr> {
    let found = class_copy::Entity::find()
        .filter(class_copy::Column::SchoolId.eq(school_id))
        .filter(class_copy::Column::ClassId.is_in(class_ids.iter().copied()))
        .all(conn)
        .await?;
    Ok(found.into_iter().map(|c| (c.class_id, c)).collect())
}

async fn by_name(
    conn: &impl ConnectionTrait,
    school_id: Uuid,
    mut list: Vec<Candidate>,
) -> Result<Vec<Candidate>, DbErr> {
    let ids: Vec<Uuid> = list.iter().map(|c| c.person_id).collect();
    let names = names(conn, school_id, &ids).await?;
    list.sort_by(|a, b| {
        names
            .get(&a.person_id)
            .map(|n| &n.sort_key)
            .cmp(&names.get(&b.person_id).map(|n| &n.sort_key))
    });
    Ok(list)
}
