//! How much may be retried: one retry per ten calls, so that retries cannot
//! multiply an outage.

use std::sync::atomic::{AtomicI64, Ordering};

/// Tokens of a retry, in tenths of a call.
const PRICE: i64 = 10;
/// Most that can be saved up: ten retries.
const CAP: i64 = 10 * PRICE;

/// The budget of calls to one peer.
#[derive(Debug)]
pub(super) struct Budget(AtomicI64);

impl Default for Budget {
    fn default() -> Self {
        Self(AtomicI64::new(CAP))
    }
}

impl Budget {
    /// A first attempt was made.
    pub(super) fn deposit(&self) {
        let _ = self
            .0
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |n| {
                Some((n + 1).min(CAP))
            });
    }

    /// Takes one retry; false when the budget is spent.
    pub(super) fn withdraw(&self) -> bool {
        self.0
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |n| {
                (n >= PRICE).then_some(n - PRICE)
            })
            .is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_outage_is_retried_at_most_a_tenth_of_the_time() {
        let budget = Budget::default();
        let mut retries = 0;
        for _ in 0..1_000 {
            budget.deposit();
            retries += usize::from(budget.withdraw());
        }
        assert!((100..=111).contains(&retries), "{retries}");
    }
}
