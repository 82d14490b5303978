//! CopyLessonPlan: whoever may save the plans of the targets copies one, of this year or
//! a past one, to groups of the same subject and grade; announces each copy.

use std::collections::{BTreeSet, HashMap};

use chassis::caller::Caller;
use chassis::db::UnitOfWork;
use chassis::service::Cx;
use chassis::{caller, causal, idempotency, status};
use tonic::{Request, Response, Status};
use zhurnal_proto::id::{GroupId, ThemeId};
use zhurnal_proto::schedule::v1 as pb;
use zhurnal_proto::schedule::v1::LessonPlanCopyVerdict as Verdict;

use super::lesson_plan::{self, Opened, Terms, Wanted};
use super::parse::{self, checked};
use super::{Answer, refused};
use crate::domain::academic_year::AcademicYear;
use crate::domain::lesson_plan::{LessonPlan, Theme};
use crate::domain::refusal::Refusal;
use crate::store::{lesson_plans, plan_loads};

struct Command {
    wanted: Wanted,
    targets: Vec<GroupId>,
    replace: bool,
}

impl TryFrom<&pb::CopyLessonPlanRequest> for Command {
    type Error = Status;

    fn try_from(request: &pb::CopyLessonPlanRequest) -> Result<Self, Status> {
        checked(request)?;
        let mut seen = BTreeSet::new();
        let mut targets = Vec::with_capacity(request.target_group_ids.len());
        for (at, text) in request.target_group_ids.iter().enumerate() {
            let id: GroupId = parse::id(&format!("targetGroupIds[{at}]"), text)?;
            if seen.insert(id) {
                targets.push(id);
            }
        }
        Ok(Self {
            wanted: Wanted::of(&request.school_id, &request.group_id, &request.subject_id)?,
            targets,
            replace: request.replace,
        })
    }
}

pub(super) async fn handle(
    cx: &Cx,
    request: Request<pb::CopyLessonPlanRequest>,
) -> Answer<pb::CopyLessonPlanResponse> {
    let caller = caller::of(&request)?.clone();
    let message = request.into_inner();
    let command = Command::try_from(&message)?;
    let source =
        lesson_plan::open(cx, &caller, "schedule.lessonPlans.copy", command.wanted).await?;
    let targets = targets(cx, &caller, &source, &command.targets).await?;

    let key = idempotency::key(
        &caller.actor(),
        "CopyLessonPlan",
        &message.request_id,
        &message,
    )?;
    let mut response = idempotency::once(&cx.db, &key, |mut uow| async move {
        let plan = lesson_plans::find(uow.conn(), source.school, source.key())
            .await
            .map_err(status::from_db)?
            .ok_or_else(|| refused::status(&Refusal::LessonPlanMissing))?;
        let mut copies = Vec::with_capacity(targets.len());
        for (group, target) in &targets {
            let (verdict, lesson_plan) = match target {
                Ok(target) => copy(cx, &mut uow, &plan, target, command.replace).await?,
                Err(verdict) => (*verdict, None),
            };
            copies.push(pb::LessonPlanCopy {
                group_id: group.to_string(),
                verdict: verdict.into(),
                lesson_plan,
            });
        }
        Ok((
            uow,
            pb::CopyLessonPlanResponse {
                copies,
                causal_token: None,
            },
        ))
    })
    .await?;
    response.causal_token = causal::token(cx).await;
    Ok(Response::new(response))
}

type Target = (GroupId, Result<Opened, Verdict>);

/// The loads to copy to, or why not, in the order of the request.
async fn targets(
    cx: &Cx,
    caller: &Caller,
    source: &Opened,
    groups: &[GroupId],
) -> Result<Vec<Target>, Status> {
    let loads = plan_loads::of_groups(cx.db.read(), source.school, groups, source.load.subject)
        .await
        .map_err(status::from_db)?;
    let mut terms: HashMap<AcademicYear, Terms> = HashMap::new();
    let mut known = HashMap::new();
    for load in loads {
        let terms = match terms.entry(load.year) {
            std::collections::hash_map::Entry::Occupied(there) => there.into_mut(),
            std::collections::hash_map::Entry::Vacant(free) => {
                free.insert(Terms::of(cx, source.school, load.year).await?)
            }
        };
        let group = load.group;
        known.insert(group, lesson_plan::opened(source.school, load, terms));
    }
    let target = |group: &GroupId| {
        let target = known.remove(group).ok_or(Verdict::UnknownLoad);
        let target = target.and_then(|target| admit(cx, caller, source, target));
        (*group, target)
    };
    Ok(groups.iter().map(target).collect())
}

/// Whether the caller may copy there. What may not be planned for is as unknown as what
/// does not exist.
fn admit(cx: &Cx, caller: &Caller, source: &Opened, target: Opened) -> Result<Opened, Verdict> {
    let facts = lesson_plan::facts(target.school, &target.load, &target.teachers);
    if !cx
        .access
        .permits(caller, "schedule.lessonPlans.put", &facts)
    {
        Err(Verdict::UnknownLoad)
    } else if target.load.group == source.load.group {
        Err(Verdict::SameGroup)
    } else if target.load.grade != source.load.grade {
        Err(Verdict::OtherGrade)
    } else {
        Ok(target)
    }
}

async fn copy(
    cx: &Cx,
    uow: &mut UnitOfWork,
    plan: &LessonPlan,
    target: &Opened,
    replace: bool,
) -> Result<(Verdict, Option<pb::LessonPlan>), Status> {
    let present = lesson_plan::lock(uow, target).await?;
    if present.is_some() && !replace {
        return Ok((Verdict::PlanExists, None));
    }
    let themes = plan.themes.iter().map(|theme| Theme {
        id: ThemeId::from_uuid(cx.ids.uuid()),
        text: theme.text.clone(),
    });
    let (title, themes, now) = (plan.head.title.clone(), themes.collect(), cx.clock.now());
    let copied = match present.clone() {
        None => Some(LessonPlan::first(title, themes, now)),
        Some(present) => present.put(title, themes, now),
    };
    let view = match copied {
        Some(copied) => lesson_plan::write(cx, uow, target, &copied).await?,
        None => target.view(present.as_ref()),
    };
    let without_themes = pb::LessonPlan {
        themes: Vec::new(),
        warnings: Vec::new(),
        ..view
    };
    Ok((Verdict::Copied, Some(without_themes)))
}

#[cfg(test)]
mod tests;
