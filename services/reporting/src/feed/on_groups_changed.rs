//! Groups: titles, and which are no lessons.

use chassis::db::{UnitOfWork, upsert};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use zhurnal_proto::id::GroupId;
use zhurnal_proto::roster::v1::{Group, GroupsChanged};

use super::parse;
use crate::store::School;
use crate::store::entity::study_group;

pub(super) async fn apply(
    uow: &UnitOfWork,
    school: School,
    changed: &GroupsChanged,
) -> anyhow::Result<()> {
    let rows = parse::latest(
        changed
            .groups
            .iter()
            .map(|group| row(school, group).map(|row| (row.group_id, row))),
    )?;
    upsert::<study_group::Entity, _>(uow.conn(), rows).await?;
    if changed.removed_ids.is_empty() {
        return Ok(());
    }
    let gone = changed.removed_ids.iter();
    let gone = gone.map(|id| parse::id::<GroupId>("removed_ids", id));
    let gone = gone.collect::<anyhow::Result<Vec<_>>>()?;
    study_group::Entity::delete_many()
        .filter(study_group::Column::SchoolId.eq(school.id().uuid()))
        .filter(study_group::Column::GroupId.is_in(gone))
        .exec(uow.conn())
        .await?;
    Ok(())
}

fn row(school: School, group: &Group) -> anyhow::Result<study_group::Model> {
    Ok(study_group::Model {
        school_id: school.id().uuid(),
        group_id: parse::id::<GroupId>("group_id", &group.group_id)?,
        title: group.title.clone(),
        kind: parse::small("kind", group.kind)?,
    })
}
