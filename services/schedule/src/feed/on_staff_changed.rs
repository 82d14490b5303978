//! Staff of a school: who may be put on a lesson, and when.

use std::collections::BTreeMap;

use anyhow::Context;
use chassis::db::UnitOfWork;
use zhurnal_proto::roster::v1::{Duty, StaffMember};

use crate::store::School;
use crate::store::roster_copy::{StaffFact, put_staff};

pub(super) async fn apply(
    uow: &UnitOfWork,
    school: School,
    staff: &[StaffMember],
) -> anyhow::Result<()> {
    let facts = staff
        .iter()
        .map(|member| fact(member).map(|fact| (fact.id, fact)));
    let facts: BTreeMap<_, _> = facts.collect::<anyhow::Result<_>>()?;
    let facts: Vec<StaffFact> = facts.into_values().collect();
    Ok(put_staff(uow.conn(), school, &facts).await?)
}

fn fact(member: &StaffMember) -> anyhow::Result<StaffFact> {
    let ends_on = (!member.ends_on.is_empty())
        .then(|| member.ends_on.parse())
        .transpose()
        .context("ends_on")?;
    Ok(StaffFact {
        id: member.person_id.parse().context("person_id")?,
        teaches: member.duties().any(|duty| duty == Duty::Teacher),
        starts_on: member.starts_on.parse().context("starts_on")?,
        ends_on,
    })
}
