//! The consumer's side: a supervised task that never gives up.

use std::{sync::Arc, time::Duration};

use futures::{FutureExt, StreamExt, stream::BoxStream};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tonic::{Code, Status};

use super::{
    Consumer, FeedItem, Source,
    batch::{Interrupted, Way, Worker},
    cursor_row::{self, BEGINNING, RENEW},
    lag::Gauge,
    quarantine,
};
use crate::{
    db::{Db, background},
    ids::Ids,
    task::Task,
};

/// Events applied by one transaction at most.
const BATCH: usize = 200;
/// After a batch with nothing behind it a follower rests twice as long as the batch took, at
/// most so long: in a stream of events they gather, and ten cost hardly more than one.
const LONGEST_REST: Duration = Duration::from_millis(50);
/// Held events are looked at this often at first, and when none has been due for a while.
const RETRY_FIRST: Duration = Duration::from_millis(50);
const RETRY_LATER: Duration = Duration::from_secs(1);
/// A session that lasted so long has not failed: the next one starts without delay.
const STABLE: Duration = Duration::from_secs(10);
/// Pause after a failure: random up to this, doubled each time, up to `LONGEST_PAUSE`.
const FIRST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// Follows a producer: applies its events, read from `source`, to this service's
/// database.
///
/// Of several processes one follows at a time. The task ends only when stopped:
/// failures of the stream or of a database are logged and repeated with back-off.
pub fn follow<C: Consumer>(db: &Db, source: impl Source<C::Event>, consumer: C) -> Task {
    let way: Arc<Way<C>> = Arc::new(Way {
        source: Box::new(source),
        consumer,
    });
    let gauge = db.followers().register(C::Event::PRODUCER);
    let db = db.clone();
    Task::new(format!("feed:{}", C::Event::PRODUCER), move |stop| {
        let (db, way, gauge) = (db.clone(), way.clone(), gauge.clone());
        background(async move {
            run(db, way, gauge, stop).await;
            Ok(())
        })
    })
}

async fn run<C: Consumer>(db: Db, way: Arc<Way<C>>, gauge: Arc<Gauge>, stop: CancellationToken) {
    let owner = Ids::random().uuid().to_string();
    let mut failures = 0;
    while !stop.is_cancelled() {
        let worked = tokio::select! {
            () = stop.cancelled() => break,
            worked = lead(&db, &way, &owner, &gauge) => worked,
        };
        gauge.connected(false);
        let pause = match worked {
            Ended::Waiting => RENEW,
            Ended::Again { progress } => {
                failures = if progress { 0 } else { failures + 1 };
                jittered(failures)
            }
        };
        tokio::select! {
            () = stop.cancelled() => break,
            () = tokio::time::sleep(pause) => {}
        }
    }
    gauge.connected(false);
    if let Err(err) = cursor_row::release(&db, C::Event::PRODUCER, &owner).await {
        tracing::debug!(producer = C::Event::PRODUCER, error = %err, "lease was left to expire");
    }
}

/// How a turn at the feed ended.
enum Ended {
    /// Another process is following.
    Waiting,
    /// Connect again; after progress without delay.
    Again { progress: bool },
}

/// Takes the lease and follows until something breaks.
async fn lead<C: Consumer>(db: &Db, way: &Arc<Way<C>>, owner: &str, gauge: &Arc<Gauge>) -> Ended {
    let mut worker = match claim(db, way, owner, gauge).await {
        Ok(Some(worker)) => worker,
        Ok(None) => return Ended::Waiting,
        Err(err) => {
            tracing::warn!(producer = C::Event::PRODUCER, error = %err, "feed cursor cannot be read");
            return Ended::Again { progress: false };
        }
    };
    let (start, since) = (worker.at, Instant::now());
    let why = match session(&mut worker).await {
        Err(Stopped::Expired) => restart(&mut worker).await,
        Err(Stopped::Replaced) => return Ended::Waiting,
        Err(Stopped::Failed(why)) => Some(why),
        Ok(()) => None,
    };
    let progress = worker.at != start || since.elapsed() >= STABLE;
    if let Some(why) = why {
        tracing::warn!(producer = C::Event::PRODUCER, at = %worker.at, why, "feed interrupted");
    }
    Ended::Again { progress }
}

async fn claim<C: Consumer>(
    db: &Db,
    way: &Arc<Way<C>>,
    owner: &str,
    gauge: &Arc<Gauge>,
) -> Result<Option<Worker<C>>, sea_orm::DbErr> {
    let Some(at) = cursor_row::claim(db, C::Event::PRODUCER, owner).await? else {
        return Ok(None);
    };
    let held = quarantine::held_keys(db, C::Event::PRODUCER).await?;
    gauge.applied(at.position, held.len());
    Ok(Some(Worker {
        db: db.clone(),
        way: way.clone(),
        owner: owner.to_owned(),
        gauge: gauge.clone(),
        at,
        held,
    }))
}

