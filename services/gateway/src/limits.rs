//! How often one session, or one address without a session, may call.

use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use chassis::status;
use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use tonic::Status;

use crate::config::Config;

/// Rate limits of this process.
#[derive(Clone)]
pub struct Limits {
    sessions: Arc<DefaultKeyedRateLimiter<[u8; 32]>>,
    addresses: Arc<DefaultKeyedRateLimiter<IpAddr>>,
    clock: DefaultClock,
}

/// Who calls, as far as the limits care.
pub enum Payer {
    /// A session or token, by the hash of its secret.
    Session([u8; 32]),
    /// Nobody yet: the address.
    Address(IpAddr),
}

impl Limits {
    /// Limits of the configuration; a zero counts as one.
    pub fn new(config: &Config) -> Self {
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
        }
    }

    /// RESOURCE_EXHAUSTED / TOO_MANY_REQUESTS with the time to wait.
    pub fn check(&self, payer: &Payer) -> Result<(), Status> {
        let verdict = match payer {
            Payer::Session(key) => self.sessions.check_key(key),
            Payer::Address(address) => self.addresses.check_key(address),
        };
        verdict.map_err(|until| {
            let wait = until
                .wait_time_from(self.clock.now())
                .max(Duration::from_millis(100));
            status::exhausted(
                "TOO_MANY_REQUESTS",
                "Слишком много запросов, повторите позже",
                wait,
            )
        })
    }

    /// Forgets payers that have been quiet, so that memory stays bounded.
    pub fn forget_quiet(&self) {
        self.sessions.retain_recent();
        self.addresses.retain_recent();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_burst_passes_and_the_next_call_is_told_when_to_come_back() {
        let limits = Limits::new(&Config {
            session_rate: 1,
            session_burst: 3,
            ..Config::default()
        });
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
}
