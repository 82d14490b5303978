//! Groups: titles, and which are no lessons.

use chassis::db::{UnitOfWork, upsert};
use zhurnal_proto::id::GroupId;
use zhurnal_proto::roster::v1::Group;

use super::parse;
use crate::store::School;
use crate::store::entity::study_group;

pub(super) async fn apply(
    uow: &UnitOfWork,
    school: School,
    groups: &[Group],
) -> anyhow::Result<()> {
    let rows = parse::latest(
        groups
            .iter()
            .map(|group| row(school, group).map(|row| (row.group_id, row))),
    )?;
    Ok(upsert::<study_group::Entity, _>(uow.conn(), rows).await?)
}

fn row(school: School, group: &Group) -> anyhow::Result<study_group::Model> {
    Ok(study_group::Model {
        school_id: school.id().uuid(),
        group_id: parse::id::<GroupId>("group_id", &group.group_id)?,
        title: group.title.clone(),
        kind: parse::small("kind", group.kind)?,
    })
}