async fn restart<C: Consumer>(worker: &mut Worker<C>) -> Option<String> {
    tracing::warn!(producer = C::Event::PRODUCER, at = %worker.at, "feed starts over: the copy is built anew");
    worker
        .reset()
        .await
        .err()
        .map(|err| format!("reset failed: {err:#}"))
}

/// Why a session is over.
enum Stopped {
    Expired,
    Replaced,
    Failed(String),
}

impl From<Interrupted> for Stopped {
    fn from(why: Interrupted) -> Stopped {
        match why {
            Interrupted::Replaced => Stopped::Replaced,
            other => Stopped::Failed(other.to_string()),
        }
    }
}

impl From<Status> for Stopped {
    fn from(status: Status) -> Stopped {
        if status.code() == Code::OutOfRange {
            return Stopped::Expired;
        }
        Stopped::Failed(format!("{:?}: {}", status.code(), status.message()))
    }
}

/// One stream from opening to its end.
async fn session<C: Consumer>(worker: &mut Worker<C>) -> Result<(), Stopped> {
    let cursor = if worker.at == BEGINNING {
        String::new()
    } else {
        worker.at.to_string()
    };
    let mut stream = open(worker, cursor).await?;
    worker.gauge.connected(true);
    let mut renew_at = Instant::now() + RENEW;
    let mut retry = Retry::default();
    loop {
        let next = tokio::select! {
            biased;
            next = stream.next() => Some(next),
            () = tokio::time::sleep_until(retry.before(renew_at)) => None,
        };
        let before = (worker.at, worker.held.len());
        match next {
            Some(None) => return Ok(()),
            Some(Some(first)) => take_batch(worker, &mut stream, first?).await?,
            None => {}
        }
        if worker.at != before.0 {
            renew_at = Instant::now() + RENEW;
        } else if Instant::now() >= renew_at {
            worker.renew().await?;
            renew_at = Instant::now() + RENEW;
        }
        if worker.held.len() > before.1 {
            retry = Retry::default();
        }
        retry.held(worker).await?;
    }
}

/// When held events are looked at: often at first, less often while none is due.
struct Retry {
    at: Option<Instant>,
    pause: Duration,
}

impl Default for Retry {
    fn default() -> Self {
        Retry {
            at: None,
            pause: RETRY_FIRST,
        }
    }
}

impl Retry {
    fn before(&self, other: Instant) -> Instant {
        self.at.map_or(other, |at| at.min(other))
    }

    async fn held<C: Consumer>(&mut self, worker: &mut Worker<C>) -> Result<(), Interrupted> {
        if worker.held.is_empty() {
            self.at = None;
            return Ok(());
        }
        let now = Instant::now();
        if self.at.is_none_or(|at| at <= now) {
            let tried = worker.retry_held().await?;
            self.pause = if tried {
                RETRY_FIRST
            } else {
                (2 * self.pause).min(RETRY_LATER)
            };
            self.at = Some(Instant::now() + self.pause);
        }
        Ok(())
    }
}

/// Opening may take as long as the producer is away; the lease must not run out meanwhile.
async fn open<C: Consumer>(
    worker: &Worker<C>,
    cursor: String,
) -> Result<BoxStream<'static, Result<C::Event, Status>>, Stopped> {
    let opening = worker.way.source.open(cursor, C::CHANGES);
    tokio::pin!(opening);
    loop {
        tokio::select! {
            stream = &mut opening => return Ok(stream?),
            () = tokio::time::sleep(RENEW) => worker.renew().await?,
        }
    }
}

/// Takes what is ready without waiting for more, and applies it.
async fn take_batch<C: Consumer>(
    worker: &mut Worker<C>,
    stream: &mut BoxStream<'static, Result<C::Event, Status>>,
    first: C::Event,
) -> Result<(), Stopped> {
    worker.gauge.heard();
    let mut batch = vec![Worker::<C>::receive(first)?];
    let mut broken = None;
    let mut drained = false;
    while batch.len() < BATCH {
        match stream.next().now_or_never() {
            Some(Some(Ok(event))) => batch.push(Worker::<C>::receive(event)?),
            Some(Some(Err(status))) => {
                broken = Some(Stopped::from(status));
                break;
            }
            Some(None) => {
                broken = Some(Stopped::Failed("stream ended".to_owned()));
                break;
            }
            None => {
                drained = true;
                break;
            }
        }
    }
    let begun = Instant::now();
    worker.apply(batch).await?;
    if drained {
        worker.gauge.drained(worker.at.position, worker.held.len());
        tokio::time::sleep((2 * begun.elapsed()).min(LONGEST_REST)).await;
    }
    broken.map_or(Ok(()), Err)
}

fn jittered(failures: u32) -> Duration {
    let most = FIRST_PAUSE
        .saturating_mul(2u32.saturating_pow(failures.min(10)))
        .min(LONGEST_PAUSE);
    most.mul_f64(rand::random::<f64>())
}
