//! What lesson plans are made for: the loads of a group in a subject, taken together.

use std::collections::{BTreeMap, HashMap};

use chassis::db::Corrupt;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, JoinType, QueryFilter,
    QuerySelect, RelationTrait,
};
use uuid::Uuid;
use zhurnal_proto::id::{ClassId, GroupId, PersonId, SubjectId};

use super::School;
use super::column;
use super::entity::{study_group, subject, teaching_load};
use crate::domain::academic_year::AcademicYear;
use crate::domain::lesson_plan::hours::LoadSpan;

/// The loads of a group in a subject.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanLoad {
    /// Group.
    pub group: GroupId,
    /// Title of the group.
    pub group_title: String,
    /// Class; `None` when of several.
    pub class: Option<ClassId>,
    /// Grade.
    pub grade: u8,
    /// Subject.
    pub subject: SubjectId,
    /// Title of the subject.
    pub subject_title: String,
    /// Academic year.
    pub year: AcademicYear,
    /// Who has which hours; never empty.
    pub loads: Vec<(PersonId, LoadSpan)>,
}

/// Place in lists: grade, titles, ids.
pub type PlanLoadKey = (u8, String, String, Uuid, Uuid);

impl PlanLoad {
    /// Its place in lists.
    pub fn key(&self) -> PlanLoadKey {
        (
            self.grade,
            self.group_title.clone(),
            self.subject_title.clone(),
            self.group.uuid(),
            self.subject.uuid(),
        )
    }

    /// The hours alone.
    pub fn spans(&self) -> Vec<LoadSpan> {
        self.loads.iter().map(|(_, span)| *span).collect()
    }

    /// Who teaches it or is going to on that day, each once.
    pub fn teachers(&self, day: jiff::civil::Date) -> Vec<PersonId> {
        let present = self.loads.iter().filter(|(_, span)| !span.has_ended(day));
        let mut teachers: Vec<PersonId> = present.map(|(teacher, _)| *teacher).collect();
        teachers.sort();
        teachers.dedup();
        teachers
    }
}

/// All of a school's year, by their place in lists.
pub async fn of_year(
    conn: &impl ConnectionTrait,
    school: School,
    year: AcademicYear,
) -> Result<Vec<PlanLoad>, DbErr> {
    let wanted = teaching_load::Column::AcademicYear.eq(year.to_string());
    let mut loads = list(conn, school, Condition::all().add(wanted)).await?;
    loads.sort_by_cached_key(PlanLoad::key);
    Ok(loads)
}

/// Those of some groups in a subject.
pub async fn of_groups(
    conn: &impl ConnectionTrait,
    school: School,
    groups: &[GroupId],
    subject: SubjectId,
) -> Result<Vec<PlanLoad>, DbErr> {
    use teaching_load::Column::{GroupId as Group, SubjectId as Subject};
    let wanted = Condition::all()
        .add(Group.is_in(groups.iter().map(|group| group.uuid())))
        .add(Subject.eq(subject.uuid()));
    list(conn, school, wanted).await
}

/// That of one group in a subject.
pub async fn find(
    conn: &impl ConnectionTrait,
    school: School,
    group: GroupId,
    subject: SubjectId,
) -> Result<Option<PlanLoad>, DbErr> {
    Ok(of_groups(conn, school, &[group], subject).await?.pop())
}

async fn list(
    conn: &impl ConnectionTrait,
    school: School,
    wanted: Condition,
) -> Result<Vec<PlanLoad>, DbErr> {
    let rows = teaching_load::Entity::find()
        .filter(teaching_load::Column::SchoolId.eq(school.uuid()))
        .filter(wanted.clone())
        .filter(super::loads::of_some_day())
        .join(JoinType::InnerJoin, teaching_load::Relation::Subject.def())
        .select_also(subject::Entity)
        .all(conn)
        .await?;
    let groups = groups(conn, school, wanted).await?;
    let mut together: BTreeMap<(Uuid, Uuid), PlanLoad> = BTreeMap::new();
    for (load, subject) in rows {
        let span = span(&load)?;
        let teacher = PersonId::from_uuid(load.teacher_id);
        let key = (load.group_id, load.subject_id);
        if let Some(known) = together.get_mut(&key) {
            known.loads.push((teacher, span));
            continue;
        }
        let group = groups
            .get(&load.group_id)
            .ok_or_else(|| Corrupt::new("teaching_load", "group_id", load.group_id))?;
        let subject =
            subject.ok_or_else(|| Corrupt::new("teaching_load", "subject_id", load.subject_id))?;
        together.insert(key, read(&load, group, subject, (teacher, span))?);
    }
    Ok(together.into_values().collect())
}

/// The groups of the loads that are wanted.
async fn groups(
    conn: &impl ConnectionTrait,
    school: School,
    wanted: Condition,
) -> Result<HashMap<Uuid, study_group::Model>, DbErr> {
    let of_loads = teaching_load::Entity::find()
        .select_only()
        .column(teaching_load::Column::GroupId)
        .filter(teaching_load::Column::SchoolId.eq(school.uuid()))
        .filter(wanted);
    let rows = study_group::Entity::find()
        .filter(study_group::Column::SchoolId.eq(school.uuid()))
        .filter(study_group::Column::GroupId.in_subquery(sea_orm::QueryTrait::into_query(of_loads)))
        .all(conn)
        .await?;
    Ok(rows.into_iter().map(|row| (row.group_id, row)).collect())
}

fn span(load: &teaching_load::Model) -> Result<LoadSpan, Corrupt> {
    let hours = load.weekly_hours_hundredths;
    let ends_on = load
        .ends_on
        .as_deref()
        .map(|day| column::read("teaching_load", "ends_on", day))
        .transpose()?;
    Ok(LoadSpan {
        weekly_hours_hundredths: u32::try_from(hours)
            .map_err(|_| Corrupt::new("teaching_load", "weekly_hours_hundredths", hours))?,
        starts_on: column::read("teaching_load", "starts_on", &load.starts_on)?,
        ends_on,
    })
}

fn read(
    load: &teaching_load::Model,
    group: &study_group::Model,
    subject: subject::Model,
    first: (PersonId, LoadSpan),
) -> Result<PlanLoad, Corrupt> {
    let grade = group
        .grade
        .ok_or_else(|| Corrupt::new("study_group", "grade", "NULL"))?;
    Ok(PlanLoad {
        group: GroupId::from_uuid(load.group_id),
        group_title: group.title.clone(),
        class: group.class_id.map(ClassId::from_uuid),
        grade: column::read_small("study_group", "grade", grade)?,
        subject: SubjectId::from_uuid(load.subject_id),
        subject_title: subject.title,
        year: column::read("teaching_load", "academic_year", &load.academic_year)?,
        loads: vec![first],
    })
}
