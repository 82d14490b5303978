//! GetTimetable: staff of the school and other systems read the weekly timetable
//! of a class or of a teacher.

use chassis::access::Facts;
use chassis::service::Cx;
use chassis::{caller, status};
use tonic::{Request, Response, Status};
use zhurnal_proto::id::SchoolId;
use zhurnal_proto::schedule::v1 as pb;

use super::get_calendar::present_year;
use super::parse::{self, checked};
use super::{Answer, convert};
use crate::store::timetables::{self, Whose};

struct Command {
    school: SchoolId,
    whose: Whose,
}

impl TryFrom<&pb::GetTimetableRequest> for Command {
    type Error = Status;

    fn try_from(request: &pb::GetTimetableRequest) -> Result<Self, Status> {
        checked(request)?;
        let class = parse::optional_id("classId", &request.class_id)?;
        let teacher = parse::optional_id("teacherId", &request.teacher_id)?;
        let whose = match (class, teacher) {
            (Some(class), None) => Whose::Class(class),
            (None, Some(teacher)) => Whose::Teacher(teacher),
            _ => {
                return Err(status::invalid_field(
                    "classId",
                    "EXACTLY_ONE",
                    "укажите либо класс, либо учителя",
                ));
            }
        };
        Ok(Self {
            school: parse::id("schoolId", &request.school_id)?,
            whose,
        })
    }
}

pub(super) async fn handle(
    cx: &Cx,
    request: Request<pb::GetTimetableRequest>,
) -> Answer<pb::GetTimetableResponse> {
    let caller = caller::of(&request)?;
    let Command { school, whose } = Command::try_from(request.get_ref())?;
    let scope = cx
        .access
        .check(caller, "schedule.timetables.get", &Facts::school(school))?;
    let school = parse::school(&scope)?;

    let conn = cx.db.read();
    if !timetables::is_known(conn, school, whose)
        .await
        .map_err(status::from_db)?
    {
        return Err(status::not_found("timetable"));
    }
    let Some(year) = present_year(cx, school).await? else {
        return Ok(Response::new(pb::GetTimetableResponse::default()));
    };
    let today = cx.clock.today(&year.time_zone);
    let year = year.year.to_string();
    let entries = timetables::entries(conn, (school, &year), whose, today)
        .await
        .map_err(status::from_db)?;
    let entries = entries.into_iter().map(convert::timetable_entry).collect();
    Ok(Response::new(pb::GetTimetableResponse { entries }))
}

#[cfg(test)]
mod tests;
