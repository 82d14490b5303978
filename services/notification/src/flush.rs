//! Makes notices of what has waited long enough.

use std::time::Duration;

use chassis::task::Task;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;
use zhurnal_proto::notification::v1::NoticeKind;

use crate::Shared;
use crate::feed::Telling;
use crate::store::{people, waiting};

/// The task: every second by default.
pub fn task(shared: &Shared) -> Task {
    let shared = shared.clone();
    Task::new("flush notices", move |stop: CancellationToken| {
        let shared = shared.clone();
        async move {
            let mut tick = tokio::time::interval(Duration::from_millis(
                shared.config.flush_interval_ms.max(10),
            ));
            loop {
                tokio::select! {
                    () = stop.cancelled() => return Ok(()),
                    _ = tick.tick() => while flush(&shared).await? > 0 {},
                }
            }
        }
    })
}

/// One batch; gives how many were due.
pub async fn flush(shared: &Shared) -> anyhow::Result<usize> {
    let now = shared.cx.clock.now();
    if !waiting::any_due(shared.cx.db.read(), now).await? {
        return Ok(0);
    }
    let today = shared.today();
    let mut uow = shared.cx.db.begin().await?;
    let due = waiting::take_due(uow.conn(), now).await?;
    let count = due.len();
    for row in waiting::only_news(uow.conn(), due).await? {
        let to: Vec<Uuid> = people::told_of(uow.conn(), row.school_id, row.pupil_id, today).await?;
        let kind = NoticeKind::try_from(i32::from(row.kind)).unwrap_or_default();
        let about = Telling {
            school: row.school_id,
            kind,
            pupil: Some(row.pupil_id),
            text: row.text,
            link: row.link,
        };
        crate::feed::add(&mut uow, &shared.cx.ids, now, &to, &about).await?;
    }
    uow.commit().await?;
    Ok(count)
}
