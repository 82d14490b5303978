//! Forgets the personal part of old imports: rows and findings hold names.

use std::time::Duration;

use chassis::db::{background, micros};
use chassis::task::Task;
use jiff::SignedDuration;
use sea_orm::DbErr;
use tokio_util::sync::CancellationToken;

use crate::Roster;
use crate::store::imports;

const EVERY: Duration = Duration::from_secs(3_600);
/// Imports forgotten by one transaction.
const BATCH: u64 = 20;

/// The task that forgets.
pub(crate) fn forgetting_task(roster: &Roster) -> Task {
    let roster = roster.clone();
    Task::new("import-forgetting", move |stop: CancellationToken| {
        let roster = roster.clone();
        background(async move {
            loop {
                while forget(&roster).await? > 0 {}
                tokio::select! {
                    () = stop.cancelled() => return Ok(()),
                    () = tokio::time::sleep(EVERY) => {}
                }
            }
        })
    })
}

/// Forgets some old imports; how many.
pub(crate) async fn forget(roster: &Roster) -> Result<usize, DbErr> {
    let kept = SignedDuration::from_hours(24 * i64::from(roster.config.keep_import_days));
    let before = roster
        .cx
        .clock
        .now()
        .saturating_sub(kept)
        .unwrap_or(jiff::Timestamp::MIN);
    let uow = roster.cx.db.begin().await?;
    let forgotten = imports::forget_older(uow.conn(), micros(before), BATCH).await?;
    if forgotten == 0 {
        uow.rollback().await?;
        return Ok(0);
    }
    uow.commit().await?;
    Ok(forgotten)
}
