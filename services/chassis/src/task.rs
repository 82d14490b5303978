//! A background task as a value: a name and a way to start it again.
//!
//! `Service::build` returns tasks, nothing runs inside it; the lifecycle starts
//! them, restarts one that failed (with back-off) and cancels them on the way out.

use std::{borrow::Cow, future::Future, sync::Arc};

use futures::future::BoxFuture;
use tokio_util::sync::CancellationToken;

type Factory =
    Arc<dyn Fn(CancellationToken) -> BoxFuture<'static, anyhow::Result<()>> + Send + Sync>;

/// A supervised background task.
#[derive(Clone)]
pub struct Task {
    /// Name in logs and metrics, e.g. `feed:roster`.
    pub name: Cow<'static, str>,
    factory: Factory,
}

impl Task {
    /// A task from a factory that can be called again after a failure.
    ///
    /// The future ends with `Ok` soon after the token is cancelled; an `Err` or
    /// an early `Ok` makes the supervisor start it anew.
    pub fn new<F, Fut>(name: impl Into<Cow<'static, str>>, factory: F) -> Task
    where
        F: Fn(CancellationToken) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = anyhow::Result<()>> + Send + 'static,
    {
        Task {
            name: name.into(),
            factory: Arc::new(move |stop| Box::pin(factory(stop))),
        }
    }

    /// One run of the task.
    pub fn start(&self, stop: CancellationToken) -> BoxFuture<'static, anyhow::Result<()>> {
        (self.factory)(stop)
    }
}

impl std::fmt::Debug for Task {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Task")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}
