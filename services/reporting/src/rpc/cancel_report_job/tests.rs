//! Tests. What a running job's worker does then is tested with the workers.

use tonic::Code;
use zhurnal_proto::reporting::v1 as pb;

use crate::testing::{World, refused};

fn of(job: &pb::ReportJob) -> pb::CancelReportJobRequest {
    pb::CancelReportJobRequest {
        school_id: job.school_id.clone(),
        report_job_id: job.report_job_id.clone(),
    }
}

#[tokio::test]
async fn a_queued_job_is_cancelled_once() {
    let world = World::sqlite().await;
    let job = world.queue("5-А").await;
    world.harness.ignore_announced().await;
    let cancelled = world
        .deputy()
        .cancel_report_job(of(&job))
        .await
        .unwrap()
        .into_inner()
        .report_job
        .unwrap();
    assert_eq!(cancelled.state(), pb::ReportJobState::Cancelled);
    assert!(cancelled.ended_at.is_some());
    assert_eq!(world.announced().await, std::slice::from_ref(&cancelled));
    let again = world
        .deputy()
        .cancel_report_job(of(&job))
        .await
        .unwrap()
        .into_inner()
        .report_job
        .unwrap();
    assert_eq!(again, cancelled, "by nature the same");
    assert!(world.announced().await.is_empty());
}

#[tokio::test]
async fn a_class_teacher_cancels_what_she_queued_and_nothing_else() {
    let world = World::sqlite().await;
    let mut kim = world.staff("12", &["TEACHER"], "Ким");
    let own = kim
        .run_report(world.report_of("5-А"))
        .await
        .unwrap()
        .into_inner()
        .report_job
        .unwrap();
    let other = world.queue("5-А").await;
    assert!(kim.cancel_report_job(of(&own)).await.is_ok());
    assert_eq!(
        refused(kim.cancel_report_job(of(&other)).await).0,
        Code::NotFound
    );
    world.harness.ignore_announced().await;
}

#[tokio::test]
async fn a_job_of_another_school_is_not_found() {
    let world = World::sqlite().await;
    let job = world.queue("5-А").await;
    world.harness.ignore_announced().await;
    let answer = world
        .staff("13", &["DIRECTOR"], "Завуч")
        .cancel_report_job(of(&job))
        .await;
    assert_eq!(refused(answer).0, Code::NotFound);
    assert_eq!(
        world.job(&job.report_job_id).await.state(),
        pb::ReportJobState::Queued
    );
}

#[tokio::test]
async fn a_job_that_has_ended_cannot_be_cancelled() {
    let world = World::sqlite().await;
    let job = world.queue("5-А").await;
    let tasks = world.harness.start_tasks();
    chassis::testing::eventually("the report", || async {
        world.job(&job.report_job_id).await.state() == pb::ReportJobState::Done
    })
    .await;
    tasks.stop().await;
    world.harness.ignore_announced().await;
    let answer = world.deputy().cancel_report_job(of(&job)).await;
    assert_eq!(
        refused(answer),
        (Code::FailedPrecondition, "JOB_ENDED".to_owned())
    );
}
