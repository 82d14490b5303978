//! Dated lessons, and with them the titles of their subjects.

use chassis::db::{UnitOfWork, upsert};
use zhurnal_proto::id::{ClassId, GroupId, LessonId, PersonId, SubjectId};
use zhurnal_proto::schedule::v1::{Lesson, LessonState};

use super::parse;
use crate::store::entity::{lesson, subject};
use crate::store::{School, lessons};

pub(super) async fn apply(uow: &UnitOfWork, school: School, told: &[Lesson]) -> anyhow::Result<()> {
    let subjects = parse::latest(
        told.iter()
            .map(|one| subject(school, one).map(|row| (row.subject_id, row))),
    )?;
    let rows = parse::latest(
        told.iter()
            .map(|one| row(school, one).map(|row| (row.lesson_id, row))),
    )?;
    upsert::<subject::Entity, _>(uow.conn(), subjects).await?;
    Ok(lessons::put(uow.conn(), school, rows).await?)
}

fn subject(school: School, lesson: &Lesson) -> anyhow::Result<subject::Model> {
    Ok(subject::Model {
        school_id: school.id().uuid(),
        subject_id: parse::id::<SubjectId>("subject_id", &lesson.subject_id)?,
        title: lesson.subject_title.clone(),
    })
}

fn row(school: School, lesson: &Lesson) -> anyhow::Result<lesson::Model> {
    let group_id = parse::id::<GroupId>("group_id", &lesson.group_id)?;
    let class_id = parse::optional_id::<ClassId>("class_id", &lesson.class_id)?;
    let ends_at = parse::time("ends_at", &lesson.ends_at)?;
    Ok(lesson::Model {
        school_id: school.id().uuid(),
        lesson_id: parse::id::<LessonId>("lesson_id", &lesson.lesson_id)?,
        academic_year: lesson.academic_year.clone(),
        date: parse::date("date", &lesson.date)?,
        lesson_number: parse::small("lesson_number", lesson.lesson_number)?,
        last_end: ends_at.clone(),
        ends_at,
        group_id,
        class_id,
        unit_id: class_id.unwrap_or(group_id),
        grade: parse::small("grade", lesson.grade)?,
        subject_id: parse::id::<SubjectId>("subject_id", &lesson.subject_id)?,
        teacher_id: parse::optional_id::<PersonId>("teacher_id", &lesson.teacher_id)?,
        substitute_id: parse::optional_id::<PersonId>("substitute_id", &lesson.substitute_id)?,
        state: match lesson.state() {
            // Not to be held either way; what was recorded there counts no more.
            LessonState::Removed => parse::small("state", LessonState::Cancelled as i32)?,
            _ => parse::small("state", lesson.state)?,
        },
    })
}
