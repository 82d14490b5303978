//! Employees: who works here from when to when, and who teaches.

use chassis::db::{UnitOfWork, upsert};
use zhurnal_proto::id::PersonId;
use zhurnal_proto::roster::v1::{Duty, StaffMember};

use super::parse;
use crate::store::School;
use crate::store::entity::staff_member;

pub(super) async fn apply(
    uow: &UnitOfWork,
    school: School,
    staff: &[StaffMember],
) -> anyhow::Result<()> {
    let rows = parse::latest(
        staff
            .iter()
            .map(|one| row(school, one).map(|row| (row.person_id, row))),
    )?;
    Ok(upsert::<staff_member::Entity, _>(uow.conn(), rows).await?)
}

fn row(school: School, one: &StaffMember) -> anyhow::Result<staff_member::Model> {
    Ok(staff_member::Model {
        school_id: school.id().uuid(),
        person_id: parse::id::<PersonId>("person_id", &one.person_id)?,
        post: one.post.clone(),
        teaches: one.duties().any(|duty| duty == Duty::Teacher),
        starts_on: parse::date("starts_on", &one.starts_on)?,
        ends_on: parse::optional_date("ends_on", &one.ends_on)?,
    })
}
