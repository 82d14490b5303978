//! DownloadReport: a file of a finished report, for the management and the class teacher.

use chassis::looks::Subject;
use chassis::{caller, status};
use tonic::{Request, Response, Status};
use zhurnal_proto::google::api::HttpBody;
use zhurnal_proto::identity::v1::LookRecord;
use zhurnal_proto::reporting::v1 as pb;

use super::parse::checked;
use super::{Answer, own_job};
use crate::Shared;
use crate::domain::job::JobState;
use crate::jobs::{Format, read_file};

pub(super) async fn handle(
    shared: &Shared,
    request: Request<pb::DownloadReportRequest>,
) -> Answer<HttpBody> {
    let caller = caller::of(&request)?;
    let message = request.get_ref();
    checked(message)?;
    let format = match message.format() {
        pb::ReportFormat::Xlsx => Format::Xlsx,
        pb::ReportFormat::Pdf => Format::Pdf,
        pb::ReportFormat::Csv => Format::Csv,
        pb::ReportFormat::Unspecified => {
            return Err(status::invalid_field(
                "format",
                "UNKNOWN",
                "неизвестный формат файла",
            ));
        }
    };
    let (school_id, report_job_id) = (&message.school_id, &message.report_job_id);
    let (job, facts) = own_job::with_facts(
        shared,
        caller,
        "reporting.reportJobs.download",
        school_id,
        report_job_id,
    )
    .await?;
    if job.state != JobState::Done {
        return Err(job_not_done());
    }
    let data = read_file(&shared.cx.files, &job, format)
        .await
        .map_err(status::internal)?;
    // The job was removed meanwhile, and its files before it.
    let data = data.ok_or_else(|| status::not_found("report file"))?;
    // What leaves as a file is in the access log before it leaves.
    let (looks, taken) = (&shared.cx.looks, [Subject::Class(job.class)]);
    looks
        .keep(caller, &facts, LookRecord::Report, taken)
        .await?;
    let content_type = format.content_type().to_owned();
    Ok(Response::new(HttpBody { content_type, data }))
}

fn job_not_done() -> Status {
    status::precondition("JOB_NOT_DONE", "Отчёт ещё не построен")
}

#[cfg(test)]
mod tests;
