//! CancelReportJob: the management or whoever queued it cancels a job that has not
//! ended; its worker stops at the next stage. Announces the job.

use chassis::status::from_db;
use chassis::{caller, status};
use tonic::{Request, Response, Status};
use zhurnal_proto::reporting::v1 as pb;

use super::parse::checked;
use super::{Answer, convert, own_job};
use crate::Shared;
use crate::domain::job::JobState;
use crate::jobs::announce;
use crate::store::jobs;

pub(super) async fn handle(
    shared: &Shared,
    request: Request<pb::CancelReportJobRequest>,
) -> Answer<pb::CancelReportJobResponse> {
    let caller = caller::of(&request)?;
    let pb::CancelReportJobRequest {
        school_id,
        report_job_id,
    } = request.get_ref();
    checked(request.get_ref())?;
    let job = own_job::load(
        shared,
        caller,
        "reporting.reportJobs.cancel",
        school_id,
        report_job_id,
    )
    .await?;

    let now = shared.cx.clock.now();
    let mut uow = shared.cx.db.begin().await.map_err(from_db)?;
    let cancelled = jobs::cancel(uow.conn(), job.school, job.id, now)
        .await
        .map_err(from_db)?;
    let job = jobs::find(uow.conn(), job.school, job.id)
        .await
        .map_err(from_db)?;
    let job = job.ok_or_else(|| status::not_found("ReportJob"))?;
    if cancelled {
        announce(&mut uow, &job, now).await.map_err(from_db)?;
        uow.commit().await.map_err(from_db)?;
    } else if job.state != JobState::Cancelled {
        return Err(job_ended());
    }
    Ok(Response::new(pb::CancelReportJobResponse {
        report_job: Some(convert::report_job(&job)),
    }))
}

fn job_ended() -> Status {
    status::precondition("JOB_ENDED", "Отчёт уже построен или не удался")
}

#[cfg(test)]
mod tests;
