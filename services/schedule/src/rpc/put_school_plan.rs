//! PutSchoolPlan: roster's import puts a school's plan of a year; the calendar, the
//! load and the dated lessons of the year are made and announced, all or nothing.
//! Repeating with the same import id changes nothing.

use chassis::access::Facts;
use chassis::db::{is_unique_violation, micros};
use chassis::{caller, status};
use tonic::{Request, Response, Status};
use zhurnal_proto::id::{SchoolId, SchoolImportId};
use zhurnal_proto::schedule::v1 as pb;

use super::parse::{self, checked};
use super::year_lists::bell;
use super::{Answer, Rpc, announce, convert, refused};
use crate::domain::calendar::{DayOff, DayOffSource, Period, StudyWeek};
use crate::domain::plan::{Draft, Plan, PlannedGroup, PlannedLesson, PlannedLoad};
use crate::domain::refusal::Refusal;
use crate::store::{School, calendars, plans};

struct Command {
    import: SchoolImportId,
    school: SchoolId,
    draft: Draft,
}

impl TryFrom<pb::PutSchoolPlanRequest> for Command {
    type Error = Status;

    fn try_from(request: pb::PutSchoolPlanRequest) -> Result<Self, Status> {
        checked(&request)?;
        let week = StudyWeek::of_days(request.study_week_days)
            .ok_or_else(|| status::invalid_field("studyWeekDays", "OUT_OF_RANGE", "5 или 6"))?;
        let draft = Draft {
            year: parse::value("academicYear", "INVALID_YEAR", &request.academic_year)?,
            week,
            time_zone: request.time_zone,
            periods: each("periods", &request.periods, period)?,
            days_off: each("daysOff", &request.days_off, day_off)?,
            bells: each("bells", &request.bells, bell)?,
            groups: each("groups", &request.groups, group)?,
            loads: each("loads", &request.loads, load)?,
            weekly: each("weeklyLessons", &request.weekly_lessons, weekly)?,
        };
        Ok(Self {
            import: parse::id("schoolImportId", &request.school_import_id)?,
            school: parse::id("schoolId", &request.school_id)?,
            draft,
        })
    }
}

pub(super) async fn handle(
    rpc: &Rpc,
    request: Request<pb::PutSchoolPlanRequest>,
) -> Answer<pb::PutSchoolPlanResponse> {
    let cx = &rpc.cx;
    let caller = caller::of(&request)?.clone();
    let Command {
        import,
        school,
        draft,
    } = Command::try_from(request.into_inner())?;
    let scope = cx
        .access
        .check(&caller, "schedule.plans.put", &Facts::school(school))?;
    let school = parse::school(&scope)?;

    if let Some(count) = already_put(rpc, school, import, &draft).await? {
        return Ok(answer(count));
    }
    let year = draft.year;
    let regional = rpc
        .calendars
        .of(year)
        .ok_or_else(|| refused::status(&Refusal::RegionalCalendarMissing(year)))?;
    let again = draft.clone();
    let plan = Plan::check(draft, &regional.days_off(again.week)).map_err(refused::plan)?;
    let count = plan.lesson_count();

    let now = cx.clock.now();
    let mut new_id = || cx.ids.uuid();
    let mut uow = cx.db.begin().await.map_err(status::from_db)?;
    let claim = plans::Claim {
        school,
        import: Some(import),
        year,
        week: plan.calendar.week(),
        time_zone: plan.time_zone.clone(),
        regional_version: regional.version,
        lesson_count: count,
        put_us: micros(now),
    };
    match plans::claim_year(uow.conn(), claim).await {
        Err(error) if is_unique_violation(&error) => {
            drop(uow);
            let count = already_put(rpc, school, import, &again).await?;
            return count.map(answer).ok_or_else(|| status::internal(error));
        }
        claimed => claimed.map_err(status::from_db)?,
    }
    let numbered = plans::number(uow.conn(), school, (plan, now), &mut new_id)
        .await
        .map_err(status::from_db)?;
    plans::insert(uow.conn(), school, &numbered)
        .await
        .map_err(status::from_db)?;
    for event in announce::plan(&numbered, now) {
        uow.announce(event);
    }
    uow.commit().await.map_err(status::from_db)?;
    tracing::info!(school = %school.id(), %year, lessons = count, "plan put");
    Ok(answer(u32::try_from(count).unwrap_or(u32::MAX)))
}

