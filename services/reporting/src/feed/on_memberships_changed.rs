//! Memberships: who is in which group when.

use chassis::db::{UnitOfWork, upsert};
use zhurnal_proto::id::{GroupId, PersonId};
use zhurnal_proto::roster::v1::GroupMembership;

use super::parse;
use crate::store::School;
use crate::store::entity::group_membership;

pub(super) async fn apply(
    uow: &UnitOfWork,
    school: School,
    memberships: &[GroupMembership],
) -> anyhow::Result<()> {
    let keyed = |one: &GroupMembership| {
        let row = row(school, one)?;
        Ok(((row.group_id, row.pupil_id, row.starts_on.clone()), row))
    };
    let rows = parse::latest(memberships.iter().map(keyed))?;
    Ok(upsert::<group_membership::Entity, _>(uow.conn(), rows).await?)
}

fn row(school: School, membership: &GroupMembership) -> anyhow::Result<group_membership::Model> {
    Ok(group_membership::Model {
        school_id: school.id().uuid(),
        group_id: parse::id::<GroupId>("group_id", &membership.group_id)?,
        pupil_id: parse::id::<PersonId>("pupil_id", &membership.pupil_id)?,
        starts_on: parse::date("starts_on", &membership.starts_on)?,
        ends_on: parse::optional_date("ends_on", &membership.ends_on)?,
    })
}
