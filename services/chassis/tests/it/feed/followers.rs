//! What becomes of the events at the consumer.

use std::{sync::atomic::Ordering::SeqCst, time::Duration};

use chassis::{
    db::{Db, statement},
    feed::{Cursor, lag, parked, position, reached},
    on_both_databases,
    outbox::{self, new_epoch},
    testing::{TestDb, eventually},
};
use jiff::SignedDuration;
use sea_orm::ConnectionTrait;

use super::stage::{Moods, Stage};
use crate::support::{Running, migrations, notes, write_note};

fn numbers(notes: Vec<(i64, String)>) -> Vec<i64> {
    notes.into_iter().map(|(nth, _)| nth).collect()
}

on_both_databases! { migrations();
    async fn a_follower_copies_what_was_and_goes_on_live(db) {
        let stage = Stage::new().await;
        stage.announce(1..=30).await;
        let running = Running::start(&stage.follower(&db));
        stage.caught_up(&db).await;
        assert_eq!(numbers(notes(&db).await), (1..=30).collect::<Vec<_>>());
        stage.announce(31..=35).await;
        stage.caught_up(&db).await;
        assert_eq!(numbers(notes(&db).await), (1..=35).collect::<Vec<_>>());
        running.stop().await;
    }

    async fn what_is_ready_is_applied_in_few_transactions(db) {
        let stage = Stage::new().await;
        let mut uow = stage.producer.begin().await.unwrap();
        for nth in 1..=1_000 {
            uow.announce(crate::support::event(stage.producer.clock(), "k", &nth.to_string()));
        }
        uow.commit().await.unwrap();
        let before = db.statements();
        let running = Running::start(&stage.follower(&db));
        stage.caught_up(&db).await;
        running.stop().await;
        let commits = (db.statements() - before).background_commits;
        assert!(commits <= 20, "1,000 events took {commits} commits");
        assert_eq!(notes(&db).await.len(), 1_000);
    }

    async fn a_follower_killed_again_and_again_loses_and_doubles_nothing(db) {
        let stage = Stage::new().await;
        let task = stage.follower(&db);
        for round in 0..25 {
            let running = Running::start(&task);
            stage.announce(round * 8 + 1..=round * 8 + 8).await;
            if round % 3 == 0 {
                // Sometimes let it get somewhere first.
                eventually("some progress", || async { notes(&db).await.len() as i64 > round * 4 }).await;
            }
            running.kill().await;
            free_lease(&db).await;
        }
        let running = Running::start(&task);
        stage.caught_up(&db).await;
        running.stop().await;
        assert_eq!(numbers(notes(&db).await), (1..=200).collect::<Vec<_>>());
        assert_eq!(parked(&db, "notes").await.unwrap(), []);
    }

    async fn poison_is_put_aside_and_holds_back_its_own_key_only(db) {
        let stage = Stage::new().await;
        stage.moods.refused.lock().unwrap().insert("13".to_owned());
        stage.announce(1..=40).await;
        let running = Running::start(&stage.follower(&db));
        stage.caught_up(&db).await;

        // 13, and behind it 23 and 33 of the same key; everything else is there.
        let held = [13, 23, 33];
        let others: Vec<i64> = (1..=40).filter(|nth| !held.contains(nth)).collect();
        assert_eq!(numbers(notes(&db).await), others);
        let rows = parked(&db, "notes").await.unwrap();
        assert_eq!(rows.iter().map(|row| row.attempts).collect::<Vec<_>>(), [1, 0, 0]);
        assert_eq!(rows[0].cursor.position, 13);
        assert!(rows[0].error.contains("nowhere"), "{}", rows[0].error);
        assert_eq!(lag(&db)[0].held_keys, 1);

        // The clock stands still: tried again only when its time has come.
        for attempts in 2..=5 {
            db.clock.advance(SignedDuration::from_secs(1));
            eventually("one more attempt", || async {
                parked(&db, "notes").await.unwrap()[0].attempts == attempts
            })
            .await;
        }
        assert!(parked(&db, "notes").await.unwrap()[0].is_poison());
        stage.announce(41..=44).await;
        stage.caught_up(&db).await;
        assert_eq!(notes(&db).await.len(), others.len() + 3, "43 waits, 41, 42 and 44 are there");
        running.stop().await;

        // A new version of the program can take it: all of the key comes, in order.
        stage.moods.refused.lock().unwrap().clear();
        db.clock.advance(SignedDuration::from_mins(11));
        let running = Running::start(&stage.follower(&db));
        eventually("nothing is held", || async { parked(&db, "notes").await.unwrap().is_empty() }).await;
        running.stop().await;
        assert_eq!(numbers(notes(&db).await), (1..=44).collect::<Vec<_>>());
    }

    async fn a_bad_moment_of_the_database_is_not_the_events_fault(db) {
        let stage = Stage::new().await;
        stage.moods.hiccups.store(4, SeqCst);
        stage.announce(1..=5).await;
        let running = Running::start(&stage.follower(&db));
        stage.caught_up(&db).await;
        running.stop().await;
        assert_eq!(stage.moods.hiccups.load(SeqCst), 0);
        assert_eq!(numbers(notes(&db).await), [1, 2, 3, 4, 5]);
        assert_eq!(parked(&db, "notes").await.unwrap(), []);
    }

    async fn events_that_come_several_times_are_applied_once(db) {
        let stage = Stage::new().await;
        stage.moods.stutter.store(3, SeqCst);
        stage.announce(1..=20).await;
        let running = Running::start(&stage.follower(&db));
        stage.caught_up(&db).await;
        stage.announce(21..=40).await;
        stage.caught_up(&db).await;
        running.stop().await;
        assert_eq!(numbers(notes(&db).await), (1..=40).collect::<Vec<_>>());
        assert_eq!(parked(&db, "notes").await.unwrap(), []);
    }

    async fn a_producer_that_starts_over_is_copied_anew(db) {
        let stage = Stage::new().await;
        stage.moods.refused.lock().unwrap().insert("2".to_owned());
        stage.announce(1..=3).await;
        let running = Running::start(&stage.follower(&db));
        stage.caught_up(&db).await;
        let old = position(&db, "notes").await.unwrap().unwrap();
        write_something_of_the_old_life(&db).await;
        stage.moods.refused.lock().unwrap().clear();

        stage.producer.clock.set("2030-01-01T00:00:00Z".parse().unwrap());
        new_epoch(&stage.producer).await.unwrap();
        stage.announce([4]).await;
        stage.caught_up(&db).await;
        running.stop().await;
        assert_eq!(stage.moods.resets.load(SeqCst), 1);
        assert_eq!(numbers(notes(&db).await), [1, 2, 3, 4]);
        assert_eq!(parked(&db, "notes").await.unwrap(), []);
        assert!(position(&db, "notes").await.unwrap().unwrap() > old);
    }

    async fn a_stream_that_breaks_is_opened_again(db) {
        let stage = Stage::new().await;
        stage.announce(1..=3).await;
        let running = Running::start(&stage.follower(&db));
        stage.caught_up(&db).await;
        stage.moods.offline.store(true, SeqCst);
        stage.announce(4..=6).await;
        eventually("the follower has noticed", || async { !lag(&db)[0].connected }).await;
        eventually("and counts how long it is behind", || async { lag(&db)[0].behind > Duration::ZERO }).await;
        assert_eq!(notes(&db).await.len(), 3);
        stage.moods.offline.store(false, SeqCst);
        stage.caught_up(&db).await;
        eventually("it is not behind any more", || async {
            let now = &lag(&db)[0];
            (now.connected, now.behind, now.position) == (true, Duration::ZERO, 6)
        })
        .await;
        running.stop().await;
        assert_eq!(numbers(notes(&db).await), [1, 2, 3, 4, 5, 6]);
    }

    async fn a_reader_can_wait_for_a_write_of_the_producer(db) {
        let stage = Stage::new().await;
        let running = Running::start(&stage.follower(&db));
        stage.announce(1..=2).await;
        let head = outbox::head(&stage.producer).await.unwrap();
        assert!(reached(&db, "notes", head, Duration::from_secs(20)).await.unwrap());
        let later = Cursor { position: head.position + 1, ..head };
        assert!(!reached(&db, "notes", later, Duration::from_millis(20)).await.unwrap());
        assert_eq!(notes(&db).await.len(), 2);
        running.stop().await;
    }

    async fn an_empty_feed_tells_its_epoch(db) {
        let stage = Stage::new().await;
        let running = Running::start(&stage.follower(&db));
        stage.caught_up(&db).await;
        assert_eq!(position(&db, "notes").await.unwrap().unwrap().position, 0);
        stage.announce(1..=1).await;
        stage.caught_up(&db).await;
        running.stop().await;
        assert_eq!(numbers(notes(&db).await), [1]);
    }
}

