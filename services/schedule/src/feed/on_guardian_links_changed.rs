//! Guardians: who reads the events of which pupil.

use anyhow::Context;
use chassis::db::UnitOfWork;
use jiff::civil::Date;
use zhurnal_proto::roster::v1::GuardianLink;

use crate::store::School;
use crate::store::event_people::{GuardianFact, put_guardians};

pub(super) async fn apply(
    uow: &UnitOfWork,
    school: School,
    links: &[GuardianLink],
) -> anyhow::Result<()> {
    let facts = links.iter().map(fact);
    let facts = facts.collect::<anyhow::Result<Vec<_>>>()?;
    Ok(put_guardians(uow.conn(), school, &facts).await?)
}

/// A link without a first day has been there since ever.
fn starts_on(link: &GuardianLink) -> anyhow::Result<Date> {
    match link.starts_on.as_str() {
        "" => Ok(jiff::civil::date(1, 1, 1)),
        day => day.parse().context("starts_on"),
    }
}

fn fact(link: &GuardianLink) -> anyhow::Result<GuardianFact> {
    let ends_on = (!link.ends_on.is_empty())
        .then(|| link.ends_on.parse())
        .transpose()
        .context("ends_on")?;
    Ok(GuardianFact {
        id: link.guardian_link_id.parse().context("guardian_link_id")?,
        pupil: link.pupil_id.parse().context("pupil_id")?,
        guardian: link.guardian_id.parse().context("guardian_id")?,
        is_representative: link.is_representative,
        starts_on: starts_on(link)?,
        ends_on,
    })
}
