//! Applies events together with the cursor.

use std::{collections::HashSet, sync::Arc};

use prost::Message;
use sea_orm::{DbBackend, DbErr};

use super::{Consumer, FeedItem, Source, cursor_row, lag::Gauge, quarantine};
use crate::{
    db::{Db, is_transient},
    outbox::Cursor,
};

/// Where events come from, and who takes them.
pub(super) struct Way<C: Consumer> {
    pub(super) source: Box<dyn Source<C::Event>>,
    pub(super) consumer: C,
}

/// A consumer at work: its place and what it holds back.
pub(super) struct Worker<C: Consumer> {
    pub(super) db: Db,
    pub(super) way: Arc<Way<C>>,
    pub(super) owner: String,
    pub(super) gauge: Arc<Gauge>,
    pub(super) at: Cursor,
    pub(super) held: HashSet<String>,
}

/// Why a worker must stop or repeat.
#[derive(Debug, thiserror::Error)]
pub(super) enum Interrupted {
    /// Another process follows this producer now.
    #[error("another process has taken over")]
    Replaced,
    /// The own database has a bad moment; nothing of the batch was kept.
    #[error("database: {0}")]
    Db(#[from] DbErr),
    /// The event says something impossible about itself.
    #[error("{0}")]
    Feed(String),
}

/// An event with its parsed cursor.
pub(super) struct Received<E> {
    cursor: Cursor,
    key: Option<String>,
    event: E,
}

impl<C: Consumer> Worker<C> {
    /// Reads cursor and key.
    pub(super) fn receive(event: C::Event) -> Result<Received<C::Event>, Interrupted> {
        let cursor = event
            .cursor()
            .parse()
            .map_err(|err| Interrupted::Feed(format!("{err}")))?;
        Ok(Received {
            cursor,
            key: C::key_of(&event),
            event,
        })
    }

    /// Applies what is new in the batch: in one transaction if all goes well,
    /// else one by one, so that only the events that fail are put aside.
    pub(super) async fn apply(
        &mut self,
        mut batch: Vec<Received<C::Event>>,
    ) -> Result<(), Interrupted> {
        self.drop_known(&mut batch)?;
        let Some(last) = batch.last().map(|one| one.cursor) else {
            return Ok(());
        };
        match self.together(&batch, last).await {
            Ok(()) => {}
            Err(Failure::Interrupted(why)) => return Err(why),
            Err(Failure::Event(_)) => {
                for one in &batch {
                    self.alone(one).await?;
                }
            }
        }
        self.gauge.applied(self.at.position, self.held.len());
        Ok(())
    }

    /// An event may arrive twice; the cursor knows which ones are done.
    fn drop_known(&self, batch: &mut Vec<Received<C::Event>>) -> Result<(), Interrupted> {
        let mut at = self.at;
        if at == cursor_row::BEGINNING
            && let Some(first) = batch.first()
        {
            // Before position 0: the first heartbeat of an empty feed tells the epoch.
            at = Cursor {
                epoch: first.cursor.epoch,
                position: -1,
            };
        }
        if let Some(other) = batch.iter().find(|one| one.cursor.epoch != at.epoch) {
            return Err(Interrupted::Feed(format!(
                "epoch changed from {at} to {}",
                other.cursor
            )));
        }
        batch.retain(|one| {
            let new = one.cursor > at;
            at = at.max(one.cursor);
            new
        });
        Ok(())
    }

    async fn together(
        &mut self,
        batch: &[Received<C::Event>],
        last: Cursor,
    ) -> Result<(), Failure> {
        let mut uow = self.db.begin().await?;
        self.advance(&uow, last).await?;
        let mut free = Vec::with_capacity(batch.len());
        for one in batch {
            let Some(key) = &one.key else { continue };
            if self.held.contains(key) {
                let payload = one.event.encode_to_vec();
                quarantine::park(&uow, C::Event::PRODUCER, one.cursor, key, payload, None).await?;
            } else {
                free.push(&one.event);
            }
        }
        let consumer = &self.way.consumer;
        let applied = match free.as_slice() {
            [] => Ok(()),
            [event] => consumer.apply(&mut uow, event).await,
            events => consumer.apply_all(&mut uow, events).await,
        };
        applied.map_err(Failure::of_event)?;
        uow.commit().await?;
        self.at = last;
        Ok(())
    }

