//! How often one session, or one address without a session, may call.
//!
//! Each gateway counts for itself and refuses at once. Where several share a cache
//! they also count together, beside the request and without making it wait: over the
//! common limit each of them lets one call a second through. Losing the cache leaves
//! the own limits.

use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use chassis::cache::Cache;
use chassis::status;
use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use moka::sync::Cache as Recent;
use tonic::Status;

use crate::config::Config;

/// Stretch of time over which gateways count together.
const WINDOW: Duration = Duration::from_secs(10);
/// How long a payer over the common limit is refused before it is counted again.
const PAUSE: Duration = Duration::from_secs(1);

/// Rate limits of this process and of all that share its cache.
#[derive(Clone)]
pub struct Limits {
    sessions: Arc<DefaultKeyedRateLimiter<[u8; 32]>>,
    addresses: Arc<DefaultKeyedRateLimiter<IpAddr>>,
    clock: DefaultClock,
    common: Option<Common>,
}

/// Who calls, as far as the limits care.
#[derive(Clone, PartialEq, Eq, Hash)]
pub enum Payer {
    /// A session or token, by the hash of its secret.
    Session([u8; 32]),
    /// Nobody yet: the address.
    Address(IpAddr),
}

impl Limits {
    /// Limits of the configuration; a zero counts as one. `shared`: the cache by
    /// which several gateways count together.
    pub fn new(config: &Config, shared: Option<Cache>) -> Self {
        let quota = |rate: u32, burst: u32| {
            Quota::per_second(NonZeroU32::new(rate).unwrap_or(NonZeroU32::MIN))
                .allow_burst(NonZeroU32::new(burst).unwrap_or(NonZeroU32::MIN))
        };
        Self {
            sessions: Arc::new(RateLimiter::keyed(quota(
                config.session_rate,
                config.session_burst,
            ))),
            addresses: Arc::new(RateLimiter::keyed(quota(
                config.address_rate,
                config.address_burst,
            ))),
            clock: DefaultClock::default(),
            common: shared.map(|cache| Common::new(cache, config)),
        }
    }

    /// RESOURCE_EXHAUSTED / TOO_MANY_REQUESTS with the time to wait. Needs a runtime.
    pub fn check(&self, payer: &Payer) -> Result<(), Status> {
        if self.common.as_ref().is_some_and(|c| c.refuses(payer)) {
            return Err(refused(PAUSE));
        }
        let verdict = match payer {
            Payer::Session(key) => self.sessions.check_key(key),
            Payer::Address(address) => self.addresses.check_key(address),
        };
        verdict.map_err(|until| {
            let wait = until.wait_time_from(self.clock.now());
            refused(wait.max(Duration::from_millis(100)))
        })?;
        if let Some(common) = &self.common {
            common.count(payer);
        }
        Ok(())
    }

    /// Forgets payers that have been quiet, so that memory stays bounded.
    pub fn forget_quiet(&self) {
        self.sessions.retain_recent();
        self.addresses.retain_recent();
    }
}

fn refused(wait: Duration) -> Status {
    status::exhausted(
        "TOO_MANY_REQUESTS",
        "Слишком много запросов, повторите позже",
        wait,
    )
}

/// What several gateways know together.
#[derive(Clone)]
struct Common {
    cache: Cache,
    most_of_session: u64,
    most_of_address: u64,
    over: Recent<Payer, ()>,
}

impl Common {
    fn new(cache: Cache, config: &Config) -> Self {
        let most =
            |rate: u32, burst: u32| u64::from(burst) + u64::from(rate.max(1)) * WINDOW.as_secs();
        Self {
            cache,
            most_of_session: most(config.session_rate, config.session_burst),
            most_of_address: most(config.address_rate, config.address_burst),
            over: Recent::builder()
                .max_capacity(100_000)
                .time_to_live(PAUSE)
                .build(),
        }
    }

    fn refuses(&self, payer: &Payer) -> bool {
        self.over.contains_key(payer)
    }

    /// Counts the call; the next one hears of it.
    fn count(&self, payer: &Payer) {
        let (common, payer) = (self.clone(), payer.clone());
        tokio::spawn(async move {
            let (key, most) = match &payer {
                Payer::Session(hash) => (
                    format!("calls:{}", hex::encode(&hash[..16])),
                    common.most_of_session,
                ),
                Payer::Address(address) => (format!("calls:{address}"), common.most_of_address),
            };
            if common.cache.count(&key, WINDOW).await.unwrap_or(0) > most {
                common.over.insert(payer, ());
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(rate: u32, burst: u32) -> Config {
        Config {
            session_rate: rate,
            session_burst: burst,
            ..Config::default()
        }
    }

    #[test]
    fn the_burst_passes_and_the_next_call_is_told_when_to_come_back() {
        let limits = Limits::new(&config(1, 3), None);
        let payer = Payer::Session([1; 32]);
        for _ in 0..3 {
            assert!(limits.check(&payer).is_ok());
        }
        let refused = limits.check(&payer).unwrap_err();
        assert_eq!(status::reason(&refused), "TOO_MANY_REQUESTS");
        assert!(status::retry_delay(&refused).unwrap() > Duration::ZERO);
        assert!(
            limits.check(&Payer::Session([2; 32])).is_ok(),
            "another session pays for itself"
        );
    }

    #[tokio::test]
    async fn gateways_that_share_a_cache_count_together() {
        // 30 at once for each gateway; 30 + 10 × 1 for both in ten seconds.
        let shared = Cache::memory(1);
        let gateways = [(); 2].map(|()| Limits::new(&config(1, 30), Some(shared.clone())));
        let payer = Payer::Session([1; 32]);
        let mut passed = 0;
        for call in 0..60 {
            passed += u32::from(gateways[call % 2].check(&payer).is_ok());
            while !counted().await {}
        }
        // Each of them by itself would let all of its thirty through.
        assert!((41..60).contains(&passed), "{passed}");
        assert!(gateways[0].check(&Payer::Session([2; 32])).is_ok());
    }

    /// Whether every count that was begun is done.
    async fn counted() -> bool {
        tokio::task::yield_now().await;
        tokio::runtime::Handle::current()
            .metrics()
            .num_alive_tasks()
            == 0
    }
}
