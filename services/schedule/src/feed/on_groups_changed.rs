//! Groups of a school: titles, and of which class they are.

use std::collections::BTreeMap;

use anyhow::Context;
use chassis::db::UnitOfWork;
use zhurnal_proto::id::GroupId;
use zhurnal_proto::roster::v1::{Group, GroupsChanged};

use crate::store::School;
use crate::store::roster_copy::{GroupFact, put_groups, remove_groups};

pub(super) async fn apply(
    uow: &UnitOfWork,
    school: School,
    changed: &GroupsChanged,
) -> anyhow::Result<()> {
    let facts = changed
        .groups
        .iter()
        .map(|group| fact(group).map(|fact| (fact.id, fact)));
    let facts: BTreeMap<_, _> = facts.collect::<anyhow::Result<_>>()?;
    let facts: Vec<GroupFact> = facts.into_values().collect();
    put_groups(uow.conn(), school, &facts).await?;
    let gone = changed.removed_ids.iter();
    let gone = gone.map(|id| id.parse().context("removed_ids"));
    let gone = gone.collect::<anyhow::Result<Vec<GroupId>>>()?;
    Ok(remove_groups(uow.conn(), school, &gone).await?)
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
