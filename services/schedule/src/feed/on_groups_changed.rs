//! Groups of a school: titles, and of which class they are.

use std::collections::BTreeMap;

use anyhow::Context;
use chassis::db::UnitOfWork;
use zhurnal_proto::roster::v1::Group;

use crate::store::School;
use crate::store::roster_copy::{GroupFact, put_groups};

pub(super) async fn apply(
    uow: &UnitOfWork,
    school: School,
    groups: &[Group],
) -> anyhow::Result<()> {
    let facts = groups
        .iter()
        .map(|group| fact(group).map(|fact| (fact.id, fact)));
    let facts: BTreeMap<_, _> = facts.collect::<anyhow::Result<_>>()?;
    let facts: Vec<GroupFact> = facts.into_values().collect();
    Ok(put_groups(uow.conn(), school, &facts).await?)
}

fn fact(group: &Group) -> anyhow::Result<GroupFact> {
    let class = (!group.class_id.is_empty())
        .then(|| group.class_id.parse())
        .transpose()
        .context("class_id")?;
    Ok(GroupFact {
        id: group.group_id.parse().context("group_id")?,
        year: group.academic_year.parse().context("academic_year")?,
        title: group.title.clone(),
        class,
    })
}
