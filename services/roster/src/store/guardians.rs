//! Guardians of pupils.

use std::collections::HashMap;

use chassis::db::Corrupt;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel,
    QueryFilter, QueryOrder,
};
use zhurnal_proto::id::{GuardianLinkId, PersonId};

use super::column;
use super::entity::guardian_link;
use super::{School, insert, records};
use crate::domain::record::GuardianLink;

/// Adds links.
pub async fn add(
    conn: &impl ConnectionTrait,
    school: School,
    links: &[GuardianLink],
) -> Result<(), DbErr> {
    let rows = links.iter().map(|link| row(school, link));
    insert::all(conn, rows.collect()).await
}

/// Links of a pupil, in force or not, in the order in which they were made.
pub async fn of_pupil(
    conn: &impl ConnectionTrait,
    school: School,
    pupil: PersonId,
) -> Result<Vec<GuardianLink>, DbErr> {
    of_pupils(conn, school, &[pupil]).await
}

/// Versions of the links of a pupil.
pub async fn versions(
    conn: &impl ConnectionTrait,
    school: School,
    pupil: PersonId,
) -> Result<HashMap<GuardianLinkId, i64>, DbErr> {
    let rows = guardian_link::Entity::find()
        .filter(guardian_link::Column::SchoolId.eq(school.uuid()))
        .filter(guardian_link::Column::PupilId.eq(pupil.uuid()))
        .all(conn)
        .await?;
    let version =
        |row: guardian_link::Model| (GuardianLinkId::from_uuid(row.guardian_link_id), row.version);
    Ok(rows.into_iter().map(version).collect())
}

/// A link that is there becomes as it is given.
pub async fn replace(
    conn: &impl ConnectionTrait,
    school: School,
    link: &GuardianLink,
    version: i64,
) -> Result<(), DbErr> {
    let row = guardian_link::Model {
        version,
        ..row(school, link)
    };
    guardian_link::Entity::update(row.into_active_model().reset_all())
        .exec(conn)
        .await?;
    Ok(())
}

/// Links by id.
pub async fn by_ids(
    conn: &impl ConnectionTrait,
    school: School,
    ids: &[GuardianLinkId],
) -> Result<Vec<GuardianLink>, DbErr> {
    let rows = guardian_link::Entity::find()
        .filter(guardian_link::Column::SchoolId.eq(school.uuid()))
        .filter(guardian_link::Column::GuardianLinkId.is_in(ids.iter().map(|id| id.uuid())))
        .all(conn)
        .await?;
    records(rows, read)
}

/// Links of some pupils, in the order in which they were made.
pub async fn of_pupils(
    conn: &impl ConnectionTrait,
    school: School,
    pupils: &[PersonId],
) -> Result<Vec<GuardianLink>, DbErr> {
    let rows = guardian_link::Entity::find()
        .filter(guardian_link::Column::SchoolId.eq(school.uuid()))
        .filter(guardian_link::Column::PupilId.is_in(pupils.iter().map(|one| one.uuid())))
        .order_by_asc(guardian_link::Column::GuardianLinkId)
        .all(conn)
        .await?;
    records(rows, read)
}

/// Whether the card is of anybody's guardian, past or present.
pub async fn is_guardian(
    conn: &impl ConnectionTrait,
    school: School,
    guardian: PersonId,
) -> Result<bool, DbErr> {
    let found = guardian_link::Entity::find()
        .filter(guardian_link::Column::SchoolId.eq(school.uuid()))
        .filter(guardian_link::Column::GuardianId.eq(guardian.uuid()))
        .one(conn)
        .await?;
    Ok(found.is_some())
}

/// A link is taken away.
pub async fn remove(
    conn: &impl ConnectionTrait,
    school: School,
    id: GuardianLinkId,
) -> Result<(), DbErr> {
    guardian_link::Entity::delete_by_id((school.uuid(), id.uuid()))
        .exec(conn)
        .await?;
    Ok(())
}

fn row(school: School, link: &GuardianLink) -> guardian_link::Model {
    guardian_link::Model {
        school_id: school.uuid(),
        guardian_link_id: link.id.uuid(),
        guardian_id: link.guardian_id.uuid(),
        pupil_id: link.pupil_id.uuid(),
        relation: link.relation.clone(),
        is_representative: link.is_representative,
        informing: column::informing(link.informing),
        starts_on: column::date(link.starts_on),
        ends_on: link.ends_on.map(column::date),
        version: 1,
    }
}

fn read(row: guardian_link::Model) -> Result<GuardianLink, Corrupt> {
    Ok(GuardianLink {
        id: GuardianLinkId::from_uuid(row.guardian_link_id),
        guardian_id: PersonId::from_uuid(row.guardian_id),
        pupil_id: PersonId::from_uuid(row.pupil_id),
        relation: row.relation,
        is_representative: row.is_representative,
        informing: column::read_informing(("guardian_link", "informing"), row.informing)?,
        starts_on: column::read_date(("guardian_link", "starts_on"), &row.starts_on)?,
        ends_on: column::read_end(("guardian_link", "ends_on"), row.ends_on.as_deref())?,
    })
}
