//! Tests. What is in the files is tested with their renderers and with the workers.

use tonic::Code;
use zhurnal_proto::google::api::HttpBody;
use zhurnal_proto::reporting::v1::{self as pb, ReportFormat};

use crate::testing::{Calls, World, refused};

async fn download(
    mut calls: Calls,
    job: &pb::ReportJob,
    format: i32,
) -> Result<tonic::Response<HttpBody>, tonic::Status> {
    let request = pb::DownloadReportRequest {
        school_id: job.school_id.clone(),
        report_job_id: job.report_job_id.clone(),
        format,
    };
    calls.download_report(request).await
}

async fn done(world: &World, class: &str) -> pb::ReportJob {
    let job = world.queue(class).await;
    let tasks = world.harness.start_tasks();
    chassis::testing::eventually("the report", || async {
        world.job(&job.report_job_id).await.state() == pb::ReportJobState::Done
    })
    .await;
    tasks.stop().await;
    world.harness.ignore_announced().await;
    job
}

#[tokio::test]
async fn each_format_of_a_finished_report_is_given() {
    let world = World::sqlite().await;
    let job = done(&world, "5-А").await;
    for (format, content_type, magic) in [
        (
            ReportFormat::Xlsx,
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            b"PK".as_slice(),
        ),
        (ReportFormat::Pdf, "application/pdf", b"%PDF-"),
        (
            ReportFormat::Csv,
            "text/csv; charset=utf-8",
            "\u{feff}Класс;".as_bytes(),
        ),
    ] {
        for calls in [world.deputy(), world.staff("12", &["TEACHER"], "Ким")] {
            let body = download(calls, &job, format.into())
                .await
                .unwrap()
                .into_inner();
            assert_eq!(body.content_type, content_type);
            assert!(body.data.starts_with(magic), "{format:?}");
        }
    }
}

#[tokio::test]
async fn a_report_that_is_not_done_cannot_be_had() {
    let world = World::sqlite().await;
    let job = world.queue("5-А").await;
    let not_done = (Code::FailedPrecondition, "JOB_NOT_DONE".to_owned());
    assert_eq!(
        refused(download(world.deputy(), &job, ReportFormat::Pdf.into()).await),
        not_done
    );
    let cancel = pb::CancelReportJobRequest {
        school_id: job.school_id.clone(),
        report_job_id: job.report_job_id.clone(),
    };
    world.deputy().cancel_report_job(cancel).await.unwrap();
    assert_eq!(
        refused(download(world.deputy(), &job, ReportFormat::Pdf.into()).await),
        not_done
    );
    world.harness.ignore_announced().await;
}

#[tokio::test]
async fn nobody_else_learns_that_the_report_exists() {
    let world = World::sqlite().await;
    let job = done(&world, "5-Б").await;
    for calls in [
        world.staff("12", &["TEACHER"], "Ким"),
        world.staff("13", &["DEPUTY"], "Завуч"),
    ] {
        let answer = download(calls, &job, ReportFormat::Csv.into()).await;
        assert_eq!(refused(answer), (Code::NotFound, "NOT_FOUND".to_owned()));
    }
}

#[tokio::test]
async fn an_unknown_format_is_refused() {
    let world = World::sqlite().await;
    let job = world.queue("5-А").await;
    world.harness.ignore_announced().await;
    for format in [0, 99] {
        assert_eq!(
            refused(download(world.deputy(), &job, format).await).0,
            Code::InvalidArgument,
            "{format}"
        );
    }
}

chassis::on_both_databases! { crate::store::migrations();
    async fn a_file_is_in_the_access_log_before_it_leaves(db) {
        use sea_orm::ConnectionTrait as _;
        let world = World::on(db).told().await;
        let job = done(&world, "5-А").await;
        let kept = async || {
            let sql = "SELECT count(*) FROM look_spool";
            let db = &world.harness.cx().db;
            let row = db.read().query_one_raw(chassis::db::statement(db.backend(), sql, [])).await;
            row.unwrap().unwrap().try_get_by_index::<i64>(0).unwrap()
        };
        let before = kept().await;
        download(world.deputy(), &job, ReportFormat::Csv.into()).await.unwrap();
        assert_eq!(kept().await, before + 1);
        let elsewhere = download(world.staff("12", &["TEACHER"], "Ли"), &job, ReportFormat::Csv.into()).await;
        assert!(elsewhere.is_err());
        assert_eq!(kept().await, before + 1, "what is refused is no look");
    }
}
