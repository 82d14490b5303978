//! ListTeachingLoads: staff of the school and other systems read the present
//! year's load, all of it or of a teacher or a group.

use chassis::access::Facts;
use chassis::page::{self, PageFilter};
use chassis::service::Cx;
use chassis::{caller, status};
use tonic::{Request, Response, Status};
use uuid::Uuid;
use zhurnal_proto::id::{GroupId, PersonId, SchoolId};
use zhurnal_proto::schedule::v1 as pb;

use super::parse::{self, checked};
use super::study_document::wanted_year;
use super::{Answer, convert};
use crate::store::loads;

struct Command {
    school: SchoolId,
    teacher: Option<PersonId>,
    group: Option<GroupId>,
    academic_year: String,
    size: u64,
    filter: PageFilter,
    after: Option<Uuid>,
}

impl TryFrom<&pb::ListTeachingLoadsRequest> for Command {
    type Error = Status;

    fn try_from(request: &pb::ListTeachingLoadsRequest) -> Result<Self, Status> {
        checked(request)?;
        let filter = PageFilter::of("ListTeachingLoads")
            .and(&request.school_id)
            .and(&request.teacher_id)
            .and(&request.group_id)
            .and(&request.academic_year);
        Ok(Self {
            school: parse::id("schoolId", &request.school_id)?,
            teacher: parse::optional_id("teacherId", &request.teacher_id)?,
            group: parse::optional_id("groupId", &request.group_id)?,
            academic_year: request.academic_year.clone(),
            size: page::size(request.page_size)?,
            after: page::decode(&request.page_token, &filter)?,
            filter,
        })
    }
}

pub(super) async fn handle(
    cx: &Cx,
    request: Request<pb::ListTeachingLoadsRequest>,
) -> Answer<pb::ListTeachingLoadsResponse> {
    let caller = caller::of(&request)?;
    let command = Command::try_from(request.get_ref())?;
    let scope = cx.access.check(
        caller,
        "schedule.teachingLoads.list",
        &Facts::school(command.school),
    )?;
    let school = parse::school(&scope)?;

    let year = wanted_year(cx, school, &command.academic_year).await?;
    let Some(year) = year else {
        return Ok(Response::new(pb::ListTeachingLoadsResponse::default()));
    };
    let (year, whose) = (year.year.to_string(), (command.teacher, command.group));
    let mut rows = loads::list(
        cx.db.read(),
        (school, &year),
        whose,
        command.after,
        command.size + 1,
    )
    .await
    .map_err(status::from_db)?;
    let next_page_token = page::cut(&mut rows, command.size, &command.filter, |load| {
        load.id.uuid()
    })?;
    let teaching_loads = rows
        .into_iter()
        .map(|load| convert::teaching_load(school.id(), load))
        .collect();
    Ok(Response::new(pb::ListTeachingLoadsResponse {
        teaching_loads,
        next_page_token,
    }))
}

#[cfg(test)]
mod tests;
