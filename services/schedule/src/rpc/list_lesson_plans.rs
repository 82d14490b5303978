//! ListLessonPlans: plans of a year's loads, those that nobody has saved included; a
//! teacher gets the own ones, the school's management all (R109).

use chassis::access::Facts;
use chassis::caller::Caller;
use chassis::page::{self, PageFilter};
use chassis::service::Cx;
use chassis::{caller, status};
use tonic::{Request, Response, Status};
use zhurnal_proto::id::{GroupId, PersonId, SchoolId};
use zhurnal_proto::schedule::v1 as pb;

use super::get_calendar::present_year;
use super::lesson_plan::{self, Opened, Terms};
use super::parse::{self, checked};
use super::{Answer, convert_plan};
use crate::domain::academic_year::AcademicYear;
use crate::domain::lesson_plan::Counts;
use crate::store::School;
use crate::store::lesson_plans::{self, Summary};
use crate::store::plan_loads::{self, PlanLoadKey};

struct Command {
    school: SchoolId,
    year: Option<AcademicYear>,
    teacher: Option<PersonId>,
    grade: Option<u8>,
    state: pb::LessonPlanState,
    only_differing: bool,
    size: u64,
    filter: PageFilter,
    after: Option<PlanLoadKey>,
}

impl TryFrom<&pb::ListLessonPlansRequest> for Command {
    type Error = Status;

    fn try_from(request: &pb::ListLessonPlansRequest) -> Result<Self, Status> {
        checked(request)?;
        let filter = PageFilter::of("ListLessonPlans")
            .and(&request.school_id)
            .and(&request.academic_year)
            .and(&request.teacher_id)
            .and(request.grade.to_be_bytes())
            .and(request.state.to_be_bytes())
            .and([u8::from(request.only_differing)]);
        let year = (!request.academic_year.is_empty())
            .then(|| parse::value("academicYear", "INVALID_YEAR", &request.academic_year))
            .transpose()?;
        Ok(Self {
            school: parse::id("schoolId", &request.school_id)?,
            year,
            teacher: parse::optional_id("teacherId", &request.teacher_id)?,
            grade: u8::try_from(request.grade).ok().filter(|grade| *grade > 0),
            state: request.state(),
            only_differing: request.only_differing,
            size: page::size(request.page_size)?,
            after: page::decode(&request.page_token, &filter)?,
            filter,
        })
    }
}

pub(super) async fn handle(
    cx: &Cx,
    request: Request<pb::ListLessonPlansRequest>,
) -> Answer<pb::ListLessonPlansResponse> {
    let caller = caller::of(&request)?;
    let command = Command::try_from(request.get_ref())?;
    let scope = cx.access.check(
        caller,
        "schedule.lessonPlans.list",
        &Facts::school(command.school),
    )?;
    let school = parse::school(&scope)?;
    let Some(year) = year(cx, school, command.year).await? else {
        return Ok(Response::new(pb::ListLessonPlansResponse::default()));
    };

    let all = plans(cx, school, year).await?;
    let whose = whose(cx, caller, school);
    let of_caller = |opened: &Opened| whose.as_ref().is_none_or(|own| is_of(opened, own));
    let asked = |opened: &Opened| {
        command
            .teacher
            .is_none_or(|one| opened.teachers.contains(&one))
            && command.grade.is_none_or(|grade| opened.load.grade == grade)
    };
    let mut plans: Vec<_> = all
        .into_iter()
        .filter(|(opened, _)| of_caller(opened) && asked(opened))
        .map(|(opened, saved)| (opened.load.key(), opened.summary(saved.as_ref()), saved))
        .collect();
    let counts = Counts::of(plans.iter().map(|(_, plan, saved)| {
        let state = saved.as_ref().map(|saved| &saved.head.state);
        (state, i64::from(plan.hours_difference))
    }));
    plans.retain(|(key, plan, saved)| {
        command.after.as_ref().is_none_or(|after| key > after)
            && (command.state == pb::LessonPlanState::Unspecified || plan.state() == command.state)
            && (!command.only_differing || (saved.is_some() && plan.hours_difference != 0))
    });
    let next_page_token = page::cut(&mut plans, command.size, &command.filter, |row| {
        row.0.clone()
    })?;
    Ok(Response::new(pb::ListLessonPlansResponse {
        lesson_plans: plans.into_iter().map(|(_, plan, _)| plan).collect(),
        counts: Some(convert_plan::counts(&counts)),
        next_page_token,
    }))
}

/// The year that is asked for, when the school has it, or the present one.
async fn year(
    cx: &Cx,
    school: School,
    asked: Option<AcademicYear>,
) -> Result<Option<AcademicYear>, Status> {
    let known = match asked {
        Some(year) => crate::store::calendars::year(cx.db.read(), school, year)
            .await
            .map_err(status::from_db)?,
        None => present_year(cx, school).await?,
    };
    Ok(known.map(|year| year.year))
}

/// All loads of the year with the plans that are saved. A school has some hundreds of
/// them, and what is asked for follows from hours that no column holds.
async fn plans(
    cx: &Cx,
    school: School,
    year: AcademicYear,
) -> Result<Vec<(Opened, Option<Summary>)>, Status> {
    let conn = cx.db.read();
    let terms = Terms::of(cx, school, year).await?;
    let loads = plan_loads::of_year(conn, school, year)
        .await
        .map_err(status::from_db)?;
    let mut saved = lesson_plans::summaries(conn, school, year)
        .await
        .map_err(status::from_db)?;
    let with_plan = |load: plan_loads::PlanLoad| {
        let saved = saved.remove(&(load.group, load.subject));
        (lesson_plan::opened(school, load, &terms), saved)
    };
    Ok(loads.into_iter().map(with_plan).collect())
}

/// The cards whose loads the caller sees; `None`: the policy opens every plan of the
/// school, asked with a plan that nobody has anything to do with.
fn whose(cx: &Cx, caller: &Caller, school: School) -> Option<Vec<PersonId>> {
    let nobodys = GroupId::from_uuid(uuid::Uuid::nil());
    let any = Facts::object("LessonPlan", nobodys, school.id());
    if cx.access.permits(caller, "schedule.lessonPlans.get", &any) {
        return None;
    }
    let cards = caller.user().map(|user| user.cards().collect());
    Some(cards.unwrap_or_default())
}

fn is_of(opened: &Opened, cards: &[PersonId]) -> bool {
    opened
        .teachers
        .iter()
        .any(|teacher| cards.contains(teacher))
}

#[cfg(test)]
mod tests;
