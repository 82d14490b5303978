//! Memberships: which groups share pupils.

use anyhow::Context;
use chassis::db::UnitOfWork;
use zhurnal_proto::roster::v1::GroupMembership;

use crate::store::School;
use crate::store::roster_copy::{MemberFact, put_members};

pub(super) async fn apply(
    uow: &UnitOfWork,
    school: School,
    memberships: &[GroupMembership],
) -> anyhow::Result<()> {
    let facts = memberships.iter().map(fact);
    let facts = facts.collect::<anyhow::Result<Vec<_>>>()?;
    Ok(put_members(uow.conn(), school, &facts).await?)
}

fn fact(membership: &GroupMembership) -> anyhow::Result<MemberFact> {
    let ends_on = (!membership.ends_on.is_empty())
        .then(|| membership.ends_on.parse())
        .transpose()
        .context("ends_on")?;
    Ok(MemberFact {
        group: membership.group_id.parse().context("group_id")?,
        pupil: membership.pupil_id.parse().context("pupil_id")?,
        starts_on: membership.starts_on.parse().context("starts_on")?,
        ends_on,
    })
}
