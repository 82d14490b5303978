//! The copy of roster's facts. Rows are written whole by their key.

use std::collections::BTreeMap;

use chassis::db::upsert;
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter};
use uuid::Uuid;

use super::{
    entity::{
        enrolment, group_membership, guardian_link, paper_journal, person_card, pupil_school,
        school_class, study_group, supervision,
    },
    schools::{self, Producer},
};

pub use super::entity::{
    enrolment::Model as EnrolmentRow, group_membership::Model as MembershipRow,
    guardian_link::Model as GuardianRow, paper_journal::Model as PaperRow,
    person_card::Model as PersonRow, school_class::Model as ClassRow,
    study_group::Model as GroupRow, supervision::Model as SupervisionRow,
};

/// Pupils of one question.
const PUPILS: usize = 500;

/// Names.
pub async fn put_people(conn: &impl ConnectionTrait, rows: Vec<PersonRow>) -> Result<(), DbErr> {
    upsert::<person_card::Entity, _>(conn, rows).await
}

/// Classes.
pub async fn put_classes(conn: &impl ConnectionTrait, rows: Vec<ClassRow>) -> Result<(), DbErr> {
    upsert::<school_class::Entity, _>(conn, rows).await
}

/// Classes that are there no more.
pub async fn remove_classes(
    conn: &impl ConnectionTrait,
    school: Uuid,
    classes: Vec<Uuid>,
) -> Result<(), DbErr> {
    if classes.is_empty() {
        return Ok(());
    }
    school_class::Entity::delete_many()
        .filter(school_class::Column::SchoolId.eq(school))
        .filter(school_class::Column::ClassId.is_in(classes))
        .exec(conn)
        .await?;
    Ok(())
}

/// Groups that are there no more. Their journals, if a load has opened some, stay.
pub async fn remove_groups(
    conn: &impl ConnectionTrait,
    school: Uuid,
    groups: Vec<Uuid>,
) -> Result<(), DbErr> {
    if groups.is_empty() {
        return Ok(());
    }
    study_group::Entity::delete_many()
        .filter(study_group::Column::SchoolId.eq(school))
        .filter(study_group::Column::GroupId.is_in(groups))
        .exec(conn)
        .await?;
    Ok(())
}

/// Groups.
pub async fn put_groups(conn: &impl ConnectionTrait, rows: Vec<GroupRow>) -> Result<(), DbErr> {
    upsert::<study_group::Entity, _>(conn, rows).await
}

/// Enrolments, and with them the school of each pupil: that of the newest enrolment
/// which was in force on any day.
pub async fn put_enrolments(
    conn: &impl ConnectionTrait,
    rows: Vec<EnrolmentRow>,
) -> Result<(), DbErr> {
    let mut homes: BTreeMap<Uuid, (String, Uuid)> = rows
        .iter()
        .map(|row| (row.pupil_id, (String::new(), row.school_id)))
        .collect();
    upsert::<enrolment::Entity, _>(conn, rows).await?;
    let pupils: Vec<Uuid> = homes.keys().copied().collect();
    for chunk in pupils.chunks(PUPILS) {
        let known = enrolment::Entity::find()
            .filter(enrolment::Column::PupilId.is_in(chunk.iter().copied()))
            .all(conn)
            .await?;
        for row in known.into_iter().filter(|row| row.starts_on <= row.ends_on) {
            let home = homes.entry(row.pupil_id).or_default();
            *home = home.clone().max((row.starts_on, row.school_id));
        }
    }
    let homes = homes
        .into_iter()
        .map(|(pupil_id, (_, school_id))| pupil_school::Model {
            pupil_id,
            school_id,
        });
    upsert::<pupil_school::Entity, _>(conn, homes.collect()).await
}

/// Memberships.
pub async fn put_memberships(
    conn: &impl ConnectionTrait,
    rows: Vec<MembershipRow>,
) -> Result<(), DbErr> {
    upsert::<group_membership::Entity, _>(conn, rows).await
}

/// Guardian links.
pub async fn put_guardians(
    conn: &impl ConnectionTrait,
    rows: Vec<GuardianRow>,
) -> Result<(), DbErr> {
    upsert::<guardian_link::Entity, _>(conn, rows).await
}

/// Supervisions.
pub async fn put_supervisions(
    conn: &impl ConnectionTrait,
    rows: Vec<SupervisionRow>,
) -> Result<(), DbErr> {
    upsert::<supervision::Entity, _>(conn, rows).await
}

/// Days on which pupils' journals are kept on paper.
pub async fn put_paper(conn: &impl ConnectionTrait, rows: Vec<PaperRow>) -> Result<(), DbErr> {
    upsert::<paper_journal::Entity, _>(conn, rows).await
}

/// Decisions that count on no day any more.
pub async fn remove_paper(
    conn: &impl ConnectionTrait,
    school: Uuid,
    modes: Vec<Uuid>,
) -> Result<(), DbErr> {
    if modes.is_empty() {
        return Ok(());
    }
    paper_journal::Entity::delete_many()
        .filter(paper_journal::Column::SchoolId.eq(school))
        .filter(paper_journal::Column::ModeId.is_in(modes))
        .exec(conn)
        .await?;
    Ok(())
}

/// Forgets everything that roster told.
pub async fn reset(conn: &impl ConnectionTrait) -> Result<(), DbErr> {
    person_card::Entity::delete_many().exec(conn).await?;
    pupil_school::Entity::delete_many().exec(conn).await?;
    school_class::Entity::delete_many().exec(conn).await?;
    study_group::Entity::delete_many().exec(conn).await?;
    enrolment::Entity::delete_many().exec(conn).await?;
    group_membership::Entity::delete_many().exec(conn).await?;
    guardian_link::Entity::delete_many().exec(conn).await?;
    supervision::Entity::delete_many().exec(conn).await?;
    paper_journal::Entity::delete_many().exec(conn).await?;
    schools::reset(conn, Producer::Roster).await
}

/// Title and grade of classes by id, as far as they are known.
pub async fn classes(
    conn: &impl ConnectionTrait,
    school: Uuid,
    classes: &[Uuid],
) -> Result<Vec<ClassRow>, DbErr> {
    school_class::Entity::find()
        .filter(school_class::Column::SchoolId.eq(school))
        .filter(school_class::Column::ClassId.is_in(classes.iter().copied()))
        .all(conn)
        .await
}

/// Groups by id, as far as they are known.
pub async fn groups(
    conn: &impl ConnectionTrait,
    school: Uuid,
    groups: &[Uuid],
) -> Result<Vec<GroupRow>, DbErr> {
    study_group::Entity::find()
        .filter(study_group::Column::SchoolId.eq(school))
        .filter(study_group::Column::GroupId.is_in(groups.iter().copied()))
        .all(conn)
        .await
}
