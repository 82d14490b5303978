//! A lesson plan: how far it is.

use anyhow::Context;
use chassis::db::{UnitOfWork, upsert};
use zhurnal_proto::id::{GroupId, SubjectId};
use zhurnal_proto::schedule::v1::LessonPlanChanged;

use super::parse;
use crate::store::School;
use crate::store::entity::lesson_plan;

pub(super) async fn apply(
    uow: &UnitOfWork,
    school: School,
    changed: &LessonPlanChanged,
) -> anyhow::Result<()> {
    let plan = changed
        .lesson_plan
        .as_ref()
        .context("lesson_plan_changed without a plan")?;
    let row = lesson_plan::Model {
        school_id: school.id().uuid(),
        group_id: parse::id::<GroupId>("group_id", &plan.group_id)?,
        subject_id: parse::id::<SubjectId>("subject_id", &plan.subject_id)?,
        state: parse::small("state", plan.state)?,
    };
    Ok(upsert::<lesson_plan::Entity, _>(uow.conn(), vec![row]).await?)
}
