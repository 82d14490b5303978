//! SubstituteTeacher: a deputy or the administrator puts another teacher of the
//! school on a planned lesson (замена, R115), or gives it back to the timetable's
//! teacher; the lesson's new state is announced.

use chassis::access::Facts;
use chassis::db::UnitOfWork;
use chassis::service::Cx;
use chassis::{caller, causal, idempotency, status};
use tonic::{Request, Response, Status};
use zhurnal_proto::id::{LessonId, PersonId, SchoolId};
use zhurnal_proto::schedule::v1 as pb;

use super::parse::{self, checked};
use super::{Answer, lesson_change, refused};
use crate::domain::lesson::Lesson;
use crate::domain::refusal::Refusal;
use crate::store::{School, lessons, loads, roster_copy};

struct Command {
    school: SchoolId,
    lesson: LessonId,
    teacher: PersonId,
    reason: String,
    seen: Option<i64>,
}

impl TryFrom<&pb::SubstituteTeacherRequest> for Command {
    type Error = Status;

    fn try_from(request: &pb::SubstituteTeacherRequest) -> Result<Self, Status> {
        checked(request)?;
        Ok(Self {
            school: parse::id("schoolId", &request.school_id)?,
            lesson: parse::id("lessonId", &request.lesson_id)?,
            teacher: parse::id("teacherId", &request.teacher_id)?,
            reason: request.reason.trim().to_owned(),
            seen: chassis::etag::version(&request.etag),
        })
    }
}

pub(super) async fn handle(
    cx: &Cx,
    request: Request<pb::SubstituteTeacherRequest>,
) -> Answer<pb::SubstituteTeacherResponse> {
    let caller = caller::of(&request)?.clone();
    let message = request.into_inner();
    let command = Command::try_from(&message)?;
    let facts = Facts::object("Lesson", command.lesson, command.school);
    let scope = cx
        .access
        .check(&caller, "schedule.lessons.substitute", &facts)?;
    let school = parse::school(&scope)?;

    let key = idempotency::key(
        &caller.actor(),
        "SubstituteTeacher",
        &message.request_id,
        &message,
    )?;
    let mut response = idempotency::once(&cx.db, &key, |mut uow| async move {
        let (before, changed) = decide(&uow, school, command).await?;
        let lesson = lesson_change::write(cx, &mut uow, school, (before, &changed)).await?;
        Ok((
            uow,
            pb::SubstituteTeacherResponse {
                lesson: Some(lesson),
                causal_token: None,
            },
        ))
    })
    .await?;
    response.causal_token = causal::token(cx).await;
    Ok(Response::new(response))
}

/// Whoever had to give the lesson and the lesson with its new teacher, or why not.
async fn decide(
    uow: &UnitOfWork,
    school: School,
    command: Command,
) -> Result<(PersonId, Lesson), Status> {
    let lesson = lesson_change::lock(uow, school, command.lesson).await?;
    let before = lesson.taught_by().unwrap_or(lesson.teacher);
    let lesson = lesson
        .seen_as(command.seen)
        .map_err(|refusal| refused::status(&refusal))?;
    let others =
        lessons::lock_day_of_teacher(uow.conn(), school, command.teacher, lesson.slot.date)
            .await
            .map_err(status::from_db)?;
    if !is_teacher(uow, school, command.teacher, &lesson).await? {
        return Err(refused::status(&Refusal::TeacherUnknown));
    }
    let changed = lesson.put_teacher(command.teacher, command.reason, &others);
    let changed = changed.map_err(|refusal| refused::status(&refusal))?;
    Ok((before, changed))
}

/// Whether the person teaches at the school on that day: is on the staff, and has
/// the duty of a teacher or a load of their own (a deputy with lessons).
async fn is_teacher(
    uow: &UnitOfWork,
    school: School,
    person: PersonId,
    lesson: &Lesson,
) -> Result<bool, Status> {
    let staff = roster_copy::staff_member(uow.conn(), school, person)
        .await
        .map_err(status::from_db)?;
    match staff {
        Some(staff) if staff.is_employed_on(lesson.slot.date) => Ok(staff.teaches
            || loads::teaches(uow.conn(), school, person)
                .await
                .map_err(status::from_db)?),
        _ => Ok(false),
    }
}

#[cfg(test)]
mod tests;
