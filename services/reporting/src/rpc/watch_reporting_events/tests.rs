//! Tests.

use chassis::on_both_databases;
use futures::StreamExt;
use tonic::Code;
use zhurnal_proto::reporting::v1 as pb;
use zhurnal_proto::reporting::v1::reporting_event::Change;

use crate::store::migrations;
use crate::testing::{World, refused};

/// Class titles of the next `count` events after `cursor`, and where they end.
async fn read(world: &World, cursor: &str, count: usize) -> (Vec<String>, String) {
    let request = pb::WatchReportingEventsRequest {
        cursor: cursor.into(),
        changes: Vec::new(),
    };
    let mut stream = world
        .service("notification")
        .watch_reporting_events(request)
        .await
        .unwrap()
        .into_inner();
    let (mut titles, mut at) = (Vec::new(), cursor.to_owned());
    while titles.len() < count {
        let item = stream.next().await.unwrap().unwrap();
        at = item.cursor;
        if let Some(Change::ReportJobChanged(changed)) = item.event.and_then(|event| event.change) {
            titles.push(changed.report_job.unwrap().class_title);
        }
    }
    (titles, at)
}

on_both_databases! { migrations();
    async fn services_follow_the_jobs_from_a_cursor(db) {
        let world = World::configured(db, &[("workers", "0")]).told().await;
        let tasks = world.harness.start_tasks();
        world.queue("5-А").await;
        world.queue("5-Б").await;
        let (titles, cursor) = read(&world, "", 2).await;
        assert_eq!(titles, ["5-А", "5-Б"]);
        world.queue("1-А").await;
        assert_eq!(read(&world, &cursor, 1).await.0, ["1-А"]);
        world.harness.ignore_announced().await;
        tasks.stop().await;
    }
}

#[tokio::test]
async fn people_are_refused() {
    let world = World::sqlite().await;
    let answer = world
        .deputy()
        .watch_reporting_events(pb::WatchReportingEventsRequest::default())
        .await;
    assert_eq!(
        refused(answer.map(|_| tonic::Response::new(()))).0,
        Code::PermissionDenied
    );
}
