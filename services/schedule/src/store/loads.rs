//! Teaching loads, by page.

use std::collections::BTreeSet;

use chassis::db::Corrupt;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, JoinType, QueryFilter, QueryOrder,
    QuerySelect, RelationTrait,
};
use uuid::Uuid;
use zhurnal_proto::id::{GroupId, PersonId, SubjectId, TeachingLoadId};

use super::School;
use super::entity::{subject, teaching_load};

/// A teaching load with the title of its subject.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoadView {
    /// Id.
    pub id: TeachingLoadId,
    /// Academic year.
    pub academic_year: String,
    /// Group.
    pub group: GroupId,
    /// Subject.
    pub subject: SubjectId,
    /// Title of the subject.
    pub subject_title: String,
    /// Teacher.
    pub teacher: PersonId,
    /// Hours a week times 100.
    pub weekly_hours_hundredths: u32,
    /// First day, `YYYY-MM-DD`.
    pub starts_on: String,
    /// Last day, inclusive; `None` = end of the year.
    pub ends_on: Option<String>,
}

/// Loads of a school's year after `after`, by id; at most `limit`.
pub async fn list(
    conn: &impl ConnectionTrait,
    (school, year): (School, &str),
    (teacher, group): (Option<PersonId>, Option<GroupId>),
    after: Option<Uuid>,
    limit: u64,
) -> Result<Vec<LoadView>, DbErr> {
    use teaching_load::Column::{
        AcademicYear, GroupId as Group, SchoolId as School, TeacherId, TeachingLoadId as Id,
    };
    let mut query = teaching_load::Entity::find()
        .filter(School.eq(school.uuid()))
        .filter(AcademicYear.eq(year))
        .order_by_asc(Id)
        .limit(limit);
    if let Some(teacher) = teacher {
        query = query.filter(TeacherId.eq(teacher.uuid()));
    }
    if let Some(group) = group {
        query = query.filter(Group.eq(group.uuid()));
    }
    if let Some(after) = after {
        query = query.filter(Id.gt(after));
    }
    let rows = query
        .join(JoinType::InnerJoin, teaching_load::Relation::Subject.def())
        .select_also(subject::Entity)
        .all(conn)
        .await?;
    rows.into_iter()
        .map(|(load, subject)| Ok(read(load, subject)?))
        .collect()
}

/// Whether the person has a load in the school.
pub async fn teaches(
    conn: &impl ConnectionTrait,
    school: School,
    person: PersonId,
) -> Result<bool, DbErr> {
    use teaching_load::Column::{SchoolId, TeacherId};
    let found = teaching_load::Entity::find()
        .filter(SchoolId.eq(school.uuid()))
        .filter(TeacherId.eq(person.uuid()))
        .one(conn)
        .await?;
    Ok(found.is_some())
}

/// Who has a load in the school, and of which subjects.
pub async fn teachers(
    conn: &impl ConnectionTrait,
    school: School,
) -> Result<BTreeSet<(PersonId, SubjectId)>, DbErr> {
    use teaching_load::Column::{SchoolId, SubjectId as Subject, TeacherId};
    let found: Vec<(Uuid, Uuid)> = teaching_load::Entity::find()
        .select_only()
        .columns([TeacherId, Subject])
        .filter(SchoolId.eq(school.uuid()))
        .distinct()
        .into_tuple()
        .all(conn)
        .await?;
    let pair = |(teacher, subject)| (PersonId::from_uuid(teacher), SubjectId::from_uuid(subject));
    Ok(found.into_iter().map(pair).collect())
}

fn read(load: teaching_load::Model, subject: Option<subject::Model>) -> Result<LoadView, Corrupt> {
    let subject =
        subject.ok_or_else(|| Corrupt::new("teaching_load", "subject_id", load.subject_id))?;
    let hours = u32::try_from(load.weekly_hours_hundredths).map_err(|_| {
        Corrupt::new(
            "teaching_load",
            "weekly_hours_hundredths",
            load.weekly_hours_hundredths,
        )
    })?;
    Ok(LoadView {
        id: TeachingLoadId::from_uuid(load.teaching_load_id),
        academic_year: load.academic_year,
        group: GroupId::from_uuid(load.group_id),
        subject: SubjectId::from_uuid(load.subject_id),
        subject_title: subject.title,
        teacher: PersonId::from_uuid(load.teacher_id),
        weekly_hours_hundredths: hours,
        starts_on: load.starts_on,
        ends_on: load.ends_on,
    })
}
