//! Tests.

use chassis::on_both_databases;
use tonic::Code;
use zhurnal_proto::id::SchoolId;
use zhurnal_proto::reporting::v1 as pb;

use crate::store::migrations;
use crate::testing::{Calls, World, id, refused};

fn request(page_size: i32, page_token: String) -> pb::ListReportJobsRequest {
    pb::ListReportJobsRequest {
        school_id: id::<SchoolId>("12").to_string(),
        page_size,
        page_token,
    }
}

async fn classes(mut calls: Calls) -> Vec<String> {
    let answer = calls
        .list_report_jobs(request(0, String::new()))
        .await
        .unwrap()
        .into_inner();
    answer
        .report_jobs
        .into_iter()
        .map(|job| job.class_title)
        .collect()
}

on_both_databases! { migrations();
    async fn jobs_come_newest_first_page_by_page(db) {
        let world = World::on(db).told().await;
        for class in ["5-А", "5-Б", "1-А"] {
            world.queue(class).await;
        }
        world.harness.ignore_announced().await;
        assert_eq!(classes(world.deputy()).await, ["1-А", "5-Б", "5-А"]);
        let first = world.deputy().list_report_jobs(request(2, String::new())).await.unwrap().into_inner();
        let second = world.deputy().list_report_jobs(request(2, first.next_page_token)).await.unwrap().into_inner();
        assert_eq!((first.report_jobs.len(), second.report_jobs.len()), (2, 1));
        assert_eq!(second.report_jobs[0].class_title, "5-А");
        assert_eq!(second.next_page_token, "");
    }
}

#[tokio::test]
async fn a_class_teacher_sees_the_jobs_of_the_own_class() {
    let world = World::sqlite().await;
    world.queue("5-А").await;
    world.queue("5-Б").await;
    world.harness.ignore_announced().await;
    assert_eq!(
        classes(world.staff("12", &["TEACHER"], "Ким")).await,
        ["5-А"]
    );
}

#[tokio::test]
async fn anybody_else_is_refused() {
    let world = World::sqlite().await;
    for (school, role, card) in [
        ("12", "TEACHER", "Петров"),
        ("12", "SECRETARY", "Петров"),
        ("13", "DEPUTY", "Завуч"),
        ("13", "TEACHER", "Ким"),
    ] {
        let answer = world
            .staff(school, &[role], card)
            .list_report_jobs(request(0, String::new()))
            .await;
        assert_eq!(
            refused(answer).0,
            Code::PermissionDenied,
            "{role} {card} of {school}"
        );
    }
    let broken = world
        .deputy()
        .list_report_jobs(request(0, "AAAA".into()))
        .await;
    assert_eq!(refused(broken).0, Code::InvalidArgument);
}
