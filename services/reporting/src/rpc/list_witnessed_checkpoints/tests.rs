//! Tests.

use chassis::on_both_databases;
use tonic::Code;
use zhurnal_proto::id::SchoolId;
use zhurnal_proto::reporting::v1 as pb;

use crate::store::migrations;
use crate::testing::{World, checkpoint, id, refused};

fn request(from: &str, to: &str) -> pb::ListWitnessedCheckpointsRequest {
    pb::ListWitnessedCheckpointsRequest {
        school_id: id::<SchoolId>("12").to_string(),
        from: from.into(),
        to: to.into(),
    }
}

on_both_databases! { migrations();
    async fn the_newest_checkpoint_of_each_day_is_listed(db) {
        let world = World::on(db).told().await;
        for (day, size, root) in [("2026-09-01", 3, "aa"), ("2026-09-01", 12, "bb"), ("2026-09-02", 5, "cc")] {
            world.grading(checkpoint(day, size, root)).await;
        }
        let listed = async |from: &str, to: &str| {
            let answer = world.deputy().list_witnessed_checkpoints(request(from, to)).await.unwrap().into_inner();
            answer.checkpoints.into_iter().map(|one| (one.day, one.tree_size, one.root)).collect::<Vec<_>>()
        };
        let tuesday = ("2026-09-01".to_owned(), 12, "bb".to_owned());
        let wednesday = ("2026-09-02".to_owned(), 5, "cc".to_owned());
        assert_eq!(listed("", "").await, [tuesday.clone(), wednesday.clone()]);
        assert_eq!(listed("2026-09-02", "").await, [wednesday]);
        assert_eq!(listed("", "2026-09-01").await, [tuesday]);
        let answer = world.deputy().list_witnessed_checkpoints(request("", "")).await.unwrap().into_inner();
        assert_eq!(answer.checkpoints[0].note, "note of bb");
        assert_eq!(answer.checkpoints[0].stored_at.unwrap().seconds, world.harness.cx().clock.now().as_second());
    }

    async fn a_witness_never_takes_a_checkpoint_back(db) {
        let world = World::on(db).told().await;
        world.grading(checkpoint("2026-09-01", 12, "aa")).await;
        world.harness.clock().advance(jiff::SignedDuration::from_mins(5));
        // The same again; another root for the same size; a smaller tree, as after a restored backup.
        world.grading(checkpoint("2026-09-01", 12, "aa")).await;
        world.grading(checkpoint("2026-09-01", 12, "zz")).await;
        world.grading(checkpoint("2026-09-01", 2, "yy")).await;
        let answer = world.deputy().list_witnessed_checkpoints(request("", "")).await.unwrap().into_inner();
        assert_eq!(answer.checkpoints.len(), 1);
        let kept = &answer.checkpoints[0];
        assert_eq!((kept.tree_size, kept.root.as_str()), (12, "aa"));
        assert_eq!(kept.stored_at.unwrap().seconds, chassis::testing::school_morning().as_second());
    }
}

#[tokio::test]
async fn grading_may_ask_its_witness_and_no_other_service() {
    let world = World::sqlite().await;
    assert!(
        world
            .service("grading")
            .list_witnessed_checkpoints(request("", ""))
            .await
            .is_ok()
    );
    let other = world
        .service("notification")
        .list_witnessed_checkpoints(request("", ""))
        .await;
    assert_eq!(refused(other).0, Code::PermissionDenied);
}

#[tokio::test]
async fn teachers_and_other_schools_are_refused() {
    let world = World::sqlite().await;
    for (school, role) in [("12", "TEACHER"), ("13", "DIRECTOR")] {
        let answer = world
            .staff(school, &[role], "Ким")
            .list_witnessed_checkpoints(request("", ""))
            .await;
        assert_eq!(
            refused(answer).0,
            Code::PermissionDenied,
            "{role} of {school}"
        );
    }
    assert_eq!(
        refused(
            world
                .deputy()
                .list_witnessed_checkpoints(request("вчера", ""))
                .await
        )
        .0,
        Code::InvalidArgument
    );
}
