//! Numbering: dense, in commit order, nothing skipped, nothing doubled.

use std::{collections::BTreeSet, time::Duration};

use chassis::{
    db::{Db, chassis_migrations},
    feed::{Filter, Item, serve},
    on_both_databases,
    outbox::{self, Cursor, OutboxRow, Round, covered, new_epoch, sequence, sequencer},
    testing::{TestDb, eventually},
};
use futures::{StreamExt, stream::BoxStream};
use sea_orm::ConnectionTrait;
use tokio_util::sync::CancellationToken;
use tonic::Status;

use crate::support::{Running, announce, event};

/// The raw feed from a cursor.
pub async fn watch(db: &Db, cursor: &str) -> BoxStream<'static, Result<Item, Status>> {
    serve(db, &CancellationToken::new(), cursor, Filter::all(), Ok)
        .await
        .unwrap()
}

/// Takes the next `count` events off a stream.
pub async fn take(
    stream: &mut BoxStream<'static, Result<Item, Status>>,
    count: usize,
) -> Vec<OutboxRow> {
    let mut rows = Vec::new();
    while rows.len() < count {
        let next = tokio::time::timeout(Duration::from_secs(20), stream.next());
        let item = next
            .await
            .expect("the feed stands still")
            .expect("the feed ended")
            .unwrap();
        if let Item::Event(row) = item {
            rows.push(row);
        }
    }
    rows
}

fn text(row: &OutboxRow) -> String {
    String::from_utf8(row.payload.clone()).unwrap()
}

/// The transaction that took the lower id commits last; whoever reads in between
/// must still get both, once each, at dense positions.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_transaction_that_commits_late_is_not_skipped() {
    let db = TestDb::postgres(chassis_migrations()).await;
    let mut feed = watch(&db, "").await;

    let early = raw_insert(&db, "early id").await;
    let late = raw_insert(&db, "late id").await;
    assert!(early.1 < late.1, "the first transaction holds the lower id");

    late.0.commit().await.unwrap();
    assert_eq!(sequence(&db).await.unwrap(), Round::Numbered(1));
    let first = take(&mut feed, 1).await.remove(0);
    assert_eq!(
        (text(&first), first.cursor.position),
        ("late id".to_owned(), 1)
    );

    // A follower that connects now stands behind the event already.
    let mut second_feed = watch(&db, &first.cursor.to_string()).await;

    early.0.commit().await.unwrap();
    assert_eq!(sequence(&db).await.unwrap(), Round::Numbered(1));
    for feed in [&mut feed, &mut second_feed] {
        let second = take(feed, 1).await.remove(0);
        assert_eq!(
            (text(&second), second.cursor.position),
            ("early id".to_owned(), 2)
        );
    }
    let all = take(&mut watch(&db, "").await, 2).await;
    assert_eq!(
        all.iter().map(text).collect::<Vec<_>>(),
        ["late id", "early id"]
    );
}

