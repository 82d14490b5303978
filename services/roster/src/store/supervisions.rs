//! Who decides on corrections.

use chassis::db::{Corrupt, upsert};
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter};
use zhurnal_proto::id::{PersonId, SupervisionId};

use super::entity::supervision;
use super::{School, column, records, schools};
use crate::domain::record::Supervision;

/// Adds supervisions, and gives known ones their last day.
pub async fn put(
    conn: &impl ConnectionTrait,
    school: School,
    supervisions: &[Supervision],
) -> Result<(), DbErr> {
    let rows = supervisions.iter().map(|one| supervision::Model {
        school_id: school.uuid(),
        supervision_id: one.id.uuid(),
        person_id: one.person_id.uuid(),
        grade_from: i16::from(one.grade_from),
        grade_to: i16::from(one.grade_to),
        starts_on: column::date(one.starts_on),
        ends_on: one.ends_on.map(column::date),
    });
    upsert::<supervision::Entity, _>(conn, rows.collect()).await
}

/// Holds the school's supervisions against other changes until the end of the transaction,
/// and reads all of them.
pub async fn hold(conn: &impl ConnectionTrait, school: School) -> Result<Vec<Supervision>, DbErr> {
    schools::hold(conn, school).await?;
    all(conn, school).await
}

/// Every supervision of the school, past ones too.
pub async fn all(conn: &impl ConnectionTrait, school: School) -> Result<Vec<Supervision>, DbErr> {
    let rows = supervision::Entity::find()
        .filter(supervision::Column::SchoolId.eq(school.uuid()))
        .all(conn)
        .await?;
    records(rows, read)
}

fn read(row: supervision::Model) -> Result<Supervision, Corrupt> {
    const TABLE: &str = "supervision";
    Ok(Supervision {
        id: SupervisionId::from_uuid(row.supervision_id),
        person_id: PersonId::from_uuid(row.person_id),
        grade_from: column::read_small((TABLE, "grade_from"), row.grade_from)?,
        grade_to: column::read_small((TABLE, "grade_to"), row.grade_to)?,
        starts_on: column::read_date((TABLE, "starts_on"), &row.starts_on)?,
        ends_on: column::read_end((TABLE, "ends_on"), row.ends_on.as_deref())?,
    })
}
