//! Tests.

use chassis::testing::TestDb;
use tonic::Code;
use zhurnal_proto::id::SchoolId;
use zhurnal_proto::reporting::v1 as pb;

use crate::store::migrations;
use crate::testing::{World, id, refused};

#[tokio::test]
async fn a_deputy_queues_a_report_of_the_present_period() {
    let world = World::sqlite().await;
    world.at("2026-11-20T16:00");
    let job = world.queue("5-А").await;
    assert_eq!(job.state(), pb::ReportJobState::Queued);
    assert_eq!(job.kind(), pb::ReportKind::ClassSummary);
    assert_eq!((job.class_title.as_str(), job.progress_percent), ("5-А", 0));
    assert_eq!(
        (job.from.as_str(), job.to.as_str()),
        ("2026-11-02", "2026-11-20")
    );
    assert_eq!(
        job.queued_at.unwrap().seconds,
        world.harness.cx().clock.now().as_second()
    );
    assert_eq!(world.announced().await, std::slice::from_ref(&job));
    assert_eq!(world.job(&job.report_job_id).await, job);
}

#[tokio::test]
async fn the_days_may_be_named() {
    let world = World::sqlite().await;
    let named = pb::RunReportRequest {
        from: "2026-09-01".into(),
        to: "2026-10-23".into(),
        ..world.report_of("5-А")
    };
    let job = world
        .deputy()
        .run_report(named)
        .await
        .unwrap()
        .into_inner()
        .report_job
        .unwrap();
    assert_eq!(
        (job.from.as_str(), job.to.as_str()),
        ("2026-09-01", "2026-10-23")
    );
    let reversed = pb::RunReportRequest {
        from: "2026-09-02".into(),
        to: "2026-09-01".into(),
        ..world.report_of("5-А")
    };
    assert_eq!(
        refused(world.deputy().run_report(reversed).await).0,
        Code::InvalidArgument
    );
    world.harness.ignore_announced().await;
}

#[tokio::test]
async fn a_class_teacher_runs_the_report_of_the_own_class_only() {
    let world = World::sqlite().await;
    let mut kim = world.staff("12", &["TEACHER"], "Ким");
    assert!(kim.run_report(world.report_of("5-А")).await.is_ok());
    world.harness.ignore_announced().await;
    let denied = (Code::PermissionDenied, "PERMISSION_DENIED".to_owned());
    assert_eq!(
        refused(kim.run_report(world.report_of("5-Б")).await),
        denied
    );
    assert_eq!(
        refused(kim.run_report(world.report_of("9-Я")).await),
        denied,
        "a class that does not exist is no news"
    );
}

#[tokio::test]
async fn staff_without_the_right_and_other_schools_are_refused() {
    let world = World::sqlite().await;
    for (school, role) in [
        ("12", "TEACHER"),
        ("12", "SECRETARY"),
        ("13", "DEPUTY"),
        ("13", "DIRECTOR"),
    ] {
        let answer = world
            .staff(school, &[role], "Петров")
            .run_report(world.report_of("5-А"))
            .await;
        assert_eq!(
            refused(answer).0,
            Code::PermissionDenied,
            "{role} of {school}"
        );
    }
}

#[tokio::test]
async fn a_class_that_does_not_exist_is_refused() {
    let world = World::sqlite().await;
    let answer = world.deputy().run_report(world.report_of("9-Я")).await;
    assert_eq!(
        refused(answer),
        (Code::NotFound, "CLASS_NOT_FOUND".to_owned())
    );
}

#[tokio::test]
async fn a_request_without_kind_or_request_id_is_refused() {
    let world = World::sqlite().await;
    let good = world.report_of("5-А");
    for bad in [
        pb::RunReportRequest {
            kind: 0,
            ..good.clone()
        },
        pb::RunReportRequest {
            kind: 99,
            ..good.clone()
        },
        pb::RunReportRequest {
            request_id: String::new(),
            ..good.clone()
        },
        pb::RunReportRequest {
            class_id: id::<SchoolId>("12").to_string(),
            ..good.clone()
        },
        pb::RunReportRequest {
            school_id: String::new(),
            ..good.clone()
        },
    ] {
        assert_eq!(
            refused(world.deputy().run_report(bad).await).0,
            Code::InvalidArgument
        );
    }
}

#[tokio::test]
async fn a_repeated_request_queues_one_job() {
    let world = World::sqlite().await;
    let request = world.report_of("5-А");
    let first = world
        .deputy()
        .run_report(request.clone())
        .await
        .unwrap()
        .into_inner();
    let again = world
        .deputy()
        .run_report(request.clone())
        .await
        .unwrap()
        .into_inner();
    assert_eq!(first, again);
    assert_eq!(world.announced().await.len(), 1);
    let other = pb::RunReportRequest {
        to: "2026-10-23".into(),
        ..request
    };
    let answer = world.deputy().run_report(other).await;
    assert_eq!(
        refused(answer),
        (
            Code::FailedPrecondition,
            "IDEMPOTENCY_KEY_REUSED".to_owned()
        )
    );
}

#[tokio::test]
async fn a_school_has_a_bounded_number_of_open_jobs() {
    let db = TestDb::sqlite(migrations()).await;
    let world = World::configured(db, &[("most_open_jobs", "2")])
        .told()
        .await;
    let request = world.report_of("5-А");
    let first = world
        .deputy()
        .run_report(request.clone())
        .await
        .unwrap()
        .into_inner()
        .report_job
        .unwrap();
    world.queue("5-Б").await;
    let answer = world.deputy().run_report(world.report_of("1-А")).await;
    assert_eq!(
        refused(answer),
        (Code::ResourceExhausted, "TOO_MANY_JOBS".to_owned())
    );
    let repeated = world
        .deputy()
        .run_report(request)
        .await
        .unwrap()
        .into_inner()
        .report_job
        .unwrap();
    assert_eq!(repeated, first, "a repeat is no further job");
    let cancel = pb::CancelReportJobRequest {
        school_id: first.school_id,
        report_job_id: first.report_job_id,
    };
    world.deputy().cancel_report_job(cancel).await.unwrap();
    assert!(
        world
            .deputy()
            .run_report(world.report_of("1-А"))
            .await
            .is_ok()
    );
    world.harness.ignore_announced().await;
}
