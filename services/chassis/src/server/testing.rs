//! Helpers of chassis's own tests.

use std::time::{Duration, Instant};

/// Polls until the condition holds; fails after five seconds.
pub(crate) async fn until(condition: impl Fn() -> bool) {
    let end = Instant::now() + Duration::from_secs(5);
    while !condition() {
        assert!(Instant::now() < end, "the condition did not come true");
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}
