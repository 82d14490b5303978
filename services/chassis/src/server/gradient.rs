//! The arithmetic of the adaptive limit: how many calls at once are still good.
//!
//! Each method keeps its own base latency, because a log-in costs a hundred reads.
//! A window of samples compares latencies with the bases; while they agree the
//! limit grows by a square root, when calls queue inside the service it shrinks
//! in proportion.

use std::collections::HashMap;
use std::time::{Duration, Instant};

/// Latency up to this multiple of the base is no sign of overload.
const TOLERANCE: f64 = 2.0;
/// Below this nobody waits too long, whatever the ratio says. Writes that wait for
/// each other's commit are faster together than apart.
const FLOOR: Duration = Duration::from_millis(25);
/// A window closes after so many samples and so much time.
const WINDOW: u32 = 50;
const WINDOW_TIME: Duration = Duration::from_millis(100);
/// Time in which a base rises to a new, higher latency.
const RISE: Duration = Duration::from_secs(600);
/// Weight of a window in the limit.
const SMOOTHING: f64 = 0.2;

#[derive(Debug)]
pub(super) struct Gradient {
    limit: f64,
    min: f64,
    max: f64,
    bases: HashMap<&'static str, Base>,
    window: Window,
}

/// What a method costs when nothing queues.
#[derive(Debug)]
struct Base {
    seconds: f64,
    at: Instant,
}

impl Base {
    /// Down quickly; up over minutes, so that an overload does not become normal
    /// while it lasts.
    fn learn(&mut self, seconds: f64, now: Instant) {
        let weight = if seconds < self.seconds {
            0.2
        } else {
            (now.duration_since(self.at).as_secs_f64() / RISE.as_secs_f64()).min(0.2)
        };
        self.seconds += (seconds - self.seconds) * weight;
        self.at = now;
    }
}

#[derive(Debug, Default)]
struct Window {
    started: Option<Instant>,
    samples: u32,
    ratios: f64,
    busiest: usize,
}

impl Gradient {
    pub(super) fn new(initial: usize, min: usize, max: usize) -> Self {
        let (min, max) = (min as f64, max.max(min) as f64);
        Self {
            limit: (initial as f64).clamp(min, max),
            min,
            max,
            bases: HashMap::new(),
            window: Window::default(),
        }
    }

    /// Calls that may run at once.
    pub(super) fn limit(&self) -> usize {
        self.limit as usize
    }

    /// One call of `method` took `latency` while `in_flight` ran.
    pub(super) fn observe(
        &mut self,
        method: &'static str,
        latency: Duration,
        in_flight: usize,
        now: Instant,
    ) {
        let seconds = latency.as_secs_f64();
        let base = self
            .bases
            .entry(method)
            .or_insert(Base { seconds, at: now });
        base.learn(seconds, now);
        let ratio = if latency <= FLOOR {
            1.0
        } else {
            (base.seconds * TOLERANCE / seconds).clamp(0.5, 1.0)
        };
        self.window.samples += 1;
        self.window.ratios += ratio;
        self.window.busiest = self.window.busiest.max(in_flight);
        let started = *self.window.started.get_or_insert(now);
        if self.window.samples >= WINDOW && now.duration_since(started) >= WINDOW_TIME {
            self.close();
        }
    }

    fn close(&mut self) {
        let window = std::mem::take(&mut self.window);
        let gradient = window.ratios / f64::from(window.samples);
        let used = window.busiest as f64 * 2.0 >= self.limit;
        if gradient >= 1.0 && !used {
            return;
        }
        let wanted = self.limit * gradient + self.limit.sqrt();
        let next = self.limit + (wanted - self.limit) * SMOOTHING;
        self.limit = next.clamp(self.min, self.max);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(gradient: &mut Gradient, from: u64, calls: u64, latency_ms: u64, in_flight: usize) {
        let start = Instant::now();
        for n in from..from + calls {
            let at = start + Duration::from_millis(n * 4);
            gradient.observe("m", Duration::from_millis(latency_ms), in_flight, at);
        }
    }

    #[test]
    fn a_busy_and_fast_service_is_given_more() {
        let mut gradient = Gradient::new(20, 4, 200);
        run(&mut gradient, 0, 2_000, 8, 20);
        assert!(gradient.limit() > 20, "{}", gradient.limit());
    }

    #[test]
    fn an_idle_service_does_not_raise_its_limit() {
        let mut gradient = Gradient::new(20, 4, 200);
        run(&mut gradient, 0, 2_000, 8, 3);
        assert_eq!(gradient.limit(), 20);
    }

    #[test]
    fn the_limit_stays_between_its_bounds() {
        let mut gradient = Gradient::new(20, 4, 40);
        run(&mut gradient, 0, 10_000, 8, 40);
        assert_eq!(gradient.limit(), 40);
        let mut slow = Gradient::new(20, 16, 40);
        run(&mut slow, 0, 1, 8, 40);
        run(&mut slow, 1, 600, 5_000, 40);
        assert!(slow.limit() >= 16);
    }

    #[test]
    fn a_slow_method_among_fast_ones_is_not_overload() {
        let mut gradient = Gradient::new(50, 4, 200);
        let start = Instant::now();
        for n in 0..2_000u64 {
            let at = start + Duration::from_millis(n * 4);
            gradient.observe("read", Duration::from_millis(1), 10, at);
            gradient.observe("log_in", Duration::from_millis(60), 10, at);
        }
        assert!(gradient.limit() >= 50, "{}", gradient.limit());
    }

    #[test]
    fn very_short_calls_never_lower_the_limit() {
        let mut gradient = Gradient::new(50, 4, 200);
        let start = Instant::now();
        for n in 0..2_000u64 {
            let at = start + Duration::from_millis(n * 4);
            let latency = if n % 2 == 0 { 100 } else { 24_000 };
            gradient.observe("read", Duration::from_micros(latency), 10, at);
        }
        assert!(gradient.limit() >= 50);
    }
}
