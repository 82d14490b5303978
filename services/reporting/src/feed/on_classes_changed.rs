//! Classes and their class teachers.

use chassis::db::{UnitOfWork, upsert};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use zhurnal_proto::id::{ClassId, PersonId};
use zhurnal_proto::roster::v1::{ClassesChanged, SchoolClass};

use super::parse;
use crate::store::School;
use crate::store::entity::school_class;

pub(super) async fn apply(
    uow: &UnitOfWork,
    school: School,
    changed: &ClassesChanged,
) -> anyhow::Result<()> {
    let rows = parse::latest(
        changed
            .classes
            .iter()
            .map(|class| row(school, class).map(|row| (row.class_id, row))),
    )?;
    upsert::<school_class::Entity, _>(uow.conn(), rows).await?;
    if changed.removed_ids.is_empty() {
        return Ok(());
    }
    let gone = changed.removed_ids.iter();
    let gone = gone.map(|id| parse::id::<ClassId>("removed_ids", id));
    let gone = gone.collect::<anyhow::Result<Vec<_>>>()?;
    school_class::Entity::delete_many()
        .filter(school_class::Column::SchoolId.eq(school.id().uuid()))
        .filter(school_class::Column::ClassId.is_in(gone))
        .exec(uow.conn())
        .await?;
    Ok(())
}

fn row(school: School, class: &SchoolClass) -> anyhow::Result<school_class::Model> {
    Ok(school_class::Model {
        school_id: school.id().uuid(),
        class_id: parse::id::<ClassId>("class_id", &class.class_id)?,
        academic_year: class.academic_year.clone(),
        grade: parse::small("grade", class.grade)?,
        letter: class.letter.clone(),
        title: class.title.clone(),
        class_teacher_id: parse::optional_id::<PersonId>(
            "class_teacher_id",
            &class.class_teacher_id,
        )?,
        shift: parse::small("shift", class.shift)?,
    })
}
