//! Teaching loads, by page.

use std::collections::{BTreeSet, HashMap};

use chassis::db::{Corrupt, upsert};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, JoinType, QueryFilter, QueryOrder,
    QuerySelect, RelationTrait,
};
use uuid::Uuid;
use zhurnal_proto::id::{GroupId, PersonId, SubjectId, TeachingLoadId};

use super::School;
use super::column;
use super::entity::{study_group, subject, teaching_load};
use crate::domain::academic_year::AcademicYear;
use crate::domain::load::Load;

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

/// Loads that are in force on some day: one that ended before it began is kept only for those
/// who know its id.
pub(super) fn of_some_day() -> Condition {
    use teaching_load::Column::{EndsOn, StartsOn};
    let column = |column| Expr::col((teaching_load::Entity, column));
    Condition::any()
        .add(column(EndsOn).is_null())
        .add(column(EndsOn).gte(column(StartsOn)))
}

/// All loads of a school's year that are in force on some day, by id.
pub async fn of_year(
    conn: &impl ConnectionTrait,
    school: School,
    year: AcademicYear,
) -> Result<Vec<Load>, DbErr> {
    let rows = teaching_load::Entity::find()
        .filter(teaching_load::Column::SchoolId.eq(school.uuid()))
        .filter(teaching_load::Column::AcademicYear.eq(year.to_string()))
        .filter(of_some_day())
        .order_by_asc(teaching_load::Column::TeachingLoadId)
        .all(conn)
        .await?;
    rows.into_iter().map(|row| Ok(read_load(&row)?)).collect()
}

/// Grades of the groups of a year that a plan has named.
pub async fn grades(
    conn: &impl ConnectionTrait,
    school: School,
    year: AcademicYear,
) -> Result<HashMap<GroupId, u8>, DbErr> {
    let rows = study_group::Entity::find()
        .filter(study_group::Column::SchoolId.eq(school.uuid()))
        .filter(study_group::Column::AcademicYear.eq(year.to_string()))
        .filter(study_group::Column::Grade.is_not_null())
        .all(conn)
        .await?;
    let grade = |row: study_group::Model| {
        let grade = row.grade.unwrap_or_default();
        let grade = column::read_small("study_group", "grade", grade)?;
        Ok((GroupId::from_uuid(row.group_id), grade))
    };
    rows.into_iter().map(grade).collect()
}

/// Writes loads, over those of the same id.
pub async fn put(
    conn: &impl ConnectionTrait,
    (school, year): (School, AcademicYear),
    loads: &[Load],
) -> Result<(), DbErr> {
    let rows = loads.iter().map(|load| teaching_load::Model {
        school_id: school.uuid(),
        teaching_load_id: load.id.uuid(),
        academic_year: year.to_string(),
        group_id: load.group.uuid(),
        subject_id: load.subject.uuid(),
        teacher_id: load.teacher.uuid(),
        weekly_hours_hundredths: i32::try_from(load.weekly_hours_hundredths).unwrap_or(i32::MAX),
        starts_on: column::date(load.starts_on),
        ends_on: load.ends_on.map(column::date),
    });
    upsert::<teaching_load::Entity, _>(conn, rows.collect()).await
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
        .filter(of_some_day())
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
        .filter(of_some_day())
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
        .filter(of_some_day())
        .distinct()
        .into_tuple()
        .all(conn)
        .await?;
    let pair = |(teacher, subject)| (PersonId::from_uuid(teacher), SubjectId::from_uuid(subject));
    Ok(found.into_iter().map(pair).collect())
}

fn read_load(row: &teaching_load::Model) -> Result<Load, Corrupt> {
    let (table, hours) = ("teaching_load", row.weekly_hours_hundredths);
    Ok(Load {
        id: TeachingLoadId::from_uuid(row.teaching_load_id),
        group: GroupId::from_uuid(row.group_id),
        subject: SubjectId::from_uuid(row.subject_id),
        teacher: PersonId::from_uuid(row.teacher_id),
        weekly_hours_hundredths: u32::try_from(hours)
            .map_err(|_| Corrupt::new(table, "weekly_hours_hundredths", hours))?,
        starts_on: column::read(table, "starts_on", &row.starts_on)?,
        ends_on: column::read_optional(table, "ends_on", row.ends_on.as_deref())?,
    })
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
