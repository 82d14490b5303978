//! ReturnLessonPlan: a deputy or the administrator sends a plan back to its teacher with
//! a remark; announces it.

use chassis::service::Cx;
use chassis::{caller, causal, idempotency};
use tonic::{Request, Response};
use zhurnal_proto::schedule::v1 as pb;

use super::Answer;
use super::lesson_plan::{self, Wanted};
use super::parse::checked;

pub(super) async fn handle(
    cx: &Cx,
    request: Request<pb::ReturnLessonPlanRequest>,
) -> Answer<pb::ReturnLessonPlanResponse> {
    let caller = caller::of(&request)?.clone();
    let message = request.into_inner();
    checked(&message)?;
    let wanted = Wanted::of(&message.school_id, &message.group_id, &message.subject_id)?;
    let opened = lesson_plan::open(cx, &caller, "schedule.lessonPlans.return", wanted).await?;

    let decision = lesson_plan::decision(cx, &caller);
    let key = idempotency::key(
        &caller.actor(),
        "ReturnLessonPlan",
        &message.request_id,
        &message,
    )?;
    let mut response = idempotency::once(&cx.db, &key, |mut uow| async move {
        let seen = chassis::etag::version(&message.etag);
        let present = lesson_plan::lock_saved(&uow, &opened, seen).await?;
        let changed = present.send_back(message.remark.trim().to_owned(), decision);
        let plan = lesson_plan::write(cx, &mut uow, &opened, &changed).await?;
        Ok((
            uow,
            pb::ReturnLessonPlanResponse {
                lesson_plan: Some(plan),
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
