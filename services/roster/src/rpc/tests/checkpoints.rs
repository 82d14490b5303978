//! The witness: checkpoints of grading's feed are kept and shown.

use chassis::caller::Caller;
use chassis::feed::Consumer;
use chassis::service::Service as _;
use tonic::Code;
use zhurnal_proto::grading::v1 as grading;
use zhurnal_proto::id::SchoolId;
use zhurnal_proto::roster::v1 as pb;
use zhurnal_proto::types::v1::WitnessedCheckpoint;

use crate::RosterService;
use crate::feed::Grading;
use crate::testing::SmallSchool;
use crate::world::{World, family, other_school, staff};

fn signed(
    school: SchoolId,
    day: &str,
    tree_size: i64,
    root: &str,
) -> grading::WatchGradingEventsResponse {
    let checkpoint = grading::LedgerCheckpoint {
        school_id: school.to_string(),
        day: day.into(),
        tree_size,
        root: root.into(),
        note: format!("note of {root}"),
        signed_at: None,
    };
    let change = grading::LedgerCheckpointSigned {
        checkpoint: Some(checkpoint),
    };
    event(
        school,
        grading::grading_event::Change::LedgerCheckpointSigned(change),
    )
}

fn event(
    school: SchoolId,
    change: grading::grading_event::Change,
) -> grading::WatchGradingEventsResponse {
    let event = grading::GradingEvent {
        school_id: school.to_string(),
        change: Some(change),
        ..Default::default()
    };
    grading::WatchGradingEventsResponse {
        event: Some(event),
        cursor: "e1.1".into(),
    }
}

fn witness(world: &World) -> Grading {
    Grading {
        clock: world.harness.cx().clock.clone(),
    }
}

async fn hear(world: &World, events: &[grading::WatchGradingEventsResponse]) {
    let witness = witness(world);
    for event in events {
        let mut uow = world.harness.db().begin().await.unwrap();
        witness.apply(&mut uow, event).await.unwrap();
        uow.commit().await.unwrap();
    }
}

async fn checkpoints(
    world: &World,
    school: SchoolId,
    (from, to): (&str, &str),
) -> Vec<WitnessedCheckpoint> {
    let request = pb::ListWitnessedCheckpointsRequest {
        school_id: school.to_string(),
        from: from.into(),
        to: to.into(),
    };
    world
        .client(&Caller::service("grading"))
        .list_witnessed_checkpoints(request)
        .await
        .unwrap()
        .into_inner()
        .checkpoints
}

fn sizes(checkpoints: &[WitnessedCheckpoint]) -> Vec<(&str, i64, &str)> {
    checkpoints
        .iter()
        .map(|one| (one.day.as_str(), one.tree_size, one.root.as_str()))
        .collect()
}

chassis::on_both_databases! { RosterService::migrations();
    async fn the_newest_checkpoint_of_each_day_is_shown(db) {
        let world = World::on(db);
        let school = world.with_school(&SmallSchool::new()).await;
        let opened = grading::grading_event::Change::JournalOpened(grading::JournalOpened { journal: None });
        hear(&world, &[
            signed(school, "2026-09-01", 3, "aa"),
            signed(school, "2026-09-01", 7, "bb"),
            event(school, opened),
            signed(school, "2026-09-02", 1, "cc"),
            signed(other_school(), "2026-09-02", 9, "dd"),
            signed(school, "2026-09-01", 3, "aa"),
        ]).await;
        let all = checkpoints(&world, school, ("", "")).await;
        assert_eq!(sizes(&all), [("2026-09-01", 7, "bb"), ("2026-09-02", 1, "cc")]);
        assert_eq!((all[0].note.as_str(), all[0].school_id.as_str()), ("note of bb", school.to_string().as_str()));
        assert_eq!(sizes(&checkpoints(&world, school, ("2026-09-02", "2026-09-02")).await), [("2026-09-02", 1, "cc")]);
        assert!(checkpoints(&world, school, ("2026-09-03", "")).await.is_empty());
    }

    async fn another_root_for_the_same_entries_does_not_replace_the_first(db) {
        let world = World::on(db);
        let school = world.with_school(&SmallSchool::new()).await;
        hear(&world, &[signed(school, "2026-09-01", 7, "bb"), signed(school, "2026-09-01", 7, "ff")]).await;
        let all = checkpoints(&world, school, ("", "")).await;
        assert_eq!(sizes(&all), [("2026-09-01", 7, "bb"), ("2026-09-01", 7, "ff")]);
    }

    async fn a_witness_forgets_nothing_when_grading_starts_over(db) {
        let world = World::on(db);
        let school = world.with_school(&SmallSchool::new()).await;
        hear(&world, &[signed(school, "2026-09-01", 7, "bb")]).await;
        let mut uow = world.harness.db().begin().await.unwrap();
        witness(&world).reset(&mut uow).await.unwrap();
        uow.commit().await.unwrap();
        assert_eq!(checkpoints(&world, school, ("", "")).await.len(), 1);
    }
}

#[tokio::test]
async fn checkpoints_are_for_those_who_control_the_journal() {
    let world = World::sqlite().await;
    let school = world.with_school(&SmallSchool::new()).await;
    let request = pb::ListWitnessedCheckpointsRequest {
        school_id: school.to_string(),
        ..Default::default()
    };
    for role in ["ADMINISTRATOR", "DEPUTY", "DIRECTOR"] {
        world
            .client(&staff(school, role))
            .list_witnessed_checkpoints(request.clone())
            .await
            .unwrap();
    }
    for caller in [
        staff(school, "TEACHER"),
        staff(other_school(), "DIRECTOR"),
        family(&[]),
        Caller::service("notification"),
    ] {
        let refused = world
            .client(&caller)
            .list_witnessed_checkpoints(request.clone())
            .await
            .unwrap_err();
        assert_eq!(refused.code(), Code::PermissionDenied, "{caller:?}");
    }
    let wrong = pb::ListWitnessedCheckpointsRequest {
        from: "01.09.2026".into(),
        ..request
    };
    let refused = world
        .client(&staff(school, "DEPUTY"))
        .list_witnessed_checkpoints(wrong)
        .await
        .unwrap_err();
    assert_eq!(refused.code(), Code::InvalidArgument);
}
