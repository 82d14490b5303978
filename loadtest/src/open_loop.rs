//! Offers requests at times that do not depend on the answers.
//!
//! Each arrival has its time before the run begins. A free caller takes the next
//! one; while all callers wait for answers, arrivals pile up and their latency
//! counts from the time they were due. A closed loop would stop asking just when
//! the service is slow, and its percentiles would not show it.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use hdrhistogram::Histogram;
use tokio::task::JoinSet;
use tokio::time::Instant;

/// Longest latency that is told apart, in microseconds.
const LONGEST_US: u64 = 300_000_000;
/// The runtime's timer ticks in milliseconds: sleep to the tick before.
const TICK: Duration = Duration::from_millis(1);

/// When requests arrive.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Arrivals {
    /// So many a second, at equal distances.
    Rate(f64),
    /// More than can be served: every caller always has the next one waiting.
    Flood,
}

/// A run.
#[derive(Debug, Clone, Copy)]
pub struct Plan {
    /// When requests arrive.
    pub arrivals: Arrivals,
    /// For how long.
    pub length: Duration,
}

/// What sends one request at a time.
pub trait Caller: Send + 'static {
    /// Sends one request and waits for the answer; an error is counted and kept.
    fn call(&mut self) -> impl Future<Output = anyhow::Result<()>> + Send;
}

/// What came of a run.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// Answers in time.
    pub served: u64,
    /// Answers that were errors.
    pub failed: u64,
    /// Arrivals that nobody had begun to serve when the time was over.
    pub unserved: u64,
    /// From the first arrival to the last answer.
    pub elapsed: Duration,
    /// From due to answered (a flood: from sent to answered), microseconds.
    pub latency: Histogram<u64>,
    /// One of the errors.
    pub error: Option<String>,
}

impl Outcome {
    /// Answers a second.
    pub fn rate(&self) -> f64 {
        self.served as f64 / self.elapsed.as_secs_f64()
    }

    /// A percentile of the latency, in milliseconds.
    pub fn percentile_ms(&self, percentile: f64) -> f64 {
        self.latency.value_at_quantile(percentile / 100.0) as f64 / 1_000.0
    }
}

/// The arrivals that are still to be taken.
struct Schedule {
    start: Instant,
    plan: Plan,
    next: AtomicU64,
}

impl Schedule {
    /// Due time of the next arrival; `None` when no more arrive.
    fn take(&self) -> Option<Instant> {
        let nth = self.next.fetch_add(1, Ordering::Relaxed);
        let due = match self.plan.arrivals {
            Arrivals::Flood => Instant::now(),
            Arrivals::Rate(rate) => self.start + Duration::from_secs_f64(nth as f64 / rate),
        };
        (due < self.start + self.plan.length).then_some(due)
    }

    fn over(&self) -> bool {
        Instant::now() >= self.start + self.plan.length
    }

    /// Arrivals of the whole plan.
    fn total(&self) -> Option<u64> {
        match self.plan.arrivals {
            Arrivals::Flood => None,
            Arrivals::Rate(rate) => Some((rate * self.plan.length.as_secs_f64()).ceil() as u64),
        }
    }
}

struct Tally {
    served: u64,
    failed: u64,
    latency: Histogram<u64>,
    error: Option<String>,
}

/// Runs the plan with the callers; gives them back for the next run.
pub async fn run<C: Caller>(plan: Plan, callers: Vec<C>) -> anyhow::Result<(Outcome, Vec<C>)> {
    let start = Instant::now();
    let schedule = Arc::new(Schedule {
        start,
        plan,
        next: AtomicU64::new(0),
    });
    let mut running = JoinSet::new();
    for caller in callers {
        running.spawn(serve(schedule.clone(), caller));
    }
    let mut back = Vec::new();
    let mut outcome = Outcome {
        served: 0,
        failed: 0,
        unserved: 0,
        elapsed: Duration::ZERO,
        latency: histogram()?,
        error: None,
    };
    while let Some(ended) = running.join_next().await {
        let (tally, caller) = ended?;
        let tally = tally?;
        outcome.served += tally.served;
        outcome.failed += tally.failed;
        outcome.latency.add(&tally.latency)?;
        outcome.error = outcome.error.or(tally.error);
        back.push(caller);
    }
    outcome.elapsed = start.elapsed();
    let begun = outcome.served + outcome.failed;
    outcome.unserved = schedule.total().map_or(0, |all| all.saturating_sub(begun));
    Ok((outcome, back))
}

