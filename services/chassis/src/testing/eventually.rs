//! Waiting without sleeping: ask again until it is so, but not for ever.

use std::{future::Future, time::Duration};

use tokio::time::Instant;

/// Longest wait of [`eventually`].
const PATIENCE: Duration = Duration::from_secs(20);
/// Pause between two questions.
const PAUSE: Duration = Duration::from_millis(5);

/// An answer that may not be there yet: `bool` or `Option`.
pub trait Outcome {
    /// What is there at last.
    type Value;
    /// The value, or "not yet".
    fn ready(self) -> Option<Self::Value>;
}

impl Outcome for bool {
    type Value = ();
    fn ready(self) -> Option<()> {
        self.then_some(())
    }
}

impl<T> Outcome for Option<T> {
    type Value = T;
    fn ready(self) -> Option<T> {
        self
    }
}

/// Asks until the answer is there; panics after 20 seconds, naming what was awaited.
pub async fn eventually<F, Fut>(what: &str, mut ask: F) -> <Fut::Output as Outcome>::Value
where
    F: FnMut() -> Fut,
    Fut: Future<Output: Outcome>,
{
    let deadline = Instant::now() + PATIENCE;
    loop {
        if let Some(value) = ask().await.ready() {
            return value;
        }
        assert!(
            Instant::now() < deadline,
            "did not happen within {PATIENCE:?}: {what}"
        );
        tokio::time::sleep(PAUSE).await;
    }
}
