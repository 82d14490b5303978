//! GetTimetable: staff of the school and other systems read the weekly timetable
//! of a class, a teacher or a room, as it is in force on a date (R108).

use chassis::access::Facts;
use chassis::service::Cx;
use chassis::{caller, status};
use jiff::civil::Date;
use tonic::{Request, Response, Status};
use zhurnal_proto::id::SchoolId;
use zhurnal_proto::schedule::v1 as pb;

use super::get_calendar::present_year;
use super::parse::{self, checked};
use super::{Answer, convert_timetable};
use crate::domain::timetable::Reigns;
use crate::store::School;
use crate::store::calendars::{self, SchoolYear};
use crate::store::timetables::{self, Wanted, Whose};

struct Command {
    school: SchoolId,
    whose: Whose,
    date: Option<Date>,
}

impl TryFrom<&pb::GetTimetableRequest> for Command {
    type Error = Status;

    fn try_from(request: &pb::GetTimetableRequest) -> Result<Self, Status> {
        checked(request)?;
        let class = parse::optional_id("classId", &request.class_id)?;
        let teacher = parse::optional_id("teacherId", &request.teacher_id)?;
        let room = Some(request.room.trim()).filter(|room| !room.is_empty());
        let whose = match (class, teacher, room) {
            (Some(class), None, None) => Whose::Class(class),
            (None, Some(teacher), None) => Whose::Teacher(teacher),
            (None, None, Some(room)) => Whose::Room(room.to_owned()),
            _ => {
                return Err(status::invalid_field(
                    "classId",
                    "EXACTLY_ONE",
                    "укажите класс, учителя или кабинет",
                ));
            }
        };
        let date = (!request.date.is_empty())
            .then(|| parse::date("date", &request.date))
            .transpose()?;
        Ok(Self {
            school: parse::id("schoolId", &request.school_id)?,
            whose,
            date,
        })
    }
}

pub(super) async fn handle(
    cx: &Cx,
    request: Request<pb::GetTimetableRequest>,
) -> Answer<pb::GetTimetableResponse> {
    let caller = caller::of(&request)?;
    let command = Command::try_from(request.get_ref())?;
    let facts = Facts::school(command.school);
    let scope = cx.access.check(caller, "schedule.timetables.get", &facts)?;
    let (school, whose) = (parse::school(&scope)?, &command.whose);

    let conn = cx.db.read();
    if !timetables::is_known(conn, school, whose)
        .await
        .map_err(status::from_db)?
    {
        return Err(status::not_found("timetable"));
    }
    let Some(year) = year_on(cx, school, command.date).await? else {
        return Ok(Response::new(pb::GetTimetableResponse::default()));
    };
    let today = cx.clock.today(&year.time_zone);
    let date = command.date.unwrap_or(today);
    let versions = timetables::of_year(conn, school, year.year)
        .await
        .map_err(status::from_db)?;
    let reigns = Reigns::of(&versions);
    let in_force = reigns.on(date);
    let Some(version) = versions.iter().find(|one| Some(one.id) == in_force) else {
        return Ok(Response::new(pb::GetTimetableResponse::default()));
    };
    let entries = timetables::entries(conn, school, version, Wanted::Of(whose))
        .await
        .map_err(status::from_db)?;
    let reign = reigns.of_version(version.id);
    let timetable =
        convert_timetable::timetable(school.id(), version, reign, (today, &year.time_zone));
    Ok(Response::new(pb::GetTimetableResponse {
        entries: entries.into_iter().map(convert_timetable::entry).collect(),
        timetable: Some(timetable),
        week: version.cycle.week_on(date).into(),
    }))
}

/// The year that a date lies in, when the school has it, or else the present one.
async fn year_on(
    cx: &Cx,
    school: School,
    date: Option<Date>,
) -> Result<Option<SchoolYear>, Status> {
    let years = calendars::years(cx.db.read(), school).await;
    let mut years = years.map_err(status::from_db)?.into_iter();
    match years.find(|one| date.is_some_and(|date| one.year.contains(date))) {
        Some(year) => Ok(Some(year)),
        None => present_year(cx, school).await,
    }
}

#[cfg(test)]
mod tests;
