//! How far behind this process's followers are.

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering::Relaxed},
    },
    time::Duration,
};

use tokio::time::Instant;

use super::HEARTBEAT;
use crate::db::Db;

/// State of one follower.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lag {
    /// Producer followed.
    pub producer: &'static str,
    /// Whether the stream is open.
    pub connected: bool,
    /// Position applied last by this process.
    pub position: i64,
    /// Time since this copy was last known to hold everything that the producer
    /// had announced; zero while it does. Grows while the producer is away.
    pub behind: Duration,
    /// Keys held back by an event that could not be applied (yet).
    pub held_keys: u64,
}

/// The followers of every producer in this process.
pub fn lag(db: &Db) -> Vec<Lag> {
    db.followers()
        .0
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .iter()
        .map(|one| one.lag())
        .collect()
}

/// Registry of a database's followers.
#[derive(Clone, Default)]
pub struct Followers(Arc<Mutex<Vec<Arc<Gauge>>>>);

impl Followers {
    pub(super) fn register(&self, producer: &'static str) -> Arc<Gauge> {
        let gauge = Arc::new(Gauge::new(producer));
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(gauge.clone());
        gauge
    }
}

pub(super) struct Gauge {
    producer: &'static str,
    connected: AtomicBool,
    position: AtomicI64,
    held: AtomicU64,
    times: Mutex<Times>,
}

#[derive(Clone, Copy)]
struct Times {
    /// Last item of the stream, heartbeats too.
    heard: Instant,
    /// Nothing was left to apply at this moment.
    caught_up: Instant,
    /// Nothing has arrived since `caught_up`.
    idle: bool,
}

impl Gauge {
    fn new(producer: &'static str) -> Gauge {
        let now = Instant::now();
        Gauge {
            producer,
            connected: AtomicBool::new(false),
            position: AtomicI64::new(0),
            held: AtomicU64::new(0),
            times: Mutex::new(Times {
                heard: now,
                caught_up: now,
                idle: false,
            }),
        }
    }

    pub(super) fn connected(&self, connected: bool) {
        self.connected.store(connected, Relaxed);
    }

    pub(super) fn heard(&self) {
        let mut times = self.times();
        times.heard = Instant::now();
        times.idle = false;
    }

    /// Everything heard so far is applied and nothing more is ready.
    pub(super) fn drained(&self, position: i64, held: usize) {
        self.applied(position, held);
        let mut times = self.times();
        times.caught_up = Instant::now();
        times.idle = true;
    }

    pub(super) fn applied(&self, position: i64, held: usize) {
        self.position.store(position, Relaxed);
        self.held.store(held as u64, Relaxed);
    }

    fn times(&self) -> std::sync::MutexGuard<'_, Times> {
        self.times.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn lag(&self) -> Lag {
        let times = *self.times();
        let connected = self.connected.load(Relaxed);
        let alive = connected && times.idle && times.heard.elapsed() < 3 * HEARTBEAT;
        Lag {
            producer: self.producer,
            connected,
            position: self.position.load(Relaxed),
            behind: if alive {
                Duration::ZERO
            } else {
                times.caught_up.elapsed()
            },
            held_keys: self.held.load(Relaxed),
        }
    }
}
