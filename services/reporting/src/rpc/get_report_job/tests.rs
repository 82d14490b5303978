//! Tests.

use tonic::Code;
use zhurnal_proto::id::{ReportJobId, SchoolId};
use zhurnal_proto::reporting::v1 as pb;

use crate::testing::{World, id, refused};

fn request(school: &str, report_job_id: &str) -> pb::GetReportJobRequest {
    pb::GetReportJobRequest {
        school_id: id::<SchoolId>(school).to_string(),
        report_job_id: report_job_id.into(),
    }
}

#[tokio::test]
async fn the_management_and_the_class_teacher_follow_a_job() {
    let world = World::sqlite().await;
    let job = world.queue("5-А").await;
    world.harness.ignore_announced().await;
    for (role, card) in [
        ("DIRECTOR", "Завуч"),
        ("ADMINISTRATOR", "Завуч"),
        ("TEACHER", "Ким"),
    ] {
        let answer = world
            .staff("12", &[role], card)
            .get_report_job(request("12", &job.report_job_id))
            .await;
        assert_eq!(
            answer.unwrap().into_inner().report_job,
            Some(job.clone()),
            "{role}"
        );
    }
}

#[tokio::test]
async fn a_job_that_one_may_not_see_looks_like_one_that_does_not_exist() {
    let world = World::sqlite().await;
    let job = world.queue("5-Б").await.report_job_id;
    world.harness.ignore_announced().await;
    let nowhere = id::<ReportJobId>("нет").to_string();
    let missing = refused(world.deputy().get_report_job(request("12", &nowhere)).await);
    assert_eq!(missing, (Code::NotFound, "NOT_FOUND".to_owned()));
    // A class teacher of another class, a deputy of another school by both schools' names.
    assert_eq!(
        refused(
            world
                .staff("12", &["TEACHER"], "Ким")
                .get_report_job(request("12", &job))
                .await
        ),
        missing
    );
    let mut foreign = world.staff("13", &["DEPUTY"], "Завуч");
    assert_eq!(
        refused(foreign.get_report_job(request("12", &job)).await),
        missing
    );
    assert_eq!(
        refused(foreign.get_report_job(request("13", &job)).await),
        missing
    );
    let bad = pb::GetReportJobRequest {
        report_job_id: "5".into(),
        ..request("12", &job)
    };
    assert_eq!(
        refused(world.deputy().get_report_job(bad).await).0,
        Code::InvalidArgument
    );
}
