//! Adaptive concurrency: how many calls of one service run at once.
//!
//! The limit follows measured latency (see [`super::gradient`]). Calls above it
//! wait in a bounded queue, most critical first. Within a class the oldest goes first
//! while the queue is short; once it is long and late, the newest, because its caller
//! is the likeliest to be still there. What does not fit is shed at once: sheddable before
//! normal before critical.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};
use tokio::sync::oneshot;
use zhurnal_proto::access::v1::Criticality;

use super::gradient::Gradient;

/// Bounds of the limiter: table `[server.limit]`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LimitConfig {
    /// Calls at once before anything is measured.
    pub initial: usize,
    /// Never fewer than this.
    pub min: usize,
    /// Never more than this.
    pub max: usize,
    /// Calls waiting, all classes together.
    pub queue: usize,
    /// Longest wait in the queue, in milliseconds.
    pub queue_wait_ms: u64,
    /// Open streams of one service.
    pub streams: usize,
}

impl Default for LimitConfig {
    fn default() -> Self {
        Self {
            initial: 64,
            min: 32,
            max: 1024,
            queue: 512,
            queue_wait_ms: 1000,
            streams: 20_000,
        }
    }
}

/// The call was shed; come back after the delay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Shed(pub Duration);

/// Limits the concurrency of one service.
#[derive(Debug)]
pub(super) struct Limiter {
    state: Mutex<State>,
    queue: usize,
    wait: Duration,
}

#[derive(Debug)]
struct State {
    gradient: Gradient,
    in_flight: usize,
    waiting: [VecDeque<Waiter>; 3],
    /// Waits up to this are short.
    patience: Duration,
}

#[derive(Debug)]
struct Waiter {
    tx: oneshot::Sender<Result<Permit, Shed>>,
    since: Instant,
}

/// Position of a class: 0 is the most critical.
fn rank(class: Criticality) -> usize {
    match class {
        Criticality::Critical => 0,
        Criticality::Normal | Criticality::Unspecified => 1,
        Criticality::Sheddable => 2,
    }
}

/// Part of the limit that a class may fill, so that critical calls find room.
const SHARE: [f64; 3] = [1.0, 0.9, 0.6];

impl Limiter {
    pub(super) fn new(config: &LimitConfig) -> Arc<Self> {
        Arc::new(Self {
            state: Mutex::new(State {
                gradient: Gradient::new(config.initial, config.min.max(1), config.max),
                in_flight: 0,
                waiting: Default::default(),
                patience: Duration::from_millis(config.queue_wait_ms) / 10,
            }),
            queue: config.queue,
            wait: Duration::from_millis(config.queue_wait_ms),
        })
    }

    /// Waits for room, at most the queue's wait and never past `deadline`.
    pub(super) async fn acquire(
        self: &Arc<Self>,
        class: Criticality,
        deadline: Option<Instant>,
    ) -> Result<Permit, Shed> {
        let rank = rank(class);
        let rx = {
            let mut state = self.lock();
            if state.may_start(rank) {
                state.in_flight += 1;
                return Ok(self.permit());
            }
            if state.queued() >= self.queue && !state.evict_below(rank) {
                return Err(Shed(self.wait));
            }
            let (tx, rx) = oneshot::channel();
            state.waiting[rank].push_back(Waiter {
                tx,
                since: Instant::now(),
            });
            rx
        };
        let until = Instant::now() + self.wait;
        let until = deadline.map_or(until, |d| d.min(until));
        match tokio::time::timeout_at(until.into(), rx).await {
            Ok(Ok(answer)) => answer,
            Ok(Err(_)) | Err(_) => Err(Shed(self.wait)),
        }
    }

    /// The limit now, for metrics and tests.
    #[cfg(test)]
    pub(super) fn limit(&self) -> usize {
        self.lock().gradient.limit()
    }

    fn permit(self: &Arc<Self>) -> Permit {
        Permit {
            limiter: Some(self.clone()),
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn release(self: &Arc<Self>, sample: Option<(&'static str, Duration)>) {
        let admitted = {
            let mut state = self.lock();
            if let Some((method, latency)) = sample {
                let in_flight = state.in_flight;
                state
                    .gradient
                    .observe(method, latency, in_flight, Instant::now());
            }
            state.in_flight = state.in_flight.saturating_sub(1);
            state.admit()
        };
        // Outside the lock: a permit that cannot be delivered releases itself.
        for waiter in admitted {
            let _ = waiter.tx.send(Ok(self.permit()));
        }
    }
}

impl State {
    fn room(&self, rank: usize) -> bool {
        let share = (self.gradient.limit() as f64 * SHARE[rank]).floor() as usize;
        self.in_flight < share.max(1)
    }

    /// Room, and nobody at least as important is waiting.
    fn may_start(&self, rank: usize) -> bool {
        self.room(rank)
            && self.waiting[..=rank]
                .iter()
                .all(|q| q.iter().all(|w| w.tx.is_closed()))
    }

    fn queued(&mut self) -> usize {
        for queue in &mut self.waiting {
            queue.retain(|w| !w.tx.is_closed());
        }
        self.waiting.iter().map(VecDeque::len).sum()
    }

    /// Sheds the oldest waiter of the least important class below `rank`.
    fn evict_below(&mut self, rank: usize) -> bool {
        for class in (rank + 1..self.waiting.len()).rev() {
            if let Some(waiter) = self.waiting[class].pop_front() {
                let _ = waiter.tx.send(Err(Shed(Duration::from_millis(500))));
                return true;
            }
        }
        false
    }

    fn next(&mut self, rank: usize) -> Option<Waiter> {
        let limit = self.gradient.limit();
        let queue = &mut self.waiting[rank];
        let late = queue
            .front()
            .is_some_and(|oldest| oldest.since.elapsed() > self.patience);
        // A few callers that always come back must not starve the oldest of them.
        if late && queue.len() > limit {
            queue.pop_back()
        } else {
            queue.pop_front()
        }
    }

    /// Takes from the queues what has room now.
    fn admit(&mut self) -> Vec<Waiter> {
        let mut admitted = Vec::new();
        for rank in 0..self.waiting.len() {
            while self.room(rank) {
                match self.next(rank) {
                    Some(waiter) if waiter.tx.is_closed() => {}
                    Some(waiter) => {
                        self.in_flight += 1;
                        admitted.push(waiter);
                    }
                    None => break,
                }
            }
        }
        admitted
    }
}

/// Room for one call. Dropping it without a sample (cancelled, refused) frees the
/// room and teaches the limiter nothing.
#[derive(Debug)]
pub(super) struct Permit {
    limiter: Option<Arc<Limiter>>,
}

impl Permit {
    /// The call ran for `latency`.
    pub(super) fn served(mut self, method: &'static str, latency: Duration) {
        if let Some(limiter) = self.limiter.take() {
            limiter.release(Some((method, latency)));
        }
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        if let Some(limiter) = self.limiter.take() {
            limiter.release(None);
        }
    }
}

#[cfg(test)]
mod tests;
