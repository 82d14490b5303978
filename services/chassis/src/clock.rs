//! What time it is: the only door to the system clock.
//!
//! Everything else gets a [`Clock`] handed in, so that a test can stand on any
//! day of the school year. `clippy.toml` forbids the global clocks elsewhere.

use std::sync::{Arc, Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp, civil::Date, tz::TimeZone};

/// Where instants come from.
pub trait NowSource: Send + Sync + 'static {
    /// The current instant.
    fn now(&self) -> Timestamp;
}

/// A cheap handle on a [`NowSource`].
#[derive(Clone)]
pub struct Clock(Arc<dyn NowSource>);

impl Clock {
    /// The machine's clock.
    pub fn system() -> Clock {
        Clock(Arc::new(System))
    }

    /// A clock that stands still until its handle moves it.
    pub fn fixed(at: Timestamp) -> (Clock, ClockHandle) {
        let at = Arc::new(Mutex::new(at));
        (Clock(Arc::new(Fixed(at.clone()))), ClockHandle(at))
    }

    /// A clock over any source, for simulations.
    pub fn from_source(source: impl NowSource) -> Clock {
        Clock(Arc::new(source))
    }

    /// The current instant.
    pub fn now(&self) -> Timestamp {
        self.0.now()
    }

    /// The current civil date in `zone`: schools live in their own zone.
    pub fn today(&self, zone: &TimeZone) -> Date {
        zone.to_datetime(self.now()).date()
    }
}

impl std::fmt::Debug for Clock {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Clock({})", self.now())
    }
}

/// Moves a fixed [`Clock`].
#[derive(Clone)]
pub struct ClockHandle(Arc<Mutex<Timestamp>>);

impl ClockHandle {
    /// Jumps to an instant, forwards or backwards.
    pub fn set(&self, at: Timestamp) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = at;
    }

    /// Moves by a duration; a jump out of jiff's range stops at its end.
    pub fn advance(&self, by: SignedDuration) {
        let mut at = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *at = at.saturating_add(by).unwrap_or(*at);
    }
}

struct System;

impl NowSource for System {
    #[allow(
        clippy::disallowed_methods,
        reason = "the one door to the system clock"
    )]
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

struct Fixed(Arc<Mutex<Timestamp>>);

impl NowSource for Fixed {
    fn now(&self) -> Timestamp {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fixed_clock_moves_only_by_its_handle() {
        let (clock, handle) = Clock::fixed("2026-09-01T05:00:00Z".parse().unwrap());
        let other = clock.clone();
        assert_eq!(clock.now(), other.now());
        handle.advance(SignedDuration::from_hours(1));
        assert_eq!(other.now(), "2026-09-01T06:00:00Z".parse().unwrap());
        handle.set("2026-08-31T21:30:00Z".parse().unwrap());
        assert_eq!(clock.now(), "2026-08-31T21:30:00Z".parse().unwrap());
    }

    #[test]
    fn today_is_the_schools_day_and_not_greenwichs() {
        let (clock, _) = Clock::fixed("2026-08-31T21:30:00Z".parse().unwrap());
        let simferopol = TimeZone::get("Europe/Simferopol").unwrap();
        assert_eq!(clock.today(&simferopol), jiff::civil::date(2026, 9, 1));
        assert_eq!(clock.today(&TimeZone::UTC), jiff::civil::date(2026, 8, 31));
    }
}
