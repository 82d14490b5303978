//! PutLessonPlan: a teacher of the load, a deputy or the administrator saves the whole
//! plan as a draft and is told by how much its hours differ (R128, R157); announces it.

use chassis::db::UnitOfWork;
use chassis::service::Cx;
use chassis::{caller, causal, idempotency, status};
use tonic::{Request, Response, Status};
use zhurnal_proto::id::ThemeId;
use zhurnal_proto::schedule::v1 as pb;

use super::lesson_plan::{self, Opened, Wanted};
use super::parse::checked;
use super::{Answer, convert_plan, refused};
use crate::domain::lesson_plan::{LessonPlan, Misfit, ThemeText, number_themes};
use crate::domain::refusal::Refusal;

struct Command {
    wanted: Wanted,
    title: String,
    themes: Vec<(Option<ThemeId>, ThemeText)>,
    seen: Option<i64>,
}

impl TryFrom<&pb::PutLessonPlanRequest> for Command {
    type Error = Status;

    fn try_from(request: &pb::PutLessonPlanRequest) -> Result<Self, Status> {
        checked(request)?;
        let themes = request.themes.iter().enumerate();
        let themes = themes.map(|(at, theme)| convert_plan::read_theme(at, theme));
        Ok(Self {
            wanted: Wanted::of(&request.school_id, &request.group_id, &request.subject_id)?,
            title: request.title.trim().to_owned(),
            themes: themes.collect::<Result<_, _>>()?,
            seen: chassis::etag::version(&request.etag),
        })
    }
}

pub(super) async fn handle(
    cx: &Cx,
    request: Request<pb::PutLessonPlanRequest>,
) -> Answer<pb::PutLessonPlanResponse> {
    let caller = caller::of(&request)?.clone();
    let message = request.into_inner();
    let command = Command::try_from(&message)?;
    let opened = lesson_plan::open(cx, &caller, "schedule.lessonPlans.put", command.wanted).await?;

    let key = idempotency::key(
        &caller.actor(),
        "PutLessonPlan",
        &message.request_id,
        &message,
    )?;
    let mut response = idempotency::once(&cx.db, &key, |mut uow| async move {
        let plan = put(cx, &mut uow, &opened, command).await?;
        Ok((
            uow,
            pb::PutLessonPlanResponse {
                lesson_plan: Some(plan),
                causal_token: None,
            },
        ))
    })
    .await?;
    response.causal_token = causal::token(cx).await;
    Ok(Response::new(response))
}

async fn put(
    cx: &Cx,
    uow: &mut UnitOfWork,
    opened: &Opened,
    command: Command,
) -> Result<pb::LessonPlan, Status> {
    let present = lesson_plan::lock(uow, opened).await?;
    let present = seen(present, command.seen).map_err(|refusal| refused::status(&refusal))?;
    let new_id = || ThemeId::from_uuid(cx.ids.uuid());
    let themes = number_themes(present.as_ref(), command.themes, new_id).map_err(misfits)?;
    let now = cx.clock.now();
    let changed = match present.clone() {
        None => Some(LessonPlan::first(command.title, themes, now)),
        Some(plan) => plan.put(command.title, themes, now),
    };
    match changed {
        Some(changed) => lesson_plan::write(cx, uow, opened, &changed).await,
        None => Ok(opened.view(present.as_ref())),
    }
}

/// The plan as the caller saw it: none for a first save.
fn seen(present: Option<LessonPlan>, version: Option<i64>) -> Result<Option<LessonPlan>, Refusal> {
    match (present, version) {
        (None, None) => Ok(None),
        (None, Some(_)) => Err(Refusal::LessonPlanStale { current: 0 }),
        (Some(plan), version) => plan.seen_as(Some(version.unwrap_or(0))).map(Some),
    }
}

fn misfits(misfits: Vec<Misfit>) -> Status {
    let violations = misfits.into_iter().map(|misfit| match misfit {
        Misfit::NotRussian(at) => status::violation(
            format!("themes[{at}].title"),
            "TOPIC_NOT_RUSSIAN",
            "тему нужно записать по-русски",
        ),
        Misfit::Twice(at) => status::violation(
            format!("themes[{at}].themeId"),
            "TWICE",
            "тема указана дважды",
        ),
        Misfit::Unknown(at) => status::violation(
            format!("themes[{at}].themeId"),
            "UNKNOWN_THEME",
            "в плане нет такой темы",
        ),
    });
    status::invalid(violations)
}

#[cfg(test)]
mod tests;
