//! Questions to the copies: who is told of a pupil, what a journal is about.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, QueryFilter};
use uuid::Uuid;

use super::entity::{guardian_copy, journal_copy, person_card, supervisor_copy};

/// Cards that are told of a pupil: the pupil and the informed guardians of today.
pub async fn told_of(
    conn: &impl ConnectionTrait,
    school_id: Uuid,
    pupil_id: Uuid,
    today: Date,
) -> Result<Vec<Uuid>, DbErr> {
    let links = guardian_copy::Entity::find()
        .filter(guardian_copy::Column::SchoolId.eq(school_id))
        .filter(guardian_copy::Column::PupilId.eq(pupil_id))
        .filter(guardian_copy::Column::Informed.eq(true))
        .filter(guardian_copy::Column::StartsOn.lte(today.to_string()))
        .filter(
            Condition::any()
                .add(guardian_copy::Column::EndsOn.is_null())
                .add(guardian_copy::Column::EndsOn.gte(today.to_string())),
        )
        .all(conn)
        .await?;
    let mut all: Vec<Uuid> = links
        .into_iter()
        .map(|l| l.guardian_id)
        .chain([pupil_id])
        .collect();
    all.sort_unstable();
    all.dedup();
    Ok(all)
}

/// Deputies in charge anywhere in the school today.
pub async fn supervisors(
    conn: &impl ConnectionTrait,
    school_id: Uuid,
    today: Date,
) -> Result<Vec<Uuid>, DbErr> {
    let found = supervisor_copy::Entity::find()
        .filter(supervisor_copy::Column::SchoolId.eq(school_id))
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
    journals: &[(Uuid, Uuid)],
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
