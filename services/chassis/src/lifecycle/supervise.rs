//! Keeps a task running: restarts it with back-off, never gives up.

use std::time::{Duration, Instant};

use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::task::Task;

const FIRST: Duration = Duration::from_millis(100);
const LONGEST: Duration = Duration::from_secs(30);
/// A run this long counts as healthy: the next failure starts from the shortest pause.
const HEALTHY: Duration = Duration::from_secs(60);

/// Starts the task and keeps it running until `stop` is cancelled. Each failure
/// (error, panic, early end) is logged once.
pub fn supervise(service: &'static str, task: Task, stop: CancellationToken) -> JoinHandle<()> {
    tokio::spawn(keep(service, task, stop))
}

async fn keep(service: &'static str, task: Task, stop: CancellationToken) {
    let mut pause = FIRST;
    while !stop.is_cancelled() {
        let started = Instant::now();
        let run = AbortOnDrop(tokio::spawn(task.start(stop.clone())));
        let ended = run.join().await;
        if stop.is_cancelled() {
            if let Err(error) = ended {
                tracing::warn!(service, task = %task.name, error, "task failed while stopping");
            }
            return;
        }
        if started.elapsed() >= HEALTHY {
            pause = FIRST;
        }
        let error = ended
            .err()
            .unwrap_or_else(|| "ended without being asked".to_owned());
        let wait = jittered(pause);
        tracing::error!(
            service,
            task = %task.name,
            error,
            again_in_ms = wait.as_millis() as u64,
            "task failed"
        );
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(wait) => {}
        }
        pause = (pause * 2).min(LONGEST);
    }
}

/// Between half and all of the pause, so that replicas do not start in step.
fn jittered(pause: Duration) -> Duration {
    pause.mul_f64(rand::random_range(0.5..=1.0))
}

struct AbortOnDrop(JoinHandle<anyhow::Result<()>>);

impl AbortOnDrop {
    async fn join(mut self) -> Result<(), String> {
        match (&mut self.0).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(error)) => Err(format!("{error:#}")),
            Err(error) if error.is_panic() => Err("panicked".to_owned()),
            Err(_) => Err("was aborted".to_owned()),
        }
    }
}

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        self.0.abort();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;
    use crate::server::testing::until;

    #[tokio::test]
    async fn a_failing_and_a_panicking_task_are_started_again() {
        let runs = Arc::new(AtomicUsize::new(0));
        let counted = runs.clone();
        let task = Task::new("flaky", move |stop: CancellationToken| {
            let n = counted.fetch_add(1, Ordering::SeqCst);
            async move {
                match n {
                    0 => anyhow::bail!("first run fails"),
                    1 => panic!("second run panics"),
                    _ => {
                        stop.cancelled().await;
                        Ok(())
                    }
                }
            }
        });
        let stop = CancellationToken::new();
        let supervisor = supervise("test", task, stop.clone());
        until(|| runs.load(Ordering::SeqCst) == 3).await;
        stop.cancel();
        supervisor.await.unwrap();
        assert_eq!(runs.load(Ordering::SeqCst), 3);
    }

    #[tokio::test]
    async fn a_task_that_ends_by_itself_is_started_again() {
        let runs = Arc::new(AtomicUsize::new(0));
        let counted = runs.clone();
        let task = Task::new("short", move |_| {
            counted.fetch_add(1, Ordering::SeqCst);
            async { Ok(()) }
        });
        let stop = CancellationToken::new();
        let supervisor = supervise("test", task, stop.clone());
        until(|| runs.load(Ordering::SeqCst) >= 2).await;
        stop.cancel();
        supervisor.await.unwrap();
    }

    #[test]
    fn the_pause_is_never_shorter_than_half() {
        for _ in 0..100 {
            let wait = jittered(Duration::from_secs(1));
            assert!(wait >= Duration::from_millis(500) && wait <= Duration::from_secs(1));
        }
    }
}