    async fn alone(&mut self, one: &Received<C::Event>) -> Result<(), Interrupted> {
        let error = match self.together(std::slice::from_ref(one), one.cursor).await {
            Ok(()) => return Ok(()),
            Err(Failure::Interrupted(why)) => return Err(why),
            Err(Failure::Event(error)) => error,
        };
        let key = one.key.clone().unwrap_or_default();
        tracing::warn!(producer = C::Event::PRODUCER, cursor = %one.cursor, key, error = format!("{error:#}"),
            "event put aside");
        let uow = self.db.begin().await?;
        self.advance(&uow, one.cursor).await?;
        let payload = one.event.encode_to_vec();
        let text = format!("{error:#}");
        quarantine::park(
            &uow,
            C::Event::PRODUCER,
            one.cursor,
            &key,
            payload,
            Some(&text),
        )
        .await?;
        uow.commit().await?;
        self.at = one.cursor;
        self.held.insert(key);
        Ok(())
    }

    async fn advance(&self, uow: &crate::db::UnitOfWork, to: Cursor) -> Result<(), Interrupted> {
        if cursor_row::advance(uow, C::Event::PRODUCER, &self.owner, self.at, to).await? {
            Ok(())
        } else {
            Err(Interrupted::Replaced)
        }
    }

    /// Renews the lease without moving.
    pub(super) async fn renew(&self) -> Result<(), Interrupted> {
        if self.db.backend() != DbBackend::Postgres {
            // Nobody to keep away: an idle follower writes nothing.
            return Ok(());
        }
        let uow = self.db.begin().await?;
        self.advance(&uow, self.at).await?;
        uow.commit().await?;
        Ok(())
    }

    /// Tries held events whose time has come; a success frees what waits behind
    /// it. False when there was nothing to try.
    pub(super) async fn retry_held(&mut self) -> Result<bool, Interrupted> {
        let mut tried = false;
        loop {
            let mut freed = false;
            for parked in quarantine::due(&self.db, C::Event::PRODUCER).await? {
                freed |= self.retry(&parked).await?;
                tried = true;
            }
            if !freed {
                break;
            }
        }
        if tried {
            self.held = quarantine::held_keys(&self.db, C::Event::PRODUCER).await?;
            self.gauge.applied(self.at.position, self.held.len());
        }
        Ok(tried)
    }

    async fn retry(&self, parked: &quarantine::Parked) -> Result<bool, Interrupted> {
        let error = match self.apply_parked(parked).await {
            Ok(()) => return Ok(true),
            Err(Failure::Interrupted(why)) => return Err(why),
            Err(Failure::Event(error)) => format!("{error:#}"),
        };
        let attempts = quarantine::failed(&self.db, C::Event::PRODUCER, parked, &error).await?;
        if attempts == quarantine::GIVE_UP {
            tracing::error!(producer = C::Event::PRODUCER, cursor = %parked.cursor, key = parked.key, error,
                "event is poison: its key waits, the others go on");
        }
        Ok(false)
    }

    async fn apply_parked(&self, parked: &quarantine::Parked) -> Result<(), Failure> {
        let event = C::Event::decode(parked.payload.as_slice())
            .map_err(|err| Failure::Event(err.into()))?;
        let mut uow = self.db.begin().await?;
        self.advance(&uow, self.at).await?;
        if quarantine::take(&uow, C::Event::PRODUCER, parked.cursor).await? {
            self.way
                .consumer
                .apply(&mut uow, &event)
                .await
                .map_err(Failure::of_event)?;
        }
        uow.commit().await?;
        Ok(())
    }

    /// The producer starts over: so does the copy.
    pub(super) async fn reset(&mut self) -> anyhow::Result<()> {
        let mut uow = self.db.begin().await?;
        self.advance(&uow, cursor_row::BEGINNING).await?;
        quarantine::clear(&uow, C::Event::PRODUCER).await?;
        self.way.consumer.reset(&mut uow).await?;
        uow.commit().await?;
        self.at = cursor_row::BEGINNING;
        self.held.clear();
        self.gauge.applied(0, 0);
        Ok(())
    }
}

enum Failure {
    /// This event cannot be applied.
    Event(anyhow::Error),
    /// Nothing can be applied now.
    Interrupted(Interrupted),
}

impl Failure {
    /// A consumer's error is the event's fault, unless the database had a bad moment.
    fn of_event(error: anyhow::Error) -> Failure {
        match error.downcast::<DbErr>() {
            Ok(db) if is_transient(&db) => Failure::Interrupted(Interrupted::Db(db)),
            Ok(db) => Failure::Event(db.into()),
            Err(error) => Failure::Event(error),
        }
    }
}

impl From<Interrupted> for Failure {
    fn from(why: Interrupted) -> Failure {
        Failure::Interrupted(why)
    }
}

impl From<DbErr> for Failure {
    fn from(err: DbErr) -> Failure {
        // Our own statements; a failure that is not of the moment comes from what the
        // event did before (a deferred constraint at commit).
        if is_transient(&err) {
            Failure::Interrupted(err.into())
        } else {
            Failure::Event(err.into())
        }
    }
}
