//! Workers that make the reports.
//!
//! A worker takes a job, keeps its lease alive, does the stages, and ends it. Any
//! step may find the job lost (cancelled, or taken by another worker after a long
//! silence): then this run leaves nothing behind.

mod announce;
mod collect;
mod files;
mod stages;
mod sweeper;
#[cfg(test)]
mod tests;

use std::time::Duration;

use chassis::db::background;
use chassis::task::Task;
use sea_orm::DbErr;
use tokio_util::sync::CancellationToken;

pub use announce::announce;
pub use files::{Format, read as read_file};
pub use sweeper::task as sweeper;

use crate::Shared;
use crate::domain::job::JobState;
use crate::store::jobs;
use crate::store::queue::{self, Run};

/// What is said of a job whose runs ended without a word.
const CRASHED: &str = "Построение отчёта несколько раз прервалось";
/// What is said of a job that failed for a reason of ours.
const BROKEN: &str = "Не удалось построить отчёт, попробуйте ещё раз позже";

/// How a run ended.
enum Ended {
    /// The files are ready and the job says so.
    Done,
    /// There is nothing to report on: no use in trying again.
    Impossible(String),
    /// Somebody else has the job, or nobody wants it any more.
    Lost,
    /// The process stops.
    Stopped,
    /// Something broke.
    Broken(anyhow::Error),
}

/// Worker number `number` of this process.
pub fn worker(shared: &Shared, number: u16) -> Task {
    let shared = shared.clone();
    Task::new(
        format!("reports:{number}"),
        move |stop: CancellationToken| {
            let shared = shared.clone();
            // Its statements are nobody's request.
            background(async move {
                let name = shared.cx.ids.uuid().to_string();
                while !stop.is_cancelled() {
                    let worked = match next(&shared, &name).await {
                        Ok(Some(run)) => {
                            work(&shared, &run, &stop).await;
                            true
                        }
                        Ok(None) => false,
                        Err(error) => {
                            tracing::warn!(error = %error, "report jobs cannot be looked at");
                            false
                        }
                    };
                    if !worked {
                        idle(&shared, &stop).await;
                    }
                }
                Ok(())
            })
        },
    )
}

/// Waits until a job is queued here, or may have been elsewhere.
async fn idle(shared: &Shared, stop: &CancellationToken) {
    tokio::select! {
        () = stop.cancelled() => {}
        () = shared.queued.notified() => {}
        () = tokio::time::sleep(Duration::from_millis(shared.config.poll_ms.max(10))) => {}
    }
}

/// Takes the next job. One whose workers died too often is given up here.
async fn next(shared: &Shared, worker: &str) -> Result<Option<Run>, DbErr> {
    while queue::any(&shared.cx.db).await? {
        let mut uow = shared.cx.db.begin().await?;
        let Some(run) = queue::take(&uow, worker, lease(shared)).await? else {
            return Ok(None);
        };
        let allowed = shared.config.retries().allows_after(run.job.failures);
        if !allowed {
            queue::fail(&uow, &run, CRASHED, shared.cx.clock.now()).await?;
            announce(&mut uow, &run.job, shared.cx.clock.now()).await?;
        }
        uow.commit().await?;
        if allowed {
            return Ok(Some(run));
        }
    }
    Ok(None)
}

fn lease(shared: &Shared) -> Duration {
    Duration::from_secs(shared.config.lease_seconds.max(1).into())
}

/// One run from taking to its end.
async fn work(shared: &Shared, run: &Run, stop: &CancellationToken) {
    let ended = tokio::select! {
        ended = stages::all(shared, run) => ended,
        ended = heartbeat(shared, run) => ended,
        () = stop.cancelled() => Ended::Stopped,
    };
    let tidied = match settle(shared, run, ended).await {
        Ok(()) => tidy(shared, run).await,
        Err(error) => Err(error),
    };
    if let Err(error) = tidied {
        // The lease runs out and the job is taken again.
        tracing::warn!(job = %run.job.id, error = %error, "the end of a report job was not written down");
    }
}

/// Removes the run's files unless they are the job's. The database is asked: a run
/// that was interrupted may have ended the job all the same.
async fn tidy(shared: &Shared, run: &Run) -> Result<(), DbErr> {
    let now = jobs::find(shared.cx.db.read(), run.job.school, run.job.id).await?;
    if !now.is_some_and(|job| job.state == JobState::Done && job.runs == run.job.runs) {
        files::remove_run(&shared.cx.files, &run.job).await;
    }
    Ok(())
}

/// Keeps the lease; ends when the job is lost.
async fn heartbeat(shared: &Shared, run: &Run) -> Ended {
    loop {
        tokio::time::sleep(lease(shared) / 3).await;
        match beat(shared, run).await {
            Ok(true) => {}
            Ok(false) => return Ended::Lost,
            Err(error) => {
                tracing::debug!(job = %run.job.id, error = %error, "a report job's lease was not renewed")
            }
        }
    }
}

async fn beat(shared: &Shared, run: &Run) -> Result<bool, DbErr> {
    let uow = shared.cx.db.begin().await?;
    let held = queue::beat(&uow, run, lease(shared)).await?;
    uow.commit().await?;
    Ok(held)
}

/// Writes down how the run ended.
async fn settle(shared: &Shared, run: &Run, ended: Ended) -> Result<(), DbErr> {
    let now = shared.cx.clock.now();
    let mut uow = shared.cx.db.begin().await?;
    let held = match ended {
        Ended::Done | Ended::Lost => return uow.rollback().await,
        Ended::Stopped => queue::give_back(&uow, run).await?,
        Ended::Impossible(why) => queue::fail(&uow, run, &why, now).await?,
        Ended::Broken(error) => {
            tracing::error!(job = %run.job.id, run = run.job.runs, error = format!("{error:#}"), "a report job failed");
            match shared
                .config
                .retries()
                .rest_after(run.job.failures.saturating_add(1))
            {
                Some(rest) => queue::rest(&uow, run, rest).await?,
                None => queue::fail(&uow, run, BROKEN, now).await?,
            }
        }
    };
    if held {
        announce(&mut uow, &run.job, now).await?;
    }
    uow.commit().await?;
    Ok(())
}
