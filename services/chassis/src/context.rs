//! What a running call knows about itself: whose service it is in, how long it
//! may still take, which trace it belongs to.
//!
//! Kept in task-local storage, so that outgoing calls, the database layer and
//! error details read it without a parameter in every signature. A future that
//! is spawned loses it unless it is wrapped by [`carry`].

use std::time::{Duration, Instant};

use crate::telemetry::TraceParent;

/// Facts of the call in progress.
#[derive(Debug, Clone)]
pub struct CallContext {
    /// Name of the service that handles the call, e.g. `grading`.
    pub service: &'static str,
    /// When the answer stops being of use; `None` for streams without one.
    pub deadline: Option<Instant>,
    /// W3C trace of the call.
    pub trace: TraceParent,
    /// The caller sends causal tokens back: a write is to answer with one.
    pub keeps_tokens: bool,
}

impl CallContext {
    /// The context of a request at the edge, before any service is called.
    pub fn of_edge(edge: &'static str, trace: TraceParent) -> Self {
        Self {
            service: edge,
            deadline: None,
            trace,
            keeps_tokens: false,
        }
    }
}

tokio::task_local! {
    static CURRENT: CallContext;
}

/// The context of the call in progress, if the task handles one.
pub fn current() -> Option<CallContext> {
    CURRENT.try_with(Clone::clone).ok()
}

/// Name of the service that handles the call in progress.
pub fn service() -> Option<&'static str> {
    CURRENT.try_with(|c| c.service).ok()
}

/// Whether the caller in progress keeps causal tokens.
pub(crate) fn keeps_tokens() -> bool {
    CURRENT.try_with(|c| c.keeps_tokens).unwrap_or(false)
}

/// Time left for the call in progress; `None` when nothing limits it. Zero when
/// the deadline has passed.
pub fn remaining() -> Option<Duration> {
    CURRENT
        .try_with(|c| c.deadline)
        .ok()
        .flatten()
        .map(|d| d.saturating_duration_since(Instant::now()))
}

/// Runs `future` inside `context`.
pub async fn scope<F: Future>(context: CallContext, future: F) -> F::Output {
    CURRENT.scope(context, future).await
}

/// Runs a closure inside `context`: polling a streamed answer.
pub(crate) fn enter<T>(context: &CallContext, f: impl FnOnce() -> T) -> T {
    CURRENT.sync_scope(context.clone(), f)
}

/// Wraps a future that will be spawned, so that it keeps the current context.
pub fn carry<F: Future>(future: F) -> impl Future<Output = F::Output> {
    let context = current();
    async move {
        match context {
            Some(c) => CURRENT.scope(c, future).await,
            None => future.await,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_spawned_future_keeps_the_context_only_when_carried() {
        let context = CallContext {
            service: "grading",
            deadline: Some(Instant::now() + Duration::from_secs(5)),
            trace: TraceParent::random(),
            keeps_tokens: false,
        };
        let (carried, plain) = scope(context, async {
            let carried = tokio::spawn(carry(async { service() }));
            let plain = tokio::spawn(async { service() });
            (carried.await.unwrap(), plain.await.unwrap())
        })
        .await;
        assert_eq!(carried, Some("grading"));
        assert_eq!(plain, None);
    }
}
