//! The job that a call names, if the caller may do that to it.

use chassis::access::Facts;
use chassis::caller::Caller;
use chassis::status;
use chassis::status::from_db;
use tonic::Status;
use zhurnal_proto::id::{ReportJobId, SchoolId};

use super::parse;
use crate::Shared;
use crate::store::jobs::{self, Job};
use crate::store::{School, copies};

/// Loads the job and decides. A job of another school, one that is not there and one
/// that the caller may not see are all the same NOT_FOUND.
pub async fn load(
    shared: &Shared,
    caller: &Caller,
    permission: &str,
    school_id: &str,
    report_job_id: &str,
) -> Result<Job, Status> {
    let found = with_facts(shared, caller, permission, school_id, report_job_id).await;
    found.map(|(job, _)| job)
}

/// The same with the facts that opened it.
pub async fn with_facts(
    shared: &Shared,
    caller: &Caller,
    permission: &str,
    school_id: &str,
    report_job_id: &str,
) -> Result<(Job, Facts), Status> {
    let school: SchoolId = parse::id("schoolId", school_id)?;
    let id: ReportJobId = parse::id("reportJobId", report_job_id)?;
    let conn = shared.cx.db.read();
    let asked = School::to_decide_about(school);
    let job = jobs::find(conn, asked, id)
        .await
        .map_err(from_db)?
        .ok_or_else(|| status::not_found("ReportJob"))?;
    let class = copies::class(conn, asked, job.class)
        .await
        .map_err(from_db)?;
    let facts = Facts::object("ReportJob", id, school)
        .class_teachers(class.and_then(|class| class.teacher))
        .author_account(job.author);
    let facts = job.author_card.into_iter().fold(facts, Facts::author);
    shared.cx.access.check(caller, permission, &facts)?;
    Ok((job, facts))
}
