//! Classes and their class teachers.

use chassis::db::{UnitOfWork, upsert};
use zhurnal_proto::id::{ClassId, PersonId};
use zhurnal_proto::roster::v1::SchoolClass;

use super::parse;
use crate::store::School;
use crate::store::entity::school_class;

pub(super) async fn apply(
    uow: &UnitOfWork,
    school: School,
    classes: &[SchoolClass],
) -> anyhow::Result<()> {
    let rows = parse::latest(
        classes
            .iter()
            .map(|class| row(school, class).map(|row| (row.class_id, row))),
    )?;
    Ok(upsert::<school_class::Entity, _>(uow.conn(), rows).await?)
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
