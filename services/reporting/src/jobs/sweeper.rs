//! Removes reports that are too old to keep: they hold personal data.

use std::time::Duration;

use chassis::db::background;
use chassis::task::Task;
use jiff::{SignedDuration, Timestamp};
use tokio_util::sync::CancellationToken;

use super::files;
use crate::Shared;
use crate::store::jobs;

/// How often, and how many at a time.
const EVERY: Duration = Duration::from_secs(3_600);
const BATCH: u64 = 100;

/// The task.
pub fn task(shared: &Shared) -> Task {
    let shared = shared.clone();
    Task::new("old reports", move |stop: CancellationToken| {
        let shared = shared.clone();
        background(async move {
            loop {
                while sweep(&shared).await? > 0 && !stop.is_cancelled() {}
                tokio::select! {
                    () = stop.cancelled() => return Ok(()),
                    () = tokio::time::sleep(EVERY) => {}
                }
            }
        })
    })
}

/// Removes a batch; gives how many jobs it was.
pub(super) async fn sweep(shared: &Shared) -> anyhow::Result<usize> {
    let keep = SignedDuration::from_hours(24 * i64::from(shared.config.keep_days));
    let before = shared
        .cx
        .clock
        .now()
        .checked_sub(keep)
        .unwrap_or(Timestamp::MIN);
    let old = jobs::ended_before(shared.cx.db.read(), before, BATCH).await?;
    if old.is_empty() {
        return Ok(0);
    }
    // Files first: a job that is still listed is tried again.
    for job in &old {
        files::remove_all(&shared.cx.files, job).await;
    }
    let uow = shared.cx.db.begin().await?;
    for job in &old {
        jobs::remove(uow.conn(), job.school, job.id).await?;
    }
    uow.commit().await?;
    Ok(old.len())
}
