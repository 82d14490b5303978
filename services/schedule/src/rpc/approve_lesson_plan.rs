//! ApproveLessonPlan: a deputy or the administrator approves a plan that has exactly the
//! required hours (R109, R128); announces it.

use chassis::service::Cx;
use chassis::{caller, causal, idempotency};
use tonic::{Request, Response};
use zhurnal_proto::schedule::v1 as pb;

use super::lesson_plan::{self, Wanted};
use super::parse::checked;
use super::{Answer, refused};

pub(super) async fn handle(
    cx: &Cx,
    request: Request<pb::ApproveLessonPlanRequest>,
) -> Answer<pb::ApproveLessonPlanResponse> {
    let caller = caller::of(&request)?.clone();
    let message = request.into_inner();
    checked(&message)?;
    let wanted = Wanted::of(&message.school_id, &message.group_id, &message.subject_id)?;
    let opened = lesson_plan::open(cx, &caller, "schedule.lessonPlans.approve", wanted).await?;

    let own = caller.user().is_some_and(|user| {
        let mut cards = user.cards();
        cards.any(|card| opened.teachers.contains(&card))
    });
    let decision = lesson_plan::decision(cx, &caller);
    let key = idempotency::key(
        &caller.actor(),
        "ApproveLessonPlan",
        &message.request_id,
        &message,
    )?;
    let mut response = idempotency::once(&cx.db, &key, |mut uow| async move {
        let seen = chassis::etag::version(&message.etag);
        let present = lesson_plan::lock_saved(&uow, &opened, seen).await?;
        let changed = present
            .approve(opened.figures.required_hours, own, decision)
            .map_err(|refusal| refused::status(&refusal))?;
        let plan = lesson_plan::write(cx, &mut uow, &opened, &changed).await?;
        Ok((
            uow,
            pb::ApproveLessonPlanResponse {
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
