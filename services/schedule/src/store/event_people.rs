//! Who has to do with an event: class teachers, groups and their members, guardians, and the
//! titles that people see.

use std::collections::{HashMap, HashSet};

use chassis::db::{Corrupt, upsert};
use jiff::civil::Date;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect,
};
use uuid::Uuid;
use zhurnal_proto::id::{ClassId, GroupId, GuardianLinkId, PersonId, SubjectId};

use super::School;
use super::column;
use super::entity::{group_member, guardian_link, room, school_class, study_group, subject};
use crate::domain::academic_year::AcademicYear;
use crate::domain::subject::fold_title;

/// A guardian of a pupil, as roster tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GuardianFact {
    /// Link.
    pub id: GuardianLinkId,
    /// Card of the pupil.
    pub pupil: PersonId,
    /// Card of the guardian.
    pub guardian: PersonId,
    /// Legal representative.
    pub is_representative: bool,
    /// First day.
    pub starts_on: Date,
    /// Last day, inclusive.
    pub ends_on: Option<Date>,
}

/// A class of the school.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Class {
    /// Class.
    pub id: ClassId,
    /// Academic year.
    pub year: AcademicYear,
    /// Title.
    pub title: String,
    /// Grade.
    pub grade: u8,
    /// Class teacher.
    pub teacher: Option<PersonId>,
}

/// A group of the school.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Group.
    pub id: GroupId,
    /// Academic year.
    pub year: AcademicYear,
    /// Title.
    pub title: String,
    /// Class; `None` when of several.
    pub class: Option<ClassId>,
}

/// A pupil's time in a group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stay {
    /// Group.
    pub group: GroupId,
    /// Class of the group; `None` when of several.
    pub class: Option<ClassId>,
    /// First day.
    pub starts_on: Date,
    /// Last day, inclusive.
    pub ends_on: Option<Date>,
}

impl Stay {
    /// Whether the pupil is in it on the day.
    pub fn covers(&self, day: Date) -> bool {
        self.starts_on <= day && self.ends_on.is_none_or(|last| day <= last)
    }
}

/// Takes the present state of guardian links.
pub async fn put_guardians(
    conn: &impl ConnectionTrait,
    school: School,
    links: &[GuardianFact],
) -> Result<(), DbErr> {
    let rows = links.iter().map(|link| guardian_link::Model {
        school_id: school.uuid(),
        guardian_link_id: link.id.uuid(),
        pupil_id: link.pupil.uuid(),
        guardian_id: link.guardian.uuid(),
        is_representative: link.is_representative,
        starts_on: column::date(link.starts_on),
        ends_on: link.ends_on.map(column::date),
    });
    upsert::<guardian_link::Entity, _>(conn, rows.collect()).await
}

/// Legal representatives of the pupil on the day.
pub async fn guardians(
    conn: &impl ConnectionTrait,
    school: School,
    (pupil, day): (PersonId, Date),
) -> Result<Vec<PersonId>, DbErr> {
    let day = column::date(day);
    let in_force = Condition::any()
        .add(guardian_link::Column::EndsOn.is_null())
        .add(guardian_link::Column::EndsOn.gte(&day));
    let rows = guardian_link::Entity::find()
        .filter(guardian_link::Column::SchoolId.eq(school.uuid()))
        .filter(guardian_link::Column::PupilId.eq(pupil.uuid()))
        .filter(guardian_link::Column::IsRepresentative.eq(true))
        .filter(guardian_link::Column::StartsOn.lte(&day))
        .filter(in_force)
        .all(conn)
        .await?;
    let card = |row: guardian_link::Model| PersonId::from_uuid(row.guardian_id);
    Ok(rows.into_iter().map(card).collect())
}

/// Groups that the pupil is or was in.
pub async fn stays(
    conn: &impl ConnectionTrait,
    school: School,
    pupil: PersonId,
) -> Result<Vec<Stay>, DbErr> {
    let rows = group_member::Entity::find()
        .filter(group_member::Column::SchoolId.eq(school.uuid()))
        .filter(group_member::Column::PupilId.eq(pupil.uuid()))
        .all(conn)
        .await?;
    let ids: Vec<Uuid> = rows.iter().map(|row| row.group_id).collect();
    let groups = groups(conn, school, &ids).await?;
    let stay = |row: group_member::Model| {
        let group = GroupId::from_uuid(row.group_id);
        let last = row.ends_on.as_deref();
        Ok(Stay {
            group,
            class: groups.get(&group).and_then(|group| group.class),
            starts_on: column::read("group_member", "starts_on", &row.starts_on)?,
            ends_on: column::read_optional("group_member", "ends_on", last)?,
        })
    };
    rows.into_iter().map(stay).collect()
}

