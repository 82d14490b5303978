//! How often another ministry system may call: the rate of its token, kept by each
//! process.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use governor::clock::{Clock as _, DefaultClock};
use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};
use moka::sync::Cache;
use tonic::Status;

use crate::caller::{Caller, Standing};
use crate::status;

/// Clients that are counted at once.
const MOST: u64 = 10_000;
/// A client that has been quiet for longer has its whole minute again.
const QUIET: Duration = Duration::from_secs(120);

/// Rates of clients in this process. Cheap to clone.
#[derive(Clone)]
pub(super) struct ClientRates {
    limiters: Cache<(String, u32), Arc<DefaultDirectRateLimiter>>,
    clock: DefaultClock,
}

impl std::fmt::Debug for ClientRates {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ClientRates")
    }
}

impl ClientRates {
    pub(super) fn new() -> Self {
        Self {
            limiters: Cache::builder()
                .max_capacity(MOST)
                .time_to_idle(QUIET)
                .build(),
            clock: DefaultClock::default(),
        }
    }

    /// TOO_MANY_REQUESTS with the time to wait, for a client beyond its rate.
    pub(super) fn check(&self, caller: &Caller, standing: Standing) -> Result<(), Status> {
        let Caller::Client(client) = caller else {
            return Ok(());
        };
        let Some(rate) = NonZeroU32::new(standing.rate_per_minute) else {
            return Ok(());
        };
        let key = (client.id.clone(), rate.get());
        let make = || Arc::new(RateLimiter::direct(Quota::per_minute(rate)));
        let limiter = self.limiters.get_with(key, make);
        limiter.check().map_err(|until| {
            let wait = until.wait_time_from(self.clock.now());
            let wait = wait.max(Duration::from_millis(100));
            let text = "Слишком много запросов, повторите позже";
            status::exhausted("TOO_MANY_REQUESTS", text, wait)
        })
    }
}