/// The count of the plan that this import has put; another import's plan is refused.
async fn already_put(
    rpc: &Rpc,
    school: School,
    import: SchoolImportId,
    draft: &Draft,
) -> Result<Option<u32>, Status> {
    let known = calendars::year(rpc.cx.db.read(), school, draft.year)
        .await
        .map_err(status::from_db)?;
    match known {
        Some(year) if year.import == Some(import) => Ok(Some(year.lesson_count)),
        Some(_) => Err(refused::status(&Refusal::PlanExists)),
        None => Ok(None),
    }
}

fn answer(lesson_count: u32) -> Response<pb::PutSchoolPlanResponse> {
    Response::new(pb::PutSchoolPlanResponse { lesson_count })
}

/// Reads every item of a list; a failure names the item.
fn each<P, T>(
    list: &str,
    items: &[P],
    read: fn(&str, &P) -> Result<T, Status>,
) -> Result<Vec<T>, Status> {
    items
        .iter()
        .enumerate()
        .map(|(at, item)| read(&format!("{list}[{at}]"), item))
        .collect()
}

/// A number that the proto's rules keep far below 255.
fn small(number: u32) -> u8 {
    u8::try_from(number).unwrap_or(u8::MAX)
}

fn period(at: &str, item: &pb::PlannedPeriod) -> Result<Period, Status> {
    let kind = convert::read_period_kind(item.kind()).ok_or_else(|| {
        status::invalid_field(&format!("{at}.kind"), "REQUIRED", "поле обязательно")
    })?;
    Ok(Period {
        title: item.title.clone(),
        kind,
        starts_on: parse::date(&format!("{at}.startsOn"), &item.starts_on)?,
        ends_on: parse::date(&format!("{at}.endsOn"), &item.ends_on)?,
        grade_from: small(item.grade_from),
        grade_to: small(item.grade_to),
    })
}

fn day_off(at: &str, item: &pb::DayOff) -> Result<DayOff, Status> {
    let date = parse::date(&format!("{at}.date"), &item.date)?;
    Ok(DayOff {
        date,
        title: item.title.clone(),
        source: DayOffSource::School,
    })
}

fn group(at: &str, item: &pb::PlannedGroup) -> Result<PlannedGroup, Status> {
    Ok(PlannedGroup {
        id: parse::id(&format!("{at}.groupId"), &item.group_id)?,
        title: item.title.clone(),
        class: parse::optional_id(&format!("{at}.classId"), &item.class_id)?,
        grade: small(item.grade),
        shift: small(item.shift),
    })
}

fn load(at: &str, item: &pb::PlannedLoad) -> Result<PlannedLoad, Status> {
    Ok(PlannedLoad {
        group: parse::id(&format!("{at}.groupId"), &item.group_id)?,
        subject: item.subject.clone(),
        teacher: parse::id(&format!("{at}.teacherId"), &item.teacher_id)?,
        weekly_hours_hundredths: item.weekly_hours_hundredths,
    })
}

fn weekly(at: &str, item: &pb::PlannedLesson) -> Result<PlannedLesson, Status> {
    Ok(PlannedLesson {
        weekday: small(item.weekday),
        number: small(item.lesson_number),
        group: parse::id(&format!("{at}.groupId"), &item.group_id)?,
        subject: item.subject.clone(),
        teacher: parse::id(&format!("{at}.teacherId"), &item.teacher_id)?,
        room: item.room.clone(),
    })
}

#[cfg(test)]
mod tests;
