//! Domain ↔ proto, and nothing else.

use jiff::Timestamp;
use zhurnal_proto::reporting::v1 as pb;
use zhurnal_proto::types::v1::PersonName;

use crate::domain::job::JobState;
use crate::store::copies::Name;
use crate::store::jobs::Job;

/// An instant.
pub fn timestamp(at: Timestamp) -> prost_types::Timestamp {
    prost_types::Timestamp {
        seconds: at.as_second(),
        nanos: at.subsec_nanosecond(),
    }
}

/// A name.
pub fn person_name(name: &Name) -> PersonName {
    let Name {
        surname,
        given_name,
        patronymic,
        ..
    } = name.clone();
    PersonName {
        surname,
        given_name,
        patronymic,
    }
}

/// A job.
pub fn report_job(job: &Job) -> pb::ReportJob {
    let state = match job.state {
        JobState::Queued => pb::ReportJobState::Queued,
        JobState::Running => pb::ReportJobState::Running,
        JobState::Done => pb::ReportJobState::Done,
        JobState::Failed => pb::ReportJobState::Failed,
        JobState::Cancelled => pb::ReportJobState::Cancelled,
    };
    pb::ReportJob {
        report_job_id: job.id.to_string(),
        school_id: job.school.id().to_string(),
        kind: pb::ReportKind::ClassSummary.into(),
        class_id: job.class.to_string(),
        class_title: job.class_title.clone(),
        from: job.days.from().to_string(),
        to: job.days.to().to_string(),
        state: state.into(),
        progress_percent: job.percent.into(),
        stage: job.stage.clone(),
        failure: job.failure.clone(),
        queued_at: Some(timestamp(job.queued_at)),
        ended_at: job.ended_at.map(timestamp),
    }
}