/// All classes that roster has told of.
pub async fn classes(
    conn: &impl ConnectionTrait,
    school: School,
) -> Result<HashMap<ClassId, Class>, DbErr> {
    let rows = school_class::Entity::find()
        .filter(school_class::Column::SchoolId.eq(school.uuid()))
        .all(conn)
        .await?;
    let class = |row: school_class::Model| {
        let id = ClassId::from_uuid(row.class_id);
        let class = Class {
            id,
            year: column::read("school_class", "academic_year", &row.academic_year)?,
            grade: column::read_small("school_class", "grade", row.grade)?,
            teacher: row.class_teacher_id.map(PersonId::from_uuid),
            title: row.title,
        };
        Ok((id, class))
    };
    rows.into_iter().map(class).collect()
}

/// The groups of these ids that the school has.
pub async fn groups(
    conn: &impl ConnectionTrait,
    school: School,
    ids: &[Uuid],
) -> Result<HashMap<GroupId, Group>, DbErr> {
    let rows = study_group::Entity::find()
        .filter(study_group::Column::SchoolId.eq(school.uuid()))
        .filter(study_group::Column::GroupId.is_in(ids.iter().copied()))
        .all(conn)
        .await?;
    let group = |row| read_group(row).map(|group| (group.id, group));
    Ok(rows.into_iter().map(group).collect::<Result<_, _>>()?)
}

/// All groups of the school, of every year.
pub async fn all_groups(conn: &impl ConnectionTrait, school: School) -> Result<Vec<Group>, DbErr> {
    let rows = study_group::Entity::find()
        .filter(study_group::Column::SchoolId.eq(school.uuid()))
        .order_by_asc(study_group::Column::GroupId)
        .all(conn)
        .await?;
    rows.into_iter().map(|row| Ok(read_group(row)?)).collect()
}

/// Those of the groups in which there has been one pupil alone: such a group may be called by
/// its pupil.
pub async fn of_one_pupil(
    conn: &impl ConnectionTrait,
    school: School,
    ids: &[Uuid],
) -> Result<HashSet<GroupId>, DbErr> {
    let rows: Vec<Uuid> = group_member::Entity::find()
        .select_only()
        .column(group_member::Column::GroupId)
        .filter(group_member::Column::SchoolId.eq(school.uuid()))
        .filter(group_member::Column::GroupId.is_in(ids.iter().copied()))
        .group_by(group_member::Column::GroupId)
        .having(
            Expr::col(group_member::Column::PupilId)
                .count_distinct()
                .eq(1),
        )
        .into_tuple()
        .all(conn)
        .await?;
    Ok(rows.into_iter().map(GroupId::from_uuid).collect())
}

/// Titles of subjects.
pub async fn subject_titles(
    conn: &impl ConnectionTrait,
    ids: &[Uuid],
) -> Result<HashMap<SubjectId, String>, DbErr> {
    let rows = subject::Entity::find()
        .filter(subject::Column::SubjectId.is_in(ids.iter().copied()))
        .all(conn)
        .await?;
    let title = |row: subject::Model| (SubjectId::from_uuid(row.subject_id), row.title);
    Ok(rows.into_iter().map(title).collect())
}

/// Titles of the rooms of the school.
pub async fn rooms(conn: &impl ConnectionTrait, school: School) -> Result<Vec<String>, DbErr> {
    room::Entity::find()
        .select_only()
        .column(room::Column::Title)
        .filter(room::Column::SchoolId.eq(school.uuid()))
        .order_by_asc(room::Column::FoldedTitle)
        .into_tuple()
        .all(conn)
        .await
}

/// The room as the school writes it.
pub async fn room(
    conn: &impl ConnectionTrait,
    school: School,
    title: &str,
) -> Result<Option<String>, DbErr> {
    let row = room::Entity::find()
        .filter(room::Column::SchoolId.eq(school.uuid()))
        .filter(room::Column::FoldedTitle.eq(fold_title(title)))
        .one(conn)
        .await?;
    Ok(row.map(|row| row.title))
}

fn read_group(row: study_group::Model) -> Result<Group, Corrupt> {
    Ok(Group {
        id: GroupId::from_uuid(row.group_id),
        year: column::read("study_group", "academic_year", &row.academic_year)?,
        title: row.title,
        class: row.class_id.map(ClassId::from_uuid),
    })
}
