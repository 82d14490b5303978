//! Brute force: how many wrong passwords an account takes.
//!
//! Counted by account and device, never by address alone: a whole school sits
//! behind one. A device that logged in before has a counter of its own, so that an
//! attacker cannot lock the owner out.

use jiff::{SignedDuration, Timestamp};

/// Wrong passwords within [`WINDOW`] before the next try must wait.
pub const LIMIT: i32 = 10;
/// How long wrong passwords count.
pub const WINDOW: SignedDuration = SignedDuration::from_hours(1);

/// Wrong passwords of one (account, device).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Attempts {
    /// Wrong ones since `since`.
    pub failures: i32,
    /// Start of the window.
    pub since: Timestamp,
}

impl Attempts {
    /// None yet.
    pub fn none(now: Timestamp) -> Self {
        Self {
            failures: 0,
            since: now,
        }
    }

    /// How long the next try has to wait; `None` = it may be made.
    pub fn wait(&self, now: Timestamp) -> Option<SignedDuration> {
        let age = now.duration_since(self.since);
        (self.failures >= LIMIT && age < WINDOW).then(|| WINDOW - age)
    }

    /// After one more try, counted before its password is looked at.
    #[must_use]
    pub fn counted(self, now: Timestamp) -> Self {
        if now.duration_since(self.since) >= WINDOW {
            return Self {
                failures: 1,
                since: now,
            };
        }
        Self {
            failures: self.failures.saturating_add(1),
            since: self.since,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_wrong_ones_an_hour_and_then_a_wait() {
        let start: Timestamp = "2026-09-01T05:00:00Z".parse().unwrap();
        let mut attempts = Attempts::none(start);
        for _ in 0..LIMIT {
            assert_eq!(attempts.wait(start), None);
            attempts = attempts.counted(start);
        }
        assert_eq!(attempts.wait(start), Some(WINDOW));
        let later = start + SignedDuration::from_mins(59);
        assert_eq!(attempts.wait(later), Some(SignedDuration::from_mins(1)));
        let after = start + WINDOW;
        assert_eq!(attempts.wait(after), None);
        assert_eq!(
            attempts.counted(after),
            Attempts {
                failures: 1,
                since: after
            }
        );
    }
}
