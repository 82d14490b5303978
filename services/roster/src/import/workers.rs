//! Checking workbooks costs memory and CPU: so many at once, so many waiting, and the
//! rest is turned away with a time to come back.

use std::sync::Arc;
use std::time::Duration;

use chassis::status;
use tokio::sync::Semaphore;
use tonic::Status;

/// When somebody who was turned away should come back.
const COME_BACK: Duration = Duration::from_secs(5);

/// A bounded pool of blocking work.
#[derive(Debug)]
pub struct Workers {
    /// Working or waiting.
    admitted: Arc<Semaphore>,
    working: Arc<Semaphore>,
}

impl Workers {
    /// `workers` at once, `queue` waiting.
    pub(crate) fn new(workers: usize, queue: usize) -> Self {
        let workers = workers.max(1);
        Self {
            admitted: Arc::new(Semaphore::new(workers.saturating_add(queue))),
            working: Arc::new(Semaphore::new(workers)),
        }
    }

    /// Runs `work` off the async threads. RESOURCE_EXHAUSTED when too many wait. Work
    /// that has begun keeps its place until it ends, though its caller may be gone.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Status> {
        let turned_away = |_| {
            status::exhausted(
                "IMPORT_QUEUE_FULL",
                "Сейчас проверяется много файлов, повторите позже",
                COME_BACK,
            )
        };
        let admitted = self
            .admitted
            .clone()
            .try_acquire_owned()
            .map_err(turned_away)?;
        let working = self
            .working
            .clone()
            .acquire_owned()
            .await
            .map_err(status::internal)?;
        let held = (admitted, working);
        let done = tokio::task::spawn_blocking(move || {
            let done = work();
            drop(held);
            done
        });
        done.await.map_err(status::internal)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use chassis::testing::eventually;
    use tonic::Code;

    use super::*;

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn one_works_one_waits_and_the_third_is_turned_away() {
        let workers = Arc::new(Workers::new(1, 1));
        let (go, wait) = mpsc::channel::<()>();
        let first = tokio::spawn({
            let workers = workers.clone();
            async move { workers.run(move || wait.recv().is_ok()).await }
        });
        eventually("the first works", || async {
            workers.working.available_permits() == 0
        })
        .await;
        let second = tokio::spawn({
            let workers = workers.clone();
            async move { workers.run(|| 2).await }
        });
        eventually("the second waits", || async {
            workers.admitted.available_permits() == 0
        })
        .await;
        let refused = workers.run(|| 3).await.unwrap_err();
        assert_eq!(
            (refused.code(), status::retry_delay(&refused)),
            (Code::ResourceExhausted, Some(COME_BACK))
        );
        go.send(()).unwrap();
        assert!(first.await.unwrap().unwrap());
        assert_eq!(second.await.unwrap().unwrap(), 2);
        assert_eq!(workers.run(|| 4).await.unwrap(), 4);
    }
}
