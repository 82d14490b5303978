//! Enrolments: who is in which class when.

use chassis::db::{UnitOfWork, upsert};
use zhurnal_proto::id::{ClassId, EnrolmentId, PersonId};
use zhurnal_proto::roster::v1::Enrolment;

use super::parse;
use crate::store::School;
use crate::store::entity::enrolment;

pub(super) async fn apply(
    uow: &UnitOfWork,
    school: School,
    enrolments: &[Enrolment],
) -> anyhow::Result<()> {
    let rows = parse::latest(
        enrolments
            .iter()
            .map(|one| row(school, one).map(|row| (row.enrolment_id, row))),
    )?;
    Ok(upsert::<enrolment::Entity, _>(uow.conn(), rows).await?)
}

fn row(school: School, enrolment: &Enrolment) -> anyhow::Result<enrolment::Model> {
    Ok(enrolment::Model {
        school_id: school.id().uuid(),
        enrolment_id: parse::id::<EnrolmentId>("enrolment_id", &enrolment.enrolment_id)?,
        pupil_id: parse::id::<PersonId>("pupil_id", &enrolment.pupil_id)?,
        class_id: parse::id::<ClassId>("class_id", &enrolment.class_id)?,
        education_form: parse::small("education_form", enrolment.education_form)?,
        starts_on: parse::date("starts_on", &enrolment.starts_on)?,
        ends_on: parse::optional_date("ends_on", &enrolment.ends_on)?,
        by_order: !enrolment.order_id.is_empty(),
    })
}
