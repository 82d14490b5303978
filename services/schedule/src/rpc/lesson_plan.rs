//! What the RPCs of lesson plans have in common: the loads are found and the caller is
//! let in, the plan is changed by the domain, written, announced.

use std::collections::HashMap;

use chassis::access::Facts;
use chassis::caller::Caller;
use chassis::db::UnitOfWork;
use chassis::service::Cx;
use chassis::status;
use jiff::civil::Date;
use tonic::Status;
use zhurnal_proto::id::{GroupId, PersonId, SchoolId, SubjectId};
use zhurnal_proto::schedule::v1 as pb;
use zhurnal_proto::schedule::v1::schedule_event::Change;

use super::{announce, convert_plan, parse, refused};
use crate::domain::academic_year::AcademicYear;
use crate::domain::dated_lessons::GRADES;
use crate::domain::lesson_plan::hours::StudyYear;
use crate::domain::lesson_plan::{Decision, LessonPlan};
use crate::domain::refusal::Refusal;
use crate::store::lesson_plans::{PlanKey, Summary};
use crate::store::plan_loads::PlanLoad;
use crate::store::{School, calendars, lesson_plans, plan_loads};

/// The kind of the resource in policies.
const KIND: &str = "LessonPlan";

/// Which plan a request is about.
#[derive(Debug, Clone, Copy)]
pub struct Wanted {
    /// School.
    pub school: SchoolId,
    /// Group.
    pub group: GroupId,
    /// Subject.
    pub subject: SubjectId,
}

impl Wanted {
    /// From the ids of a request.
    pub fn of(school: &str, group: &str, subject: &str) -> Result<Self, Status> {
        Ok(Self {
            school: parse::id("schoolId", school)?,
            group: parse::id("groupId", group)?,
            subject: parse::id("subjectId", subject)?,
        })
    }
}

/// What a load asks of its plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Figures {
    /// Hours a week times 100.
    pub weekly_hours_hundredths: u32,
    /// Study weeks.
    pub study_weeks: u32,
    /// Hours of the year.
    pub required_hours: u32,
}

/// A school year as plans see it.
pub struct Terms {
    days: HashMap<u8, Vec<Date>>,
    week_days: u8,
    /// Today, by the school's clock.
    pub today: Date,
}

impl Terms {
    /// Of a year that has been put.
    pub async fn of(cx: &Cx, school: School, year: AcademicYear) -> Result<Self, Status> {
        let conn = cx.db.read();
        let known = calendars::year(conn, school, year)
            .await
            .map_err(status::from_db)?
            .ok_or_else(|| status::not_found(KIND))?;
        let stored = calendars::calendar(conn, school, known)
            .await
            .map_err(status::from_db)?;
        let calendar = stored.days();
        Ok(Self {
            days: GRADES
                .map(|grade| (grade, calendar.school_days(grade)))
                .collect(),
            week_days: calendar.week().days(),
            today: cx.clock.today(&stored.year.time_zone),
        })
    }

    /// Hours of a year of a grade for hours a week times 100.
    pub fn yearly_hours(&self, grade: u8, weekly_hours_hundredths: u32) -> u32 {
        let year = StudyYear {
            days: self.days.get(&grade).map_or(&[], Vec::as_slice),
            week_days: self.week_days,
        };
        (weekly_hours_hundredths * year.weeks() + 50) / 100
    }

    /// What the load asks of its plan.
    pub fn figures(&self, load: &PlanLoad) -> Figures {
        let year = StudyYear {
            days: self.days.get(&load.grade).map_or(&[], Vec::as_slice),
            week_days: self.week_days,
        };
        let spans = load.spans();
        Figures {
            weekly_hours_hundredths: year.weekly_hours_hundredths(&spans, self.today),
            study_weeks: year.weeks(),
            required_hours: year.required_hours(&spans),
        }
    }
}

/// A load whose plan the caller has been let to.
pub struct Opened {
    /// School.
    pub school: School,
    /// Load.
    pub load: PlanLoad,
    /// What it asks of its plan.
    pub figures: Figures,
    /// Who teaches it or is going to.
    pub teachers: Vec<PersonId>,
}

