//! GetReportJob: state and progress of a job, for the management and the class teacher.

use chassis::caller;
use tonic::{Request, Response};
use zhurnal_proto::reporting::v1 as pb;

use super::parse::checked;
use super::{Answer, convert, own_job};
use crate::Shared;

pub(super) async fn handle(
    shared: &Shared,
    request: Request<pb::GetReportJobRequest>,
) -> Answer<pb::GetReportJobResponse> {
    let caller = caller::of(&request)?;
    let pb::GetReportJobRequest {
        school_id,
        report_job_id,
    } = request.get_ref();
    checked(request.get_ref())?;
    let job = own_job::load(
        shared,
        caller,
        "reporting.reportJobs.get",
        school_id,
        report_job_id,
    )
    .await?;
    Ok(Response::new(pb::GetReportJobResponse {
        report_job: Some(convert::report_job(&job)),
    }))
}

#[cfg(test)]
mod tests;
