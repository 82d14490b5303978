//! OpenSchoolYear: a deputy or the administrator opens the year after the school's newest one
//! (R118, R229): calendar and bells are written and announced, with the version of the calendar
//! that the director is to approve. Loads, timetable and lessons follow by their own RPCs.

use chassis::access::Facts;
use chassis::db::{UnitOfWork, is_unique_violation, micros};
use chassis::{caller, idempotency, status};
use jiff::civil::Date;
use tonic::{Request, Response, Status};
use zhurnal_proto::id::{PeriodId, SchoolId};
use zhurnal_proto::schedule::v1 as pb;
use zhurnal_proto::schedule::v1::schedule_event::Change;

use super::parse::{self, checked};
use super::school_year::{self, regional};
use super::study_document::Shelf;
use super::year_lists::{self, Lists};
use super::{Answer, Rpc, announce, convert, refused};
use crate::domain::academic_year::AcademicYear;
use crate::domain::bells::{Bell, Bells};
use crate::domain::calendar::StudyWeek;
use crate::domain::plan::{Fault, Place, Problem};
use crate::domain::refusal::Refusal;
use crate::domain::school_year::{Content, Terms};
use crate::domain::study_document::Kind;
use crate::store::calendars::SchoolYear;
use crate::store::plans::{Claim, claim_year};
use crate::store::school_years::{self, Calendar};
use crate::store::{School, calendars};

struct Command {
    school: SchoolId,
    year: AcademicYear,
    week: StudyWeek,
    content: Content,
    bells: Vec<Bell>,
}

impl TryFrom<&pb::OpenSchoolYearRequest> for Command {
    type Error = Status;

    fn try_from(request: &pb::OpenSchoolYearRequest) -> Result<Self, Status> {
        checked(request)?;
        let lists = Lists {
            periods: &request.periods,
            holidays: &request.holidays,
            days_off: &request.days_off,
            shortened_days: &request.shortened_days,
        };
        let week = StudyWeek::of_days(request.study_week_days)
            .ok_or_else(|| status::invalid_field("studyWeekDays", "OUT_OF_RANGE", "5 или 6"))?;
        Ok(Self {
            school: parse::id("schoolId", &request.school_id)?,
            year: parse::value("academicYear", "INVALID_YEAR", &request.academic_year)?,
            week,
            content: lists.content()?,
            bells: year_lists::bells(&request.bells)?,
        })
    }
}

pub(super) async fn handle(
    rpc: &Rpc,
    request: Request<pb::OpenSchoolYearRequest>,
) -> Answer<pb::OpenSchoolYearResponse> {
    let cx = &rpc.cx;
    let caller = caller::of(&request)?.clone();
    let message = request.into_inner();
    let command = Command::try_from(&message)?;
    let facts = Facts::school(command.school);
    let scope = cx
        .access
        .check(&caller, "schedule.schoolYears.open", &facts)?;
    let school = parse::school(&scope)?;

    let key = idempotency::key(
        &caller.actor(),
        "OpenSchoolYear",
        &message.request_id,
        &message,
    )?;
    let response = idempotency::once(&cx.db, &key, |mut uow| async move {
        let newest = newest(&uow, school, command.year).await?;
        let response = open(rpc, &mut uow, (school, newest), command).await?;
        Ok((uow, response))
    })
    .await?;
    Ok(Response::new(response))
}

/// The year before the one that is to be opened.
async fn newest(
    uow: &UnitOfWork,
    school: School,
    year: AcademicYear,
) -> Result<SchoolYear, Status> {
    let years = calendars::years(uow.conn(), school).await;
    let mut years = years.map_err(status::from_db)?;
    let refuse = |refusal: Refusal| refused::status(&refusal);
    if years.iter().any(|one| one.year == year) {
        return Err(refuse(Refusal::SchoolYearExists(year)));
    }
    let newest = years
        .pop()
        .ok_or_else(|| refuse(Refusal::SchoolYearMissing))?;
    match newest.year.a_year_later() {
        next if next == year => Ok(newest),
        next => Err(refuse(Refusal::SchoolYearNotNext(next))),
    }
}

async fn open(
    rpc: &Rpc,
    uow: &mut UnitOfWork,
    (school, newest): (School, SchoolYear),
    mut command: Command,
) -> Result<pb::OpenSchoolYearResponse, Status> {
    let (cx, year) = (&rpc.cx, command.year);
    let grades = school_year::grades(uow.conn(), school, year).await?;
    let terms = Terms {
        year,
        week: command.week,
        // A year that is opened late has no past yet.
        today: Date::MIN,
        grades,
    };
    let bells = check(&command, &terms).map_err(refused::plan)?;
    let named = regional(rpc, year, command.week).unwrap_or_default();
    command.content.attribute(&named.1, &[]);
    let has_all = command.content.has_all(year, &named.1);
    let regional_version = if has_all { named.0 } else { 0 };
    let claim = Claim {
        school,
        import: None,
        year,
        week: command.week,
        time_zone: newest.time_zone.iana_name().unwrap_or("UTC").to_owned(),
        regional_version,
        lesson_count: 0,
        put_us: micros(cx.clock.now()),
    };
    match claim_year(uow.conn(), claim).await {
        Err(error) if is_unique_violation(&error) => {
            return Err(refused::status(&Refusal::SchoolYearExists(year)));
        }
        claimed => claimed.map_err(status::from_db)?,
    }
    let mut new_period = || PeriodId::from_uuid(cx.ids.uuid());
    let content = (&command.content, bells.iter().copied().collect());
    let calendar = Calendar::of(content, &mut new_period);
    school_years::put(uow.conn(), school, year, (&calendar, regional_version))
        .await
        .map_err(status::from_db)?;
    announce_year(rpc, uow, school, &terms).await
}

/// The bells in order, or everything that is wrong with the year.
fn check(command: &Command, terms: &Terms) -> Result<Bells, Vec<Problem>> {
    let content = command.content.check(&Content::default(), terms);
    let mut problems = content.err().unwrap_or_default();
    let bells = Bells::new(&command.bells).unwrap_or_else(|faults| {
        problems.extend(faults.into_iter().map(|(at, fault)| Problem {
            place: Place::Bell(at),
            fault: Fault::Bell(fault),
        }));
        Bells::default()
    });
    if problems.is_empty() {
        Ok(bells)
    } else {
        Err(problems)
    }
}

/// Tells the feed of the year and makes the first version of its calendar as a document.
async fn announce_year(
    rpc: &Rpc,
    uow: &mut UnitOfWork,
    school: School,
    terms: &Terms,
) -> Result<pb::OpenSchoolYearResponse, Status> {
    let cx = &rpc.cx;
    let found = calendars::year(uow.conn(), school, terms.year).await;
    let found = found.map_err(status::from_db)?;
    let found = found.ok_or_else(|| refused::status(&Refusal::SchoolYearMissing))?;
    let mut shelf = Shelf::of(cx, uow.conn(), school, found).await?;
    let stored = school_year::calendar(uow.conn(), school, &shelf.year).await?;
    let change = Change::CalendarChanged(pb::CalendarChanged {
        calendar: Some(convert::calendar(school.id(), &stored)),
    });
    uow.announce(announce::event(school.id(), cx.clock.now(), change));
    let draft = shelf.draft(cx, Kind::Calendar, None)?;
    shelf.write(cx, uow, &draft).await?;
    tracing::info!(school = %school.id(), year = %terms.year, "school year opened");
    Ok(pb::OpenSchoolYearResponse {
        school_year: Some(school_year::view(rpc, &shelf, &stored, &terms.grades)),
    })
}

#[cfg(test)]
mod tests;
