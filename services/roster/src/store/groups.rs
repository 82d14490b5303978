//! Groups and who is in them.

use chassis::db::Corrupt;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel,
    QueryFilter, QueryOrder, QuerySelect,
};
use uuid::Uuid;
use zhurnal_proto::id::{ClassId, GroupId, PersonId};

use super::entity::{group_membership, study_group};
use super::{School, column, insert, records};
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
    let rows = memberships.iter().map(|one| membership_row(school, one));
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
    records(rows, read)
}

/// Every group of the school, of all years.
pub async fn all(conn: &impl ConnectionTrait, school: School) -> Result<Vec<Group>, DbErr> {
    let rows = study_group::Entity::find()
        .filter(study_group::Column::SchoolId.eq(school.uuid()))
        .all(conn)
        .await?;
    let groups = rows.into_iter().map(|row| Ok(read(row)?.group));
    groups.collect::<Result<_, Corrupt>>().map_err(DbErr::from)
}

/// Memberships of some pupils, by group and first day.
pub async fn memberships(
    conn: &impl ConnectionTrait,
    school: School,
    pupils: &[PersonId],
) -> Result<Vec<GroupMembership>, DbErr> {
    use group_membership::Column as M;
    let rows = group_membership::Entity::find()
        .filter(M::SchoolId.eq(school.uuid()))
        .filter(M::PupilId.is_in(pupils.iter().map(|one| one.uuid())))
        .order_by_asc(M::GroupId)
        .order_by_asc(M::StartsOn)
        .all(conn)
        .await?;
    records(rows, read_membership)
}

/// Memberships of some groups, of whatever days.
pub async fn memberships_in(
    conn: &impl ConnectionTrait,
    school: School,
    groups: &[GroupId],
) -> Result<Vec<GroupMembership>, DbErr> {
    use group_membership::Column as M;
    let rows = group_membership::Entity::find()
        .filter(M::SchoolId.eq(school.uuid()))
        .filter(M::GroupId.is_in(groups.iter().map(|one| one.uuid())))
        .all(conn)
        .await?;
    records(rows, read_membership)
}

/// Memberships become as they are given, whether they are there or not.
pub async fn put_all(
    conn: &impl ConnectionTrait,
    school: School,
    memberships: &[GroupMembership],
) -> Result<(), DbErr> {
    let rows = memberships.iter().map(|one| membership_row(school, one));
    chassis::db::upsert::<group_membership::Entity, _>(conn, rows.collect()).await
}

/// Groups are taken away with all their memberships.
pub async fn remove_groups(
    conn: &impl ConnectionTrait,
    school: School,
    groups: &[GroupId],
) -> Result<(), DbErr> {
    use group_membership::Column as M;
    group_membership::Entity::delete_many()
        .filter(M::SchoolId.eq(school.uuid()))
        .filter(M::GroupId.is_in(groups.iter().map(|one| one.uuid())))
        .exec(conn)
        .await?;
    study_group::Entity::delete_many()
        .filter(study_group::Column::SchoolId.eq(school.uuid()))
        .filter(study_group::Column::GroupId.is_in(groups.iter().map(|one| one.uuid())))
        .exec(conn)
        .await?;
    Ok(())
}

/// A membership that is there gets this last day.
pub async fn end(
    conn: &impl ConnectionTrait,
    school: School,
    one: &GroupMembership,
) -> Result<(), DbErr> {
    let row = membership_row(school, one);
    group_membership::Entity::update(row.into_active_model().reset_all())
        .exec(conn)
        .await?;
    Ok(())
}

/// A membership is taken away.
pub async fn remove(
    conn: &impl ConnectionTrait,
    school: School,
    one: &GroupMembership,
) -> Result<(), DbErr> {
    let key = (
        school.uuid(),
        one.group_id.uuid(),
        one.pupil_id.uuid(),
        column::date(one.starts_on),
    );
    group_membership::Entity::delete_by_id(key)
        .exec(conn)
        .await?;
    Ok(())
}

fn membership_row(school: School, one: &GroupMembership) -> group_membership::Model {
    group_membership::Model {
        school_id: school.uuid(),
        group_id: one.group_id.uuid(),
        pupil_id: one.pupil_id.uuid(),
        starts_on: column::date(one.starts_on),
        ends_on: one.ends_on.map(column::date),
    }
}

fn read_membership(row: group_membership::Model) -> Result<GroupMembership, Corrupt> {
    const TABLE: &str = "group_membership";
    Ok(GroupMembership {
        group_id: GroupId::from_uuid(row.group_id),
        pupil_id: PersonId::from_uuid(row.pupil_id),
        starts_on: column::read_date((TABLE, "starts_on"), &row.starts_on)?,
        ends_on: column::read_end((TABLE, "ends_on"), row.ends_on.as_deref())?,
    })
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
