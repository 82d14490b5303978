//! Teaching loads: who teaches what to whom.

use chassis::db::{UnitOfWork, upsert};
use zhurnal_proto::id::{GroupId, PersonId, SubjectId, TeachingLoadId};
use zhurnal_proto::schedule::v1::TeachingLoad;

use super::parse;
use crate::store::School;
use crate::store::entity::teaching_load;

pub(super) async fn apply(
    uow: &UnitOfWork,
    school: School,
    loads: &[TeachingLoad],
) -> anyhow::Result<()> {
    let rows = parse::latest(
        loads
            .iter()
            .map(|load| row(school, load).map(|row| (row.teaching_load_id, row))),
    )?;
    Ok(upsert::<teaching_load::Entity, _>(uow.conn(), rows).await?)
}

fn row(school: School, load: &TeachingLoad) -> anyhow::Result<teaching_load::Model> {
    Ok(teaching_load::Model {
        school_id: school.id().uuid(),
        teaching_load_id: parse::id::<TeachingLoadId>("teaching_load_id", &load.teaching_load_id)?,
        group_id: parse::id::<GroupId>("group_id", &load.group_id)?,
        subject_id: parse::id::<SubjectId>("subject_id", &load.subject_id)?,
        teacher_id: parse::id::<PersonId>("teacher_id", &load.teacher_id)?,
        starts_on: parse::date("starts_on", &load.starts_on)?,
        ends_on: parse::optional_date("ends_on", &load.ends_on)?,
    })
}
