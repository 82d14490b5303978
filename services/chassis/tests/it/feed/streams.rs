//! What the producer's stream gives.

use std::time::Instant;

use chassis::{
    db::{chassis_migrations, statement},
    feed::{CURSOR_EXPIRED, Filter, HEARTBEAT, Item, serve},
    on_both_databases,
    outbox::{self, Cursor, new_epoch, sequence},
    status,
};
use futures::StreamExt;
use sea_orm::ConnectionTrait;
use tokio_util::sync::CancellationToken;
use tonic::Code;
use uuid::Uuid;

use crate::{
    outbox::{take, watch},
    support::{announce, event, event_of},
};

fn never() -> CancellationToken {
    CancellationToken::new()
}

async fn refusal(db: &chassis::db::Db, cursor: &str) -> tonic::Status {
    serve(db, &never(), cursor, Filter::all(), Ok)
        .await
        .err()
        .expect("the cursor is refused")
}

on_both_databases! { chassis_migrations();
    async fn an_event_is_seen_live_by_an_open_stream(db) {
        let mut feed = watch(&db, "").await;
        for nth in 1..=3 {
            announce(&db, "k", &format!("event {nth}")).await;
            sequence(&db).await.unwrap();
            let row = take(&mut feed, 1).await.remove(0);
            assert_eq!(row.payload, format!("event {nth}").into_bytes());
        }
    }

    async fn a_reader_that_starts_now_gets_only_what_comes(db) {
        announce(&db, "k", "before").await;
        sequence(&db).await.unwrap();
        let mut feed = watch(&db, "now").await;
        let head = outbox::head(&db).await.unwrap();
        assert_eq!(feed.next().await.unwrap().unwrap(), Item::Progress(head));
        announce(&db, "k", "after").await;
        sequence(&db).await.unwrap();
        assert_eq!(take(&mut feed, 1).await[0].payload, b"after");
    }

    async fn a_filtered_reader_hears_how_far_it_is(db) {
        let (mine, other) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let mut uow = db.begin().await.unwrap();
        for nth in 0..1_300 {
            let school = if nth == 700 { mine } else { other };
            uow.announce(event_of(db.clock(), Some(school), "NOTE_WRITTEN", "k", &nth.to_string()));
        }
        uow.announce(event_of(db.clock(), Some(mine), "NOTE_GONE", "k", "another kind"));
        uow.announce(event_of(db.clock(), None, "NOTE_WRITTEN", "k", "of the region"));
        uow.commit().await.unwrap();
        sequence(&db).await.unwrap();

        let filter = Filter::school(mine).kinds(&["NOTE_WRITTEN"]);
        let mut feed = serve(&db, &never(), "", filter, Ok).await.unwrap();
        let mut items = Vec::new();
        while items.last().is_none_or(|item: &Item| item.cursor().position < 1_302) {
            items.push(feed.next().await.unwrap().unwrap());
        }
        let events: Vec<&Item> = items.iter().filter(|item| matches!(item, Item::Event(_))).collect();
        assert_eq!(events.len(), 1);
        assert_eq!(events[0].cursor().position, 701);
        assert!(items.iter().map(|item| item.cursor().position).is_sorted());
        assert!(matches!(items.last(), Some(Item::Progress(cursor)) if cursor.position == 1_302));

        let none = Filter { schools: Some(Vec::new()), kinds: None };
        let mut feed = serve(&db, &never(), "", none, Ok).await.unwrap();
        assert!(matches!(feed.next().await.unwrap().unwrap(), Item::Progress(_)));
    }

    async fn a_slow_reader_makes_the_producer_wait(db) {
        let mut uow = db.begin().await.unwrap();
        for nth in 0..4_000 {
            uow.announce(event(db.clock(), "k", &nth.to_string()));
        }
        uow.commit().await.unwrap();
        while outbox::head(&db).await.unwrap().position < 4_000 {
            sequence(&db).await.unwrap();
        }
        let mut feed = watch(&db, "").await;
        // The windows of 50, 100, 200 and 400 positions come first.
        take(&mut feed, 760).await;
        let before = db.statements();
        take(&mut feed, 400).await;
        assert_eq!((db.statements() - before).background_statements, 0, "served from the buffer");
        take(&mut feed, 2_800).await;
        let sent = (db.statements() - before).background_statements;
        assert!((6..=14).contains(&sent), "two statements for 500 events: {sent}");
    }

    async fn a_stream_ends_when_the_service_stops(db) {
        let stop = CancellationToken::new();
        let mut feed = serve(&db, &stop, "", Filter::all(), Ok).await.unwrap();
        announce(&db, "k", "before").await;
        sequence(&db).await.unwrap();
        take(&mut feed, 1).await;
        stop.cancel();
        assert!(feed.next().await.is_none());
    }

    async fn an_idle_stream_says_that_it_is_alive(db) {
        let head = outbox::head(&db).await.unwrap();
        let mut feed = watch(&db, "").await;
        let opened = Instant::now();
        for beat in 0..2 {
            let item = tokio::time::timeout(4 * HEARTBEAT, feed.next()).await.unwrap();
            assert_eq!(item.unwrap().unwrap(), Item::Progress(head));
            assert_eq!(opened.elapsed() >= HEARTBEAT, beat == 1, "the first one comes at once");
        }
    }

    async fn what_is_no_cursor_is_an_invalid_argument(db) {
        for cursor in ["42", "e1", "e1.x", "e1.1.1"] {
            assert_eq!(refusal(&db, cursor).await.code(), Code::InvalidArgument, "{cursor}");
        }
    }

    async fn a_cursor_of_another_life_has_expired(db) {
        announce(&db, "k", "one").await;
        sequence(&db).await.unwrap();
        let head = outbox::head(&db).await.unwrap();
        let mut open = watch(&db, &head.to_string()).await;
        let beyond = Cursor { position: head.position + 1, ..head };
        let before = Cursor { epoch: head.epoch - 1, ..head };
        for cursor in [beyond, before] {
            let refused = refusal(&db, &cursor.to_string()).await;
            assert_eq!((refused.code(), status::reason(&refused)), (Code::OutOfRange, CURSOR_EXPIRED.to_owned()));
        }
        db.clock.set("2030-01-01T00:00:00Z".parse().unwrap());
        new_epoch(&db).await.unwrap();
        assert_eq!(refusal(&db, &head.to_string()).await.code(), Code::OutOfRange);
        announce(&db, "k", "two").await;
        sequence(&db).await.unwrap();
        let cut = loop {
            if let Err(status) = open.next().await.unwrap() {
                break status;
            }
        };
        assert_eq!(cut.code(), Code::OutOfRange, "open streams notice too");
        let all = take(&mut watch(&db, "").await, 2).await;
        assert!(all.iter().all(|row| row.cursor.epoch > head.epoch), "{all:?}");
    }

    async fn a_cursor_whose_next_events_are_gone_has_expired(db) {
        for nth in 0..5 {
            announce(&db, "k", &nth.to_string()).await;
        }
        sequence(&db).await.unwrap();
        let uow = db.begin().await.unwrap();
        let prune = statement(db.backend(), "DELETE FROM outbox WHERE id <= 3", []);
        uow.conn().execute_raw(prune).await.unwrap();
        uow.commit().await.unwrap();
        let head = outbox::head(&db).await.unwrap();
        let at = |position| Cursor { position, ..head }.to_string();
        assert_eq!(refusal(&db, &at(2)).await.code(), Code::OutOfRange);
        assert_eq!(take(&mut watch(&db, &at(3)).await, 2).await.len(), 2);
        assert_eq!(take(&mut watch(&db, "").await, 1).await[0].cursor.position, 4);
    }

    async fn a_feed_whose_last_events_are_gone_goes_on_counting(db) {
        for nth in 0..3 {
            announce(&db, "k", &nth.to_string()).await;
        }
        sequence(&db).await.unwrap();
        let uow = db.begin().await.unwrap();
        uow.conn().execute_unprepared("DELETE FROM outbox").await.unwrap();
        uow.commit().await.unwrap();
        announce(&db, "k", "next").await;
        sequence(&db).await.unwrap();
        assert_eq!(take(&mut watch(&db, "").await, 1).await[0].cursor.position, 4);
    }
}
