//! What CancelLesson and SubstituteTeacher have in common: one lesson is read
//! under lock, changed by the domain, written, announced.

use chassis::db::UnitOfWork;
use chassis::service::Cx;
use chassis::status;
use tonic::Status;
use zhurnal_proto::id::{LessonId, PersonId};
use zhurnal_proto::schedule::v1 as pb;
use zhurnal_proto::schedule::v1::schedule_event::Change;

use super::{announce, convert};
use crate::domain::lesson::Lesson;
use crate::store::{School, lessons};

/// The lesson as it is now, kept from others until the unit of work ends.
pub async fn lock(uow: &UnitOfWork, school: School, id: LessonId) -> Result<Lesson, Status> {
    let lesson = lessons::lock(uow.conn(), school, id)
        .await
        .map_err(status::from_db)?;
    lesson.ok_or_else(|| status::not_found("lesson"))
}

/// Writes and announces the lesson's new state, and whoever had to give it before; the lesson
/// as people see it.
pub async fn write(
    cx: &Cx,
    uow: &mut UnitOfWork,
    school: School,
    (before, changed): (PersonId, &Lesson),
) -> Result<pb::Lesson, Status> {
    if !lessons::save(uow.conn(), school, (changed, cx.clock.now()))
        .await
        .map_err(status::from_db)?
    {
        return Err(status::conflict(
            "CONCURRENT_CHANGE",
            "Одновременное изменение, повторите",
        ));
    }
    let view = lessons::find(uow.conn(), school, changed.id)
        .await
        .map_err(status::from_db)?;
    let view = view.ok_or_else(|| status::not_found("lesson"))?;
    let lesson = convert::lesson(school.id(), &view);
    let change = Change::LessonsChanged(pb::LessonsChanged {
        lessons: vec![lesson.clone()],
    });
    uow.announce(announce::event(school.id(), cx.clock.now(), change));
    let altered = Change::LessonAltered(pb::LessonAltered {
        lesson: Some(lesson.clone()),
        previous_teacher_id: before.to_string(),
    });
    uow.announce(announce::event(school.id(), cx.clock.now(), altered));
    Ok(lesson)
}
