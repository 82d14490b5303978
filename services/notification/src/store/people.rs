//! Questions to the copies: who is told of a pupil, what a journal is about.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, QueryFilter};
use uuid::Uuid;

use super::entity::{guardian_copy, journal_copy, member_copy, person_card, supervisor_copy};

/// Cards that are told of pupils, given as (school, pupil): the pupil and the informed
/// guardians of today.
pub async fn told_of(
    conn: &impl ConnectionTrait,
    pupils: &BTreeSet<(Uuid, Uuid)>,
    today: Date,
) -> Result<BTreeMap<(Uuid, Uuid), BTreeSet<Uuid>>, DbErr> {
    let schools: BTreeSet<Uuid> = pupils.iter().map(|(school, _)| *school).collect();
    let links = guardian_copy::Entity::find()
        .filter(guardian_copy::Column::SchoolId.is_in(schools))
        .filter(guardian_copy::Column::PupilId.is_in(pupils.iter().map(|(_, pupil)| *pupil)))
        .filter(guardian_copy::Column::Informed.eq(true))
        .filter(guardian_copy::Column::StartsOn.lte(today.to_string()))
        .filter(
            Condition::any()
                .add(guardian_copy::Column::EndsOn.is_null())
                .add(guardian_copy::Column::EndsOn.gte(today.to_string())),
        )
        .all(conn)
        .await?;
    let mut told: BTreeMap<_, BTreeSet<Uuid>> = pupils
        .iter()
        .map(|pupil| (*pupil, BTreeSet::from([pupil.1])))
        .collect();
    for link in links {
        if let Some(cards) = told.get_mut(&(link.school_id, link.pupil_id)) {
            cards.insert(link.guardian_id);
        }
    }
    Ok(told)
}

/// Pupils who are in any of the groups on the day, as (school, pupil).
pub async fn members(
    conn: &impl ConnectionTrait,
    school_id: Uuid,
    groups: &[Uuid],
    day: &str,
) -> Result<BTreeSet<(Uuid, Uuid)>, DbErr> {
    let found = member_copy::Entity::find()
        .filter(member_copy::Column::SchoolId.eq(school_id))
        .filter(member_copy::Column::GroupId.is_in(groups.iter().copied()))
        .filter(member_copy::Column::StartsOn.lte(day))
        .filter(
            Condition::any()
                .add(member_copy::Column::EndsOn.is_null())
                .add(member_copy::Column::EndsOn.gte(day)),
        )
        .all(conn)
        .await?;
    Ok(found
        .into_iter()
        .map(|one| (school_id, one.pupil_id))
        .collect())
}

/// Deputies in charge of a grade today; of any where it is not told.
pub async fn supervisors(
    conn: &impl ConnectionTrait,
    school_id: Uuid,
    grade: Option<i32>,
    today: Date,
) -> Result<Vec<Uuid>, DbErr> {
    let of_grade = grade.map_or_else(Condition::all, |grade| {
        Condition::all()
            .add(supervisor_copy::Column::GradeFrom.lte(grade))
            .add(supervisor_copy::Column::GradeTo.gte(grade))
    });
    let found = supervisor_copy::Entity::find()
        .filter(supervisor_copy::Column::SchoolId.eq(school_id))
        .filter(of_grade)
        .filter(supervisor_copy::Column::StartsOn.lte(today.to_string()))
        .filter(
            Condition::any()
                .add(supervisor_copy::Column::EndsOn.is_null())
                .add(supervisor_copy::Column::EndsOn.gte(today.to_string())),
        )
        .all(conn)
        .await?;
    let mut all: Vec<Uuid> = found.into_iter().map(|s| s.person_id).collect();
    all.sort_unstable();
    all.dedup();
    Ok(all)
}

/// Given names of cards.
pub async fn given_names(
    conn: &impl ConnectionTrait,
    school_ids: &[Uuid],
    person_ids: &[Uuid],
) -> Result<BTreeMap<Uuid, String>, DbErr> {
    let found = person_card::Entity::find()
        .filter(person_card::Column::SchoolId.is_in(school_ids.iter().copied()))
        .filter(person_card::Column::PersonId.is_in(person_ids.iter().copied()))
        .all(conn)
        .await?;
    Ok(found
        .into_iter()
        .map(|c| (c.person_id, c.given_name))
        .collect())
}

/// Titles of the subjects of journals, given as (school, journal).
pub async fn subjects(
    conn: &impl ConnectionTrait,
    journals: &BTreeSet<(Uuid, Uuid)>,
) -> Result<BTreeMap<(Uuid, Uuid), String>, DbErr> {
    let schools: BTreeSet<Uuid> = journals.iter().map(|(school, _)| *school).collect();
    let ids: BTreeSet<Uuid> = journals.iter().map(|(_, journal)| *journal).collect();
    let found = journal_copy::Entity::find()
        .filter(journal_copy::Column::SchoolId.is_in(schools))
        .filter(journal_copy::Column::JournalId.is_in(ids))
        .all(conn)
        .await?;
    let titled = |j: journal_copy::Model| ((j.school_id, j.journal_id), j.subject_title);
    Ok(found.into_iter().map(titled).collect())
}
