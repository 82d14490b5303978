//! Groups and who is in them.

use std::collections::HashMap;

use chassis::db::Corrupt;
use jiff::civil::Date;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, FromQueryResult,
    IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
};
use uuid::Uuid;
use zhurnal_proto::id::{ClassId, GroupId, PersonId};

use super::entity::{group_membership, study_group};
use super::{School, column, insert, present_on, records};
use crate::domain::record::{Group, GroupKind, GroupMembership, GroupPlace};
use crate::domain::text::sort_key;

/// A group and its place in the list.
#[derive(Debug, Clone)]
pub struct Listed {
    /// The group.
    pub group: Group,
    /// Its place.
    pub sort_key: String,
    /// Version, from 1.
    pub version: i64,
}

/// Which groups.
#[derive(Debug, Clone, Copy)]
pub struct Wanted<'a> {
    /// Of this year.
    pub academic_year: &'a str,
    /// Only of this class.
    pub class: Option<ClassId>,
    /// Only of this kind.
    pub kind: Option<GroupKind>,
}

/// Adds groups.
pub async fn add(
    conn: &impl ConnectionTrait,
    school: School,
    groups: &[Group],
) -> Result<(), DbErr> {
    let rows = groups.iter().map(|group| row(school, group, 1));
    insert::all(conn, rows.collect()).await
}

/// A group that is there becomes as it is given.
pub async fn replace(
    conn: &impl ConnectionTrait,
    school: School,
    group: &Group,
    version: i64,
) -> Result<(), DbErr> {
    let row = row(school, group, version).into_active_model();
    study_group::Entity::update(row.reset_all())
        .exec(conn)
        .await?;
    Ok(())
}

/// A group of the school.
pub async fn get(
    conn: &impl ConnectionTrait,
    school: School,
    id: GroupId,
) -> Result<Option<Listed>, DbErr> {
    let found = study_group::Entity::find_by_id((school.uuid(), id.uuid()));
    Ok(found.one(conn).await?.map(read).transpose()?)
}

/// Whether a group of the year has the title, however it is spelled; but for `except`.
pub async fn is_title_taken(
    conn: &impl ConnectionTrait,
    school: School,
    (academic_year, title): (&str, &str),
    except: GroupId,
) -> Result<bool, DbErr> {
    let found = study_group::Entity::find()
        .filter(study_group::Column::SchoolId.eq(school.uuid()))
        .filter(study_group::Column::AcademicYear.eq(academic_year))
        .filter(study_group::Column::SortKey.eq(sort_key(title)))
        .filter(study_group::Column::GroupId.ne(except.uuid()))
        .one(conn)
        .await?;
    Ok(found.is_some())
}

#[derive(Debug, FromQueryResult)]
struct Count {
    group_id: Uuid,
    members: i64,
}

/// Members of each group on the day.
pub async fn sizes(
    conn: &impl ConnectionTrait,
    school: School,
    day: Date,
) -> Result<HashMap<GroupId, u32>, DbErr> {
    use group_membership::Column as M;
    let counts = group_membership::Entity::find()
        .select_only()
        .column(M::GroupId)
        .column_as(M::PupilId.count(), "members")
        .filter(M::SchoolId.eq(school.uuid()))
        .filter(present_on!(group_membership, day))
        .group_by(M::GroupId)
        .into_model::<Count>()
        .all(conn)
        .await?;
    let size = |count: Count| {
        let members = u32::try_from(count.members).unwrap_or(0);
        (GroupId::from_uuid(count.group_id), members)
    };
    Ok(counts.into_iter().map(size).collect())
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

/// Groups of a year by title, after a key.
pub async fn page(
    conn: &impl ConnectionTrait,
    school: School,
    wanted: Wanted<'_>,
    after: Option<(String, Uuid)>,
    limit: u64,
) -> Result<Vec<Listed>, DbErr> {
    use study_group::Column as G;
    let mut query = study_group::Entity::find()
        .filter(G::SchoolId.eq(school.uuid()))
        .filter(G::AcademicYear.eq(wanted.academic_year));
    if let Some(class) = wanted.class {
        query = query.filter(G::ClassId.eq(class.uuid()));
    }
    if let Some(kind) = wanted.kind {
        query = query.filter(G::Kind.eq(column::group_kind(kind)));
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

fn row(school: School, group: &Group, version: i64) -> study_group::Model {
    study_group::Model {
        school_id: school.uuid(),
        group_id: group.id.uuid(),
        academic_year: group.academic_year.clone(),
        title: group.title.clone(),
        sort_key: sort_key(&group.title),
        kind: column::group_kind(group.kind),
        class_id: group.class_id.map(ClassId::uuid),
        grade: group.place.map(|place| place.grade.into()),
        shift: group.place.map(|place| place.shift.into()),
        unmarked: group.unmarked,
        ends_on: group.ends_on.map(column::date),
        version,
    }
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
    const TABLE: &str = "study_group";
    let place = match (row.grade, row.shift) {
        (Some(grade), Some(shift)) => Some(GroupPlace {
            grade: column::read_small((TABLE, "grade"), grade)?,
            shift: column::read_small((TABLE, "shift"), shift)?,
        }),
        _ => None,
    };
    let group = Group {
        id: GroupId::from_uuid(row.group_id),
        academic_year: row.academic_year,
        title: row.title,
        kind: column::read_group_kind((TABLE, "kind"), row.kind)?,
        class_id: row.class_id.map(ClassId::from_uuid),
        place,
        unmarked: row.unmarked,
        ends_on: column::read_end((TABLE, "ends_on"), row.ends_on.as_deref())?,
    };
    Ok(Listed {
        group,
        version: row.version,
        sort_key: row.sort_key,
    })
}
