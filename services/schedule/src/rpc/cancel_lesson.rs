//! CancelLesson: a deputy or the administrator cancels a planned lesson; the
//! lesson's new state is announced.

use chassis::access::Facts;
use chassis::service::Cx;
use chassis::{caller, causal, idempotency};
use tonic::{Request, Response, Status};
use zhurnal_proto::id::{LessonId, SchoolId};
use zhurnal_proto::schedule::v1 as pb;

use super::parse::{self, checked};
use super::{Answer, lesson_change, refused};

struct Command {
    school: SchoolId,
    lesson: LessonId,
    reason: String,
    seen: Option<i64>,
}

impl TryFrom<&pb::CancelLessonRequest> for Command {
    type Error = Status;

    fn try_from(request: &pb::CancelLessonRequest) -> Result<Self, Status> {
        checked(request)?;
        Ok(Self {
            school: parse::id("schoolId", &request.school_id)?,
            lesson: parse::id("lessonId", &request.lesson_id)?,
            reason: request.reason.trim().to_owned(),
            seen: chassis::etag::version(&request.etag),
        })
    }
}

pub(super) async fn handle(
    cx: &Cx,
    request: Request<pb::CancelLessonRequest>,
) -> Answer<pb::CancelLessonResponse> {
    let caller = caller::of(&request)?.clone();
    let message = request.into_inner();
    let command = Command::try_from(&message)?;
    let facts = Facts::object("Lesson", command.lesson, command.school);
    let scope = cx
        .access
        .check(&caller, "schedule.lessons.cancel", &facts)?;
    let school = parse::school(&scope)?;

    let key = idempotency::key(
        &caller.actor(),
        "CancelLesson",
        &message.request_id,
        &message,
    )?;
    let mut response = idempotency::once(&cx.db, &key, |mut uow| async move {
        let lesson = lesson_change::lock(&uow, school, command.lesson).await?;
        let before = lesson.taught_by().unwrap_or(lesson.teacher);
        let cancelled = lesson
            .seen_as(command.seen)
            .and_then(|lesson| lesson.cancel(command.reason));
        let cancelled = cancelled.map_err(|refusal| refused::status(&refusal))?;
        let lesson = lesson_change::write(cx, &mut uow, school, (before, &cancelled)).await?;
        Ok((
            uow,
            pb::CancelLessonResponse {
                lesson: Some(lesson),
                causal_token: None,
            },
        ))
    })
    .await?;
    response.causal_token = causal::token(cx).await;
    Ok(Response::new(response))
}

#[cfg(test)]
mod tests;
