//! Groups and who is in them.

use chassis::db::Corrupt;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect,
};
use uuid::Uuid;
use zhurnal_proto::id::{ClassId, GroupId};

use super::column;
use super::entity::{group_membership, study_group};
use super::{School, insert};
use crate::domain::record::{Group, GroupMembership};
use crate::domain::text::sort_key;

/// A group and its place in the list.
#[derive(Debug, Clone)]
pub struct Listed {
    /// The group.
    pub group: Group,
    /// Its place.
    pub sort_key: String,
}

/// Adds groups.
pub async fn add(
    conn: &impl ConnectionTrait,
    school: School,
    groups: &[Group],
) -> Result<(), DbErr> {
    let rows = groups.iter().map(|group| study_group::Model {
        school_id: school.uuid(),
        group_id: group.id.uuid(),
        academic_year: group.academic_year.clone(),
        title: group.title.clone(),
        sort_key: sort_key(&group.title),
        kind: column::group_kind(group.kind),
        class_id: group.class_id.map(ClassId::uuid),
    });
    insert::all(conn, rows.collect()).await
}

/// Adds memberships.
pub async fn join(
    conn: &impl ConnectionTrait,
    school: School,
    memberships: &[GroupMembership],
) -> Result<(), DbErr> {
    let rows = memberships.iter().map(|one| group_membership::Model {
        school_id: school.uuid(),
        group_id: one.group_id.uuid(),
        pupil_id: one.pupil_id.uuid(),
        starts_on: column::date(one.starts_on),
        ends_on: one.ends_on.map(column::date),
    });
    insert::all(conn, rows.collect()).await
}

/// Groups of a year by title, after a key; only of a class where one is given.
pub async fn page(
    conn: &impl ConnectionTrait,
    school: School,
    (academic_year, class): (&str, Option<ClassId>),
    after: Option<(String, Uuid)>,
    limit: u64,
) -> Result<Vec<Listed>, DbErr> {
    use study_group::Column as G;
    let mut query = study_group::Entity::find()
        .filter(G::SchoolId.eq(school.uuid()))
        .filter(G::AcademicYear.eq(academic_year));
    if let Some(class) = class {
        query = query.filter(G::ClassId.eq(class.uuid()));
    }
    if let Some((key, id)) = after {
        let same = Condition::all()
            .add(G::SortKey.eq(key.clone()))
            .add(G::GroupId.gt(id));
        query = query.filter(Condition::any().add(G::SortKey.gt(key)).add(same));
    }
    let rows = query
        .order_by_asc(G::SortKey)
        .order_by_asc(G::GroupId)
        .limit(limit)
        .all(conn)
        .await?;
    rows.into_iter()
        .map(read)
        .collect::<Result<_, Corrupt>>()
        .map_err(DbErr::from)
}

fn read(row: study_group::Model) -> Result<Listed, Corrupt> {
    let group = Group {
        id: GroupId::from_uuid(row.group_id),
        academic_year: row.academic_year,
        title: row.title,
        kind: column::read_group_kind(("study_group", "kind"), row.kind)?,
        class_id: row.class_id.map(ClassId::from_uuid),
    };
    Ok(Listed {
        group,
        sort_key: row.sort_key,
    })
}
