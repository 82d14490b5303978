//! ListReportJobs: jobs of a school, newest first; a class teacher sees those of the
//! own classes.

use chassis::access::Facts;
use chassis::caller::Caller;
use chassis::page::{self, PageFilter};
use chassis::status::from_db;
use chassis::{caller, status};
use tonic::{Request, Response, Status};
use uuid::Uuid;
use zhurnal_proto::id::{ClassId, PersonId, SchoolId};
use zhurnal_proto::reporting::v1 as pb;

use super::parse::{self, checked};
use super::{Answer, convert};
use crate::Shared;
use crate::store::{School, copies, jobs};

const PERMISSION: &str = "reporting.reportJobs.list";

struct Command {
    school: SchoolId,
    size: u64,
    filter: PageFilter,
    before: Option<Uuid>,
}

impl TryFrom<&pb::ListReportJobsRequest> for Command {
    type Error = Status;

    fn try_from(request: &pb::ListReportJobsRequest) -> Result<Self, Status> {
        checked(request)?;
        let filter = PageFilter::of("ListReportJobs").and(&request.school_id);
        Ok(Self {
            school: parse::id("schoolId", &request.school_id)?,
            size: page::size(request.page_size)?,
            before: page::decode(&request.page_token, &filter)?,
            filter,
        })
    }
}

pub(super) async fn handle(
    shared: &Shared,
    request: Request<pb::ListReportJobsRequest>,
) -> Answer<pb::ListReportJobsResponse> {
    let caller = caller::of(&request)?;
    let Command {
        school,
        size,
        filter,
        before,
    } = Command::try_from(request.get_ref())?;
    let (school, classes) = reach(shared, caller, school).await?;

    let conn = shared.cx.db.read();
    let mut rows = jobs::list(conn, school, classes.as_deref(), before, size + 1)
        .await
        .map_err(from_db)?;
    let next_page_token = page::cut(&mut rows, size, &filter, |job| job.id.uuid())?;
    let report_jobs = rows.iter().map(convert::report_job).collect();
    Ok(Response::new(pb::ListReportJobsResponse {
        report_jobs,
        next_page_token,
    }))
}

/// The school, and the classes that the list is narrowed to; `None` = all.
async fn reach(
    shared: &Shared,
    caller: &Caller,
    asked: SchoolId,
) -> Result<(School, Option<Vec<ClassId>>), Status> {
    let access = &shared.cx.access;
    if access.permits(caller, PERMISSION, &Facts::school(asked)) {
        let scope = access.check(caller, PERMISSION, &Facts::school(asked))?;
        return Ok((parse::school(&scope)?, None));
    }
    let cards: Vec<PersonId> = caller
        .user()
        .map(|user| user.cards().collect())
        .unwrap_or_default();
    let own = copies::classes_of(shared.cx.db.read(), School::to_decide_about(asked), &cards)
        .await
        .map_err(from_db)?;
    if own.is_empty() {
        return Err(status::denied(PERMISSION));
    }
    let scope = access.check(
        caller,
        PERMISSION,
        &Facts::school(asked).class_teachers(cards),
    )?;
    Ok((parse::school(&scope)?, Some(own)))
}

#[cfg(test)]
mod tests;
