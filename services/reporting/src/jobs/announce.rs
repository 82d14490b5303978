//! Tells that a job moved on: its present state, read in the same transaction.

use chassis::db::UnitOfWork;
use chassis::outbox::Announcement;
use jiff::Timestamp;
use prost::Message;
use sea_orm::DbErr;
use zhurnal_proto::reporting::v1::reporting_event::Change;
use zhurnal_proto::reporting::v1::{ReportJobChanged, ReportingEvent};

use crate::rpc::convert;
use crate::store::jobs::{self, Job};

/// Announces the job as it is now in the database.
pub async fn announce(uow: &mut UnitOfWork, job: &Job, now: Timestamp) -> Result<(), DbErr> {
    let Some(job) = jobs::find(uow.conn(), job.school, job.id).await? else {
        return Ok(());
    };
    let change = ReportJobChanged {
        report_job: Some(convert::report_job(&job)),
    };
    let event = ReportingEvent {
        occurred_at: Some(convert::timestamp(now)),
        school_id: job.school.id().to_string(),
        change: Some(Change::ReportJobChanged(change)),
    };
    uow.announce(Announcement {
        school_id: Some(job.school.id().uuid()),
        kind: "report_job_changed",
        key: job.id.to_string(),
        payload: event.encode_to_vec(),
        occurred_at: now,
    });
    Ok(())
}
