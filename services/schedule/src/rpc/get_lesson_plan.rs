//! GetLessonPlan: the plan of a group in a subject, for its teachers and the school's
//! management, with the year's lessons that are not cancelled.

use chassis::service::Cx;
use chassis::{caller, status};
use tonic::{Request, Response};
use zhurnal_proto::schedule::v1 as pb;

use super::Answer;
use super::lesson_plan::{self, Wanted};
use super::parse::checked;
use crate::store::{lesson_plans, lessons};

pub(super) async fn handle(
    cx: &Cx,
    request: Request<pb::GetLessonPlanRequest>,
) -> Answer<pb::GetLessonPlanResponse> {
    let caller = caller::of(&request)?;
    let message = request.get_ref();
    checked(message)?;
    let wanted = Wanted::of(&message.school_id, &message.group_id, &message.subject_id)?;
    let opened = lesson_plan::open(cx, caller, "schedule.lessonPlans.get", wanted).await?;

    let conn = cx.db.read();
    let plan = lesson_plans::find(conn, opened.school, opened.key())
        .await
        .map_err(status::from_db)?;
    let hours = lessons::to_be_held(conn, opened.school, opened.key())
        .await
        .map_err(status::from_db)?;
    let lessons = hours.into_iter().map(|(lesson, date)| pb::LessonPlanHour {
        lesson_id: lesson.to_string(),
        date,
    });
    Ok(Response::new(pb::GetLessonPlanResponse {
        lesson_plan: Some(opened.view(plan.as_ref())),
        lessons: lessons.collect(),
    }))
}

#[cfg(test)]
mod tests;