/// Inserts an outbox row and leaves the transaction open; its id.
async fn raw_insert(db: &Db, text: &str) -> (chassis::db::UnitOfWork, i64) {
    let uow = db.begin().await.unwrap();
    let insert =
        "INSERT INTO outbox (kind, key, payload, occurred_us) VALUES ('K', 'k', ?, 0) RETURNING id";
    let insert = chassis::db::statement(db.backend(), insert, [text.as_bytes().to_vec().into()]);
    let row = uow.conn().query_one_raw(insert).await.unwrap().unwrap();
    (uow, row.try_get_by_index(0).unwrap())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_second_sequencer_waits_its_turn() {
    let db = TestDb::postgres(chassis_migrations()).await;
    announce(&db, "k", "one").await;
    let holder = db.begin().await.unwrap();
    holder
        .conn()
        .execute_unprepared("SELECT 1 FROM feed_epoch FOR UPDATE")
        .await
        .unwrap();
    assert_eq!(sequence(&db).await.unwrap(), Round::Busy);
    holder.rollback().await.unwrap();
    assert_eq!(sequence(&db).await.unwrap(), Round::Numbered(1));
    assert_eq!(sequence(&db).await.unwrap(), Round::Numbered(0));
}

/// Two processes number and six writers commit and roll back at their own pace.
async fn write_a_lot(db: &Db, rivals: &[Db], writers: i64, each: i64) -> BTreeSet<String> {
    let tasks: Vec<_> = (0..writers)
        .map(|writer| {
            let db = rivals[writer as usize % rivals.len()].clone();
            tokio::spawn(async move {
                let mut kept = Vec::new();
                for nth in 0..each {
                    let mut uow = db.begin().await.unwrap();
                    let events = (writer + nth) % 3 + 1;
                    for part in 0..events {
                        uow.announce(event(db.clock(), "k", &format!("{writer}/{nth}/{part}")));
                    }
                    if (writer * 7 + nth) % 5 == 0 {
                        drop(uow);
                    } else {
                        uow.commit().await.unwrap();
                        kept.extend((0..events).map(|part| format!("{writer}/{nth}/{part}")));
                    }
                }
                kept
            })
        })
        .collect();
    let mut committed = BTreeSet::new();
    for task in tasks {
        committed.extend(task.await.unwrap());
    }
    // The last commit may have been another process's: numbering is asked for by hand.
    eventually("everything is numbered", || async {
        sequence(db).await.unwrap();
        outbox::head(db).await.unwrap().position == committed.len() as i64
    })
    .await;
    committed
}

on_both_databases! { chassis_migrations();
    async fn concurrent_writers_are_numbered_densely_and_read_exactly_once(db) {
        let rivals = match db.backend() {
            // SQLite: one process has the file.
            sea_orm::DbBackend::Sqlite => vec![db.db().clone()],
            _ => vec![db.db().clone(), db.another_process().await],
        };
        let _running: Vec<_> = rivals.iter().map(|rival| Running::start(&sequencer(rival))).collect();

        // A follower that is cut off again and again while the writers are at work.
        let follower = {
            let db = db.db().clone();
            tokio::spawn(async move {
                let mut seen: Vec<OutboxRow> = Vec::new();
                for round in 0.. {
                    let cursor = seen.last().map(|row| row.cursor.to_string()).unwrap_or_default();
                    let mut feed = watch(&db, &cursor).await;
                    for row in take(&mut feed, round % 7 + 1).await {
                        let last = text(&row) == "the end";
                        seen.push(row);
                        if last {
                            return seen;
                        }
                    }
                }
                seen
            })
        };
        let mut committed = write_a_lot(&db, &rivals, 6, 40).await;
        announce(&db, "k", "the end").await;
        committed.insert("the end".to_owned());

        // `take` may ask for more than there is: after the end, something must come.
        let nudge = Running::start(&nudger(&db));
        let seen = follower.await.unwrap();
        nudge.stop().await;

        let positions: Vec<i64> = seen.iter().map(|row| row.cursor.position).collect();
        assert_eq!(positions, (1..=committed.len() as i64).collect::<Vec<_>>());
        let texts: Vec<String> = seen.iter().map(text).collect();
        assert_eq!(texts.iter().cloned().collect::<BTreeSet<_>>(), committed);
        for writer in 0..6 {
            // What one writer did one after the other stays in that order.
            let own: Vec<_> = texts.iter().filter(|text| text.starts_with(&format!("{writer}/"))).collect();
            let number = |text: &&String| -> Vec<u32> {
                text.split('/').map(|part| part.parse().unwrap()).collect()
            };
            assert!(own.iter().map(number).is_sorted(), "{own:?}");
        }
    }

    async fn a_unit_that_is_dropped_announces_nothing(db) {
        let mut uow = db.begin().await.unwrap();
        uow.announce(event(db.clock(), "k", "never"));
        drop(uow);
        announce(&db, "k", "kept").await;
        sequence(&db).await.unwrap();
        let rows = take(&mut watch(&db, "").await, 1).await;
        assert_eq!((text(&rows[0]), rows[0].cursor.position), ("kept".to_owned(), 1));
        assert_eq!(outbox::head(&db).await.unwrap().position, 1);
    }

    async fn all_columns_come_back_as_announced(db) {
        let school = uuid::Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0001);
        let announced = [
            crate::support::event_of(db.clock(), Some(school), "NOTE_WRITTEN", "ключ «А»", "текст"),
            crate::support::event_of(db.clock(), None, "NOTE_GONE", "", ""),
        ];
        let mut uow = db.begin().await.unwrap();
        announced.iter().cloned().for_each(|event| uow.announce(event));
        uow.commit().await.unwrap();
        sequence(&db).await.unwrap();
        let rows = take(&mut watch(&db, "").await, 2).await;
        for (row, event) in rows.iter().zip(&announced) {
            assert_eq!(row.school_id, event.school_id);
            assert_eq!(row.kind, event.kind);
            assert_eq!(row.key, event.key);
            assert_eq!(row.payload, event.payload);
            assert_eq!(row.occurred_at, event.occurred_at);
        }
    }

    async fn a_thousand_events_of_one_unit_keep_their_order(db) {
        let mut uow = db.begin().await.unwrap();
        for nth in 0..12_000 {
            uow.announce(event(db.clock(), "k", &nth.to_string()));
        }
        let before = db.statements();
        uow.commit().await.unwrap();
        let sent = db.statements() - before;
        assert!(sent.statements <= 3, "{sent:?}");
        let _numbering = Running::start(&sequencer(&db));
        let rows = take(&mut watch(&db, "").await, 12_000).await;
        assert!(rows.iter().enumerate().all(|(nth, row)| text(row) == nth.to_string()));
    }

    async fn a_write_can_be_followed_by_its_cursor(db) {
        let _numbering = Running::start(&sequencer(&db));
        announce(&db, "k", "before").await;
        let mut uow = db.begin().await.unwrap();
        uow.announce(event(db.clock(), "k", "one"));
        uow.announce(event(db.clock(), "k", "two"));
        uow.commit().await.unwrap();
        let cursor = covered(&db, Duration::from_secs(20)).await.unwrap();
        assert_eq!(cursor, Cursor { epoch: outbox::epoch(&db).await.unwrap(), position: 3 });
    }

    async fn a_token_asks_the_database_nothing_of_its_own(db) {
        let cover = covered(&db, Duration::from_secs(20));
        let before = db.statements();
        let numbering = async {
            tokio::task::yield_now().await;
            sequence(&db).await.unwrap()
        };
        let (cursor, _) = tokio::join!(cover, numbering);
        assert_eq!(cursor.unwrap().position, 0);
        let round = db.statements() - before;
        let before = db.statements();
        sequence(&db).await.unwrap();
        assert_eq!(round, db.statements() - before, "only the round's own statements");
        assert_eq!(covered(&db, Duration::from_millis(1)).await, None, "nobody numbers");
    }

    async fn a_new_epoch_is_never_an_old_one(db) {
        let born = outbox::epoch(&db).await.unwrap();
        db.clock.set("2030-01-01T00:00:00Z".parse().unwrap());
        let second = new_epoch(&db).await.unwrap();
        assert_eq!(second, Cursor { epoch: 1_893_456_000, position: 0 });
        assert!(second.epoch > born);
        let third = new_epoch(&db).await.unwrap();
        assert_eq!(third.epoch, second.epoch + 1);
    }
}

/// Commits an event every now and then, so that a reader that waits for more ends.
fn nudger(db: &Db) -> chassis::task::Task {
    let db = db.clone();
    chassis::task::Task::new("nudger", move |stop| {
        let db = db.clone();
        async move {
            while !stop.is_cancelled() {
                announce(&db, "k", "nudge").await;
                tokio::task::yield_now().await;
            }
            Ok(())
        }
    })
}
