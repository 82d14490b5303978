//! Classes of a school: which ones there are.

use std::collections::BTreeMap;

use anyhow::Context;
use chassis::db::UnitOfWork;
use zhurnal_proto::id::ClassId;
use zhurnal_proto::roster::v1::{ClassesChanged, SchoolClass};

use crate::store::School;
use crate::store::roster_copy::{ClassFact, put_classes, remove_classes};
use crate::store::year_groups::place_groups;

pub(super) async fn apply(
    uow: &UnitOfWork,
    school: School,
    changed: &ClassesChanged,
) -> anyhow::Result<()> {
    // By id: the last state of a record named twice is the present one.
    let facts = changed
        .classes
        .iter()
        .map(|class| fact(class).map(|fact| (fact.id, fact)));
    let facts: BTreeMap<_, _> = facts.collect::<anyhow::Result<_>>()?;
    let facts: Vec<ClassFact> = facts.into_values().collect();
    put_classes(uow.conn(), school, &facts).await?;
    place_groups(uow.conn(), school).await?;
    let gone = changed.removed_ids.iter();
    let gone = gone.map(|id| id.parse().context("removed_ids"));
    let gone = gone.collect::<anyhow::Result<Vec<ClassId>>>()?;
    Ok(remove_classes(uow.conn(), school, &gone).await?)
}

fn fact(class: &SchoolClass) -> anyhow::Result<ClassFact> {
    let teacher = (!class.class_teacher_id.is_empty())
        .then(|| class.class_teacher_id.parse())
        .transpose()
        .context("class_teacher_id")?;
    Ok(ClassFact {
        id: class.class_id.parse().context("class_id")?,
        year: class.academic_year.parse().context("academic_year")?,
        title: class.title.clone(),
        grade: class.grade.try_into().context("grade")?,
        shift: u8::try_from(class.shift).context("shift")?.max(1),
        teacher,
    })
}