/// A killed follower keeps its lease on PostgreSQL; the test does not wait it out.
async fn free_lease(db: &Db) {
    let uow = db.begin().await.unwrap();
    let free = statement(db.backend(), "UPDATE feed_cursor SET lease_until = 0", []);
    uow.conn().execute_raw(free).await.unwrap();
    uow.commit().await.unwrap();
}

async fn write_something_of_the_old_life(db: &Db) {
    let uow = db.begin().await.unwrap();
    write_note(
        &uow,
        99,
        "from events that the restored producer does not know",
    )
    .await
    .unwrap();
    uow.commit().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_processes_one_follows_and_the_other_takes_over() {
    let db = TestDb::postgres(migrations()).await;
    let stage = Stage::new().await;
    let other = db.another_process().await;
    let (one, two) = (stage.follower(&db), stage.follower(&other));
    let first = Running::start(&one);
    stage.announce(1..=10).await;
    stage.caught_up(&db).await;
    let second = Running::start(&two);
    stage.announce(11..=20).await;
    stage.caught_up(&db).await;
    assert!(lag(&db)[0].connected && !lag(&other)[0].connected);
    first.stop().await;
    stage.announce(21..=30).await;
    stage.caught_up(&db).await;
    assert!(lag(&other)[0].connected);
    second.stop().await;
    assert_eq!(numbers(notes(&db).await), (1..=30).collect::<Vec<_>>());
}

/// As after a long pause of the process: the events it holds were applied by its successor.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_follower_that_was_replaced_cannot_write_any_more() {
    let db = TestDb::postgres(migrations()).await;
    let stage = Stage::new().await;
    let other = db.another_process().await;
    for round in 0..10 {
        let moods = Moods::default();
        let replaced = Running::start(&stage.moody_follower(&db, &moods));
        stage.announce([10 * round + 1]).await;
        stage.caught_up(&db).await;

        moods.stuck.store(true, SeqCst);
        stage.announce(10 * round + 2..=10 * round + 9).await;
        free_lease(&db).await;
        let successor = Running::start(&stage.follower(&other));
        stage.caught_up(&db).await;

        moods.stuck.store(false, SeqCst);
        stage.announce([10 * round + 10]).await;
        eventually("it notices", || async {
            lag(&db).iter().all(|one| !one.connected)
        })
        .await;
        stage.caught_up(&db).await;
        replaced.stop().await;
        successor.stop().await;
    }
    assert_eq!(numbers(notes(&db).await), (1..=100).collect::<Vec<_>>());
    assert_eq!(parked(&db, "notes").await.unwrap(), []);
}
