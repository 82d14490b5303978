//! Schedule's step: taken until it is done, once, also after a crash.

use chassis::service::Service as _;
use chassis::status;
use chassis::testing::eventually;
use tonic::Status;
use zhurnal_proto::roster::v1 as pb;

use crate::RosterService;
use crate::import::wait;
use crate::testing::SmallSchool;
use crate::world::{LESSONS, World};

const PATIENCE: std::time::Duration = std::time::Duration::from_secs(15);

chassis::on_both_databases! { RosterService::migrations();
    async fn a_step_that_fails_twice_is_repeated_until_it_is_done(db) {
        let world = World::on(db);
        // UNAVAILABLE would be repeated by the channel itself.
        world.schedule.fail_with([Status::internal("one"), Status::deadline_exceeded("two")]);
        let import = world.upload(&SmallSchool::new()).await;
        world.apply(&import, false).await.unwrap();
        let tasks = world.harness.start_tasks();
        let applied = world.in_state(&import, pb::SchoolImportState::Applied).await;
        tasks.stop().await;
        assert_eq!(applied.counts.unwrap().lessons, LESSONS);
        let calls = world.schedule.calls();
        assert_eq!(calls.len(), 3);
        assert!(calls.iter().all(|call| call == &calls[0]), "the same request each time");
        world.harness.ignore_announced().await;
    }

    async fn a_process_that_died_between_the_steps_is_made_good(db) {
        let world = World::on(db);
        let import = world.upload(&SmallSchool::new()).await;
        // The first process takes the step and dies while schedule works on it.
        let gate = world.schedule.hold();
        world.apply(&import, false).await.unwrap();
        let first = world.roster();
        let id = import.school_import_id.parse().unwrap();
        let dying = tokio::spawn(async move { wait(&first, id, PATIENCE).await });
        eventually("the first call", || async { world.schedule.calls().len() == 1 }).await;
        dying.abort();
        gate.add_permits(10);

        // The second one finds the step by itself, once the lease has run out.
        let tasks = world.harness.start_tasks();
        world.in_state(&import, pb::SchoolImportState::Applied).await;
        tasks.stop().await;
        assert_eq!(world.schedule.calls().len(), 2);
        world.harness.ignore_announced().await;
    }

    async fn of_two_processes_one_takes_the_step(db) {
        let world = World::on(db);
        let import = world.upload(&SmallSchool::new()).await;
        let gate = world.schedule.hold();
        world.apply(&import, false).await.unwrap();
        let id = import.school_import_id.parse().unwrap();
        let (one, two) = (world.roster(), world.roster());
        let one = tokio::spawn(async move { wait(&one, id, PATIENCE).await });
        let two = tokio::spawn(async move { wait(&two, id, PATIENCE).await });
        eventually("a call", || async { world.schedule.calls().len() == 1 }).await;
        gate.add_permits(1);
        for waiting in [one, two] {
            let ended = waiting.await.unwrap().unwrap().unwrap();
            assert_eq!(ended.counts.lessons, LESSONS);
        }
        assert_eq!(world.schedule.calls().len(), 1);
        let events: Vec<pb::RosterEvent> = world.harness.announced().await;
        let school = events.iter().filter(|event| {
            matches!(event.change, Some(pb::roster_event::Change::SchoolChanged(_)))
        });
        assert_eq!(school.count(), 2, "PREPARING and ACTIVE, each once");
    }

    async fn a_plan_that_schedule_refuses_fails_the_import_and_can_be_tried_again(db) {
        let world = World::on(db);
        let refusal = status::Refusal::new(tonic::Code::FailedPrecondition, "REGIONAL_CALENDAR_MISSING", "Нет регионального календаря");
        world.schedule.fail_with([Status::from(refusal)]);
        let import = world.upload(&SmallSchool::new()).await;
        world.apply(&import, false).await.unwrap();
        let tasks = world.harness.start_tasks();
        let failed = world.in_state(&import, pb::SchoolImportState::Failed).await;
        assert_eq!(failed.failure, "Расписание не принято: Нет регионального календаря");
        assert_eq!(world.schedule.calls().len(), 1);

        let again = world.apply(&import, false).await.unwrap();
        assert_eq!((again.state(), again.failure.as_str()), (pb::SchoolImportState::Applying, ""));
        world.in_state(&import, pb::SchoolImportState::Applied).await;
        tasks.stop().await;
        assert_eq!(world.schedule.calls().len(), 2);
        world.harness.ignore_announced().await;
    }
}

#[tokio::test]
async fn a_task_that_is_stopped_gives_its_step_back_at_once() {
    let world = World::sqlite().await;
    let import = world.upload(&SmallSchool::new()).await;
    world.schedule.hold();
    world.apply(&import, false).await.unwrap();
    let tasks = world.harness.start_tasks();
    eventually("a call", || async { world.schedule.calls().len() == 1 }).await;
    tasks.stop().await;
    let gate = world.schedule.hold();
    gate.add_permits(1);
    let other = world.roster();
    let started = std::time::Instant::now();
    wait(&other, import.school_import_id.parse().unwrap(), PATIENCE)
        .await
        .unwrap()
        .unwrap();
    assert!(
        started.elapsed() < std::time::Duration::from_secs(4),
        "waited for a lease: {:?}",
        started.elapsed()
    );
    world.harness.ignore_announced().await;
}

#[tokio::test]
async fn waiting_ends_when_the_patience_does() {
    let world = World::sqlite().await;
    world
        .schedule
        .fail_with((0..100).map(|_| Status::internal("away")));
    let import = world.upload(&SmallSchool::new()).await;
    world.apply(&import, false).await.unwrap();
    let roster = world.roster();
    let patience = std::time::Duration::from_millis(900);
    let ended = wait(&roster, import.school_import_id.parse().unwrap(), patience)
        .await
        .unwrap();
    assert!(ended.is_none());
    world.harness.ignore_announced().await;
}
