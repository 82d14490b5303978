//! Whose guardian somebody is.

use chassis::db::{UnitOfWork, upsert};
use zhurnal_proto::id::{GuardianLinkId, PersonId};
use zhurnal_proto::roster::v1::GuardianLink;

use super::parse;
use crate::store::School;
use crate::store::entity::guardian_link;

pub(super) async fn apply(
    uow: &UnitOfWork,
    school: School,
    links: &[GuardianLink],
) -> anyhow::Result<()> {
    let rows = parse::latest(
        links
            .iter()
            .map(|link| row(school, link).map(|row| (row.guardian_link_id, row))),
    )?;
    Ok(upsert::<guardian_link::Entity, _>(uow.conn(), rows).await?)
}

fn row(school: School, link: &GuardianLink) -> anyhow::Result<guardian_link::Model> {
    Ok(guardian_link::Model {
        school_id: school.id().uuid(),
        guardian_link_id: parse::id::<GuardianLinkId>("guardian_link_id", &link.guardian_link_id)?,
        guardian_id: parse::id::<PersonId>("guardian_id", &link.guardian_id)?,
        pupil_id: parse::id::<PersonId>("pupil_id", &link.pupil_id)?,
        is_representative: link.is_representative,
        starts_on: parse::date("starts_on", &link.starts_on)?,
        ends_on: parse::optional_date("ends_on", &link.ends_on)?,
    })
}
