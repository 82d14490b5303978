//! A producer of numbered notes and a consumer whose moods the test decides.

use std::{
    collections::BTreeSet,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicU32, Ordering::SeqCst},
    },
};

use async_trait::async_trait;
use chassis::{
    db::{Db, UnitOfWork},
    feed::{Consumer, FeedItem, Filter, Item, Source, follow, position, serve},
    outbox::{self, sequencer},
    task::Task,
    testing::{TestDb, eventually},
};
use futures::{StreamExt, stream::BoxStream};
use sea_orm::{ConnectionTrait, DbErr};
use tokio_util::sync::CancellationToken;
use tonic::Status;

use crate::support::{Running, announce, migrations, write_note};

#[derive(Clone, PartialEq, prost::Message)]
pub struct WatchNotesResponse {
    #[prost(string, tag = "1")]
    cursor: String,
    #[prost(string, optional, tag = "2")]
    key: Option<String>,
    #[prost(string, tag = "3")]
    text: String,
}

/// How the consumer (mis)behaves; shared with the test.
#[derive(Clone, Default)]
pub struct Moods {
    /// Texts that cannot be applied.
    pub refused: Arc<Mutex<BTreeSet<String>>>,
    /// Failures of the database still to come.
    pub hiccups: Arc<AtomicU32>,
    pub offline: Arc<AtomicBool>,
    pub resets: Arc<AtomicU32>,
    /// Delivers each event so many times more, at once and again later.
    pub stutter: Arc<AtomicU32>,
    /// Holds this consumer's events on the wire.
    pub stuck: Arc<AtomicBool>,
}

impl FeedItem for WatchNotesResponse {
    const PRODUCER: &'static str = "notes";

    fn cursor(&self) -> &str {
        &self.cursor
    }
}

/// The producer's feed, as far as the moods let it through.
struct Wire {
    producer: Db,
    moods: Moods,
}

#[async_trait]
impl Source<WatchNotesResponse> for Wire {
    async fn open(
        &self,
        cursor: String,
        _changes: &'static [&'static str],
    ) -> Result<BoxStream<'static, Result<WatchNotesResponse, Status>>, Status> {
        if self.moods.offline.load(SeqCst) {
            return Err(Status::unavailable("offline"));
        }
        let stop = CancellationToken::new();
        let feed = serve(&self.producer, &stop, &cursor, Filter::all(), |item| {
            let cursor = item.cursor().to_string();
            Ok(match item {
                Item::Event(row) => {
                    let text = String::from_utf8(row.payload).unwrap();
                    WatchNotesResponse {
                        cursor,
                        key: Some(row.key),
                        text,
                    }
                }
                Item::Progress(_) => WatchNotesResponse {
                    cursor,
                    ..Default::default()
                },
            })
        });
        let (offline, stuck) = (self.moods.offline.clone(), self.moods.stuck.clone());
        let live = feed
            .await?
            .take_while(move |_| std::future::ready(!offline.load(SeqCst)));
        let slow = live.then(move |item| {
            let stuck = stuck.clone();
            async move {
                eventually("the wire is free", || async { !stuck.load(SeqCst) }).await;
                item
            }
        });
        let times = self.moods.stutter.load(SeqCst) as usize + 1;
        let mut earlier: Option<WatchNotesResponse> = None;
        let stuttered = slow.flat_map(move |item| {
            let mut items = Vec::new();
            if let Ok(event) = &item {
                let again = (times > 1)
                    .then(|| earlier.replace(event.clone()))
                    .flatten();
                items.extend(again.map(Ok));
                items.extend(vec![Ok(event.clone()); times]);
            } else {
                items.push(item);
            }
            futures::stream::iter(items)
        });
        Ok(stuttered.boxed())
    }
}

/// Writes each event's text, a number, as a note; a second time would break the key.
struct Copy {
    moods: Moods,
}

#[async_trait]
impl Consumer for Copy {
    type Event = WatchNotesResponse;
    const CHANGES: &'static [&'static str] = &[];

    fn key_of(event: &WatchNotesResponse) -> Option<String> {
        event.key.clone()
    }

    async fn apply(&self, uow: &mut UnitOfWork, event: &WatchNotesResponse) -> anyhow::Result<()> {
        if self.moods.refused.lock().unwrap().contains(&event.text) {
            // Fails in the database too, as a broken constraint would.
            uow.conn()
                .execute_unprepared("INSERT INTO nowhere VALUES (1)")
                .await?;
        }
        if self
            .moods
            .hiccups
            .fetch_update(SeqCst, SeqCst, |left| left.checked_sub(1))
            .is_ok()
        {
            Err(DbErr::ConnectionAcquire(
                sea_orm::error::ConnAcquireErr::Timeout,
            ))?;
        }
        write_note(uow, event.text.parse()?, &event.text).await?;
        Ok(())
    }

    async fn reset(&self, uow: &mut UnitOfWork) -> anyhow::Result<()> {
        self.moods.resets.fetch_add(1, SeqCst);
        uow.conn().execute_unprepared("DELETE FROM note").await?;
        Ok(())
    }
}

/// A producer with a running sequencer; the consumer is the test's own database.
pub struct Stage {
    pub producer: TestDb,
    pub moods: Moods,
    _numbering: Running,
}

impl Stage {
    pub async fn new() -> Stage {
        // SQLite for speed: the producer's side has tests of its own on both.
        let producer = TestDb::sqlite(migrations()).await;
        let _numbering = Running::start(&sequencer(&producer));
        Stage {
            producer,
            moods: Moods::default(),
            _numbering,
        }
    }

    pub fn follower(&self, consumer: &Db) -> Task {
        self.moody_follower(consumer, &self.moods)
    }

    /// Another process has moods of its own.
    pub fn moody_follower(&self, consumer: &Db, moods: &Moods) -> Task {
        let wire = Wire {
            producer: self.producer.db().clone(),
            moods: moods.clone(),
        };
        let copy = Copy {
            moods: moods.clone(),
        };
        follow(consumer, wire, copy)
    }

    pub async fn announce(&self, numbers: impl IntoIterator<Item = i64>) {
        for nth in numbers {
            announce(
                &self.producer,
                &format!("key {}", nth % 10),
                &nth.to_string(),
            )
            .await;
        }
    }

    pub async fn caught_up(&self, consumer: &Db) {
        eventually("the copy is up to date", || async {
            let head = outbox::head(&self.producer).await.unwrap();
            position(consumer, "notes").await.unwrap() == Some(head)
        })
        .await;
    }
}