async fn serve<C: Caller>(schedule: Arc<Schedule>, mut caller: C) -> (anyhow::Result<Tally>, C) {
    let mut tally = match histogram() {
        Ok(latency) => Tally {
            served: 0,
            failed: 0,
            latency,
            error: None,
        },
        Err(error) => return (Err(error), caller),
    };
    while let Some(due) = schedule.take() {
        tokio::time::sleep_until(due - TICK).await;
        if schedule.over() {
            break;
        }
        // A tick early is not counted in its favour.
        let from = due.min(Instant::now());
        let answer = caller.call().await;
        let took = u64::try_from(from.elapsed().as_micros()).unwrap_or(LONGEST_US);
        match answer {
            Ok(()) => {
                tally.served += 1;
                tally.latency.saturating_record(took.max(1));
            }
            Err(error) => {
                tally.failed += 1;
                tally.error.get_or_insert_with(|| format!("{error:#}"));
            }
        }
    }
    (Ok(tally), caller)
}

fn histogram() -> anyhow::Result<Histogram<u64>> {
    Ok(Histogram::new_with_bounds(1, LONGEST_US, 3)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Answers after a fixed time; remembers when it was asked.
    struct Slow {
        takes: Duration,
        asked: Arc<AtomicU64>,
    }

    impl Caller for Slow {
        async fn call(&mut self) -> anyhow::Result<()> {
            self.asked.fetch_add(1, Ordering::Relaxed);
            tokio::time::sleep(self.takes).await;
            Ok(())
        }
    }

    fn callers(count: usize, takes_ms: u64) -> (Vec<Slow>, Arc<AtomicU64>) {
        let asked = Arc::new(AtomicU64::new(0));
        let takes = Duration::from_millis(takes_ms);
        let one = |_| Slow {
            takes,
            asked: asked.clone(),
        };
        ((0..count).map(one).collect(), asked)
    }

    #[tokio::test(start_paused = true)]
    async fn arrivals_do_not_wait_for_answers() {
        // 10 a second arrive, one caller serves 5 a second: the wait grows.
        let plan = Plan {
            arrivals: Arrivals::Rate(10.0),
            length: Duration::from_secs(10),
        };
        let (one, asked) = callers(1, 200);
        let (outcome, _) = run(plan, one).await.unwrap();
        assert_eq!(asked.load(Ordering::Relaxed), 50);
        assert_eq!(outcome.served, 50);
        assert_eq!(outcome.unserved, 50);
        // The 50th arrival was due after 4.9 s and answered after 10 s.
        let worst = outcome.percentile_ms(100.0);
        assert!((5_000.0..5_300.0).contains(&worst), "{worst}");
    }

    #[tokio::test(start_paused = true)]
    async fn with_enough_callers_nothing_waits() {
        let plan = Plan {
            arrivals: Arrivals::Rate(10.0),
            length: Duration::from_secs(10),
        };
        let (four, asked) = callers(4, 200);
        let (outcome, back) = run(plan, four).await.unwrap();
        assert_eq!(back.len(), 4);
        assert_eq!(asked.load(Ordering::Relaxed), 100);
        assert_eq!((outcome.served, outcome.unserved), (100, 0));
        let worst = outcome.percentile_ms(100.0);
        assert!((199.0..203.0).contains(&worst), "{worst}");
    }

    #[tokio::test(start_paused = true)]
    async fn a_flood_keeps_every_caller_busy_until_the_end() {
        let plan = Plan {
            arrivals: Arrivals::Flood,
            length: Duration::from_secs(2),
        };
        let (four, asked) = callers(4, 100);
        let (outcome, _) = run(plan, four).await.unwrap();
        assert_eq!(asked.load(Ordering::Relaxed), 80);
        assert!(
            (39.0..=40.1).contains(&outcome.rate()),
            "{}",
            outcome.rate()
        );
    }

    struct Broken;

    impl Caller for Broken {
        async fn call(&mut self) -> anyhow::Result<()> {
            tokio::time::sleep(Duration::from_millis(1)).await;
            anyhow::bail!("refused")
        }
    }

    #[tokio::test(start_paused = true)]
    async fn errors_are_counted_apart_and_told() {
        let plan = Plan {
            arrivals: Arrivals::Rate(100.0),
            length: Duration::from_secs(1),
        };
        let (outcome, _) = run(plan, vec![Broken]).await.unwrap();
        assert_eq!((outcome.served, outcome.failed), (0, 100));
        assert_eq!(outcome.error.as_deref(), Some("refused"));
        assert_eq!(outcome.latency.len(), 0);
    }
}