impl Opened {
    /// Whose plan it is.
    pub fn key(&self) -> PlanKey {
        (self.load.group, self.load.subject)
    }

    /// As people see it, with themes.
    pub fn view(&self, plan: Option<&LessonPlan>) -> pb::LessonPlan {
        let mut view = self.summary(plan.map(Summary::of).as_ref());
        if let Some(plan) = plan {
            view.warnings = convert_plan::warnings(plan);
            view.themes = convert_plan::themes(&plan.themes);
        }
        view
    }

    /// As lists show it.
    pub fn summary(&self, plan: Option<&Summary>) -> pb::LessonPlan {
        convert_plan::plan(self, plan)
    }
}

/// The school of the request, when the caller acts there. Anybody else is told what is
/// told of a plan that does not exist.
pub fn reach(cx: &Cx, caller: &Caller, school: SchoolId) -> Result<School, Status> {
    let scope = cx
        .access
        .check(caller, "schedule.lessonPlans.list", &Facts::school(school))
        .map_err(|_| status::not_found(KIND))?;
    parse::school(&scope)
}

/// What policies know of a load's plan.
pub fn facts(school: School, load: &PlanLoad, teachers: &[PersonId]) -> Facts {
    let id = format!("{}/{}", load.group, load.subject);
    Facts::object(KIND, id, school.id()).teachers(teachers.iter().copied())
}

/// The load, when the caller may do this with its plan.
pub async fn open(
    cx: &Cx,
    caller: &Caller,
    permission: &str,
    wanted: Wanted,
) -> Result<Opened, Status> {
    let school = reach(cx, caller, wanted.school)?;
    let load = plan_loads::find(cx.db.read(), school, wanted.group, wanted.subject)
        .await
        .map_err(status::from_db)?
        .ok_or_else(|| status::not_found(KIND))?;
    let terms = Terms::of(cx, school, load.year).await?;
    let opened = opened(school, load, &terms);
    let facts = facts(school, &opened.load, &opened.teachers);
    cx.access.check(caller, permission, &facts)?;
    Ok(opened)
}

/// A load in its year.
pub fn opened(school: School, load: PlanLoad, terms: &Terms) -> Opened {
    Opened {
        school,
        figures: terms.figures(&load),
        teachers: load.teachers(terms.today),
        load,
    }
}

/// The plan as it is now, kept from others until the unit of work ends.
pub async fn lock(uow: &UnitOfWork, opened: &Opened) -> Result<Option<LessonPlan>, Status> {
    lesson_plans::lock(uow.conn(), opened.school, opened.key())
        .await
        .map_err(status::from_db)
}

/// The plan that is to be decided on, as the caller saw it.
pub async fn lock_saved(
    uow: &UnitOfWork,
    opened: &Opened,
    seen: Option<i64>,
) -> Result<LessonPlan, Status> {
    let present = lock(uow, opened).await?.ok_or(Refusal::LessonPlanMissing);
    present
        .and_then(|plan| plan.seen_as(seen))
        .map_err(|refusal| refused::status(&refusal))
}

/// Who decides, and when.
pub fn decision(cx: &Cx, caller: &Caller) -> Decision {
    Decision {
        by: caller.user().and_then(|user| user.person),
        at: cx.clock.now(),
    }
}

/// Writes and announces a plan's new state; the plan as people see it.
pub async fn write(
    cx: &Cx,
    uow: &mut UnitOfWork,
    opened: &Opened,
    changed: &LessonPlan,
) -> Result<pb::LessonPlan, Status> {
    let place = (opened.key(), opened.load.year);
    if !lesson_plans::save(uow.conn(), opened.school, place, changed)
        .await
        .map_err(status::from_db)?
    {
        return Err(status::conflict(
            "CONCURRENT_CHANGE",
            "Одновременное изменение, повторите",
        ));
    }
    let view = opened.view(Some(changed));
    let change = Change::LessonPlanChanged(pb::LessonPlanChanged {
        lesson_plan: Some(view.clone()),
    });
    uow.announce(announce::event(opened.school.id(), cx.clock.now(), change));
    Ok(view)
}
