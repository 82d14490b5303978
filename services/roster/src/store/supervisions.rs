//! Who decides on corrections.

use sea_orm::{ConnectionTrait, DbErr};

use super::entity::supervision;
use super::{School, column, insert};
use crate::domain::record::Supervision;

/// Adds supervisions.
pub async fn add(
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
    insert::all(conn, rows.collect()).await
}
