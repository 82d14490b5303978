//! A school: title, place, zone.

use anyhow::Context;
use chassis::db::{UnitOfWork, upsert};
use zhurnal_proto::id::{MunicipalityId, SchoolId};
use zhurnal_proto::roster::v1::SchoolChanged;

use super::parse;
use crate::store::entity::school;

pub(super) async fn apply(uow: &UnitOfWork, changed: &SchoolChanged) -> anyhow::Result<()> {
    let school = changed
        .school
        .as_ref()
        .context("school_changed without a school")?;
    jiff::tz::TimeZone::get(&school.time_zone).context("time_zone")?;
    let municipality_id = match school.municipality_id.as_str() {
        "" => None,
        id => Some(parse::id::<MunicipalityId>("municipality_id", id)?),
    };
    let row = school::Model {
        school_id: parse::id::<SchoolId>("school_id", &school.school_id)?,
        title: school.title.clone(),
        municipality: school.municipality.clone(),
        municipality_id,
        academic_year: school.academic_year.clone(),
        time_zone: school.time_zone.clone(),
    };
    Ok(upsert::<school::Entity, _>(uow.conn(), vec![row]).await?)
}
