//! Up to which moment the copies are complete.
//!
//! The process that follows a feed knows it; the others read what it has written
//! down. On SQLite there are no others, so an idle service writes nothing.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use chassis::db::background;
use chassis::feed::lag;
use chassis::task::Task;
use jiff::Timestamp;
use sea_orm::{DbBackend, DbErr};
use tokio_util::sync::CancellationToken;

use crate::Shared;
use crate::feed::PRODUCERS;
use crate::store::freshness;

/// How often the followers are looked at, and how often another process is told.
const LOOK: Duration = Duration::from_secs(2);
const TELL: i64 = 6;

type Moments = BTreeMap<&'static str, Timestamp>;

/// When each producer's copy was last seen complete by this process.
#[derive(Default)]
pub struct LastSeen(Mutex<Moments>);

impl LastSeen {
    fn moments(&self) -> MutexGuard<'_, Moments> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The moment up to which the copies of all producers are complete; `None` while
/// one of them has never been.
pub async fn as_of(shared: &Shared) -> Result<Option<Timestamp>, DbErr> {
    let here = look(shared);
    if PRODUCERS.iter().all(|producer| here.contains(producer)) {
        return Ok(Some(shared.cx.clock.now()));
    }
    let told = freshness::all(shared.cx.db.read()).await?;
    let seen = shared.fresh.moments().clone();
    let of = |producer: &&'static str| {
        seen.get(producer)
            .copied()
            .max(told.get(*producer).copied())
    };
    let moments: Option<Vec<Timestamp>> = PRODUCERS.iter().map(of).collect();
    Ok(moments.and_then(|moments| moments.into_iter().min()))
}

/// Producers whose feed this process has applied to the end, as of now.
fn look(shared: &Shared) -> Vec<&'static str> {
    let lags = lag(&shared.cx.db);
    let here: Vec<_> = lags
        .iter()
        .filter(|l| l.connected && l.behind.is_zero())
        .map(|l| l.producer)
        .collect();
    let now = shared.cx.clock.now();
    shared
        .fresh
        .moments()
        .extend(here.iter().map(|producer| (*producer, now)));
    here
}

/// The task that writes down how fresh the copies are: now and then where other
/// processes may ask, and whenever a copy ceases to be fresh.
pub fn task(shared: &Shared) -> Task {
    let shared = shared.clone();
    Task::new("freshness", move |stop: CancellationToken| {
        let shared = shared.clone();
        background(async move {
            let mut told = Moments::new();
            loop {
                let stopped = tokio::select! {
                    () = stop.cancelled() => true,
                    () = tokio::time::sleep(LOOK) => false,
                };
                let here = if stopped { Vec::new() } else { look(&shared) };
                if let Err(error) = tell(&shared, &here, &mut told).await {
                    tracing::debug!(error = %error, "freshness was not written down");
                }
                if stopped {
                    return Ok(());
                }
            }
        })
    })
}

/// Writes down the moments of what is not fresh any more, and for other processes
/// those of what is.
async fn tell(shared: &Shared, here: &[&str], told: &mut Moments) -> Result<(), DbErr> {
    let others = shared.cx.db.backend() == DbBackend::Postgres;
    let seen = shared.fresh.moments().clone();
    for (producer, at) in seen {
        let before = told.get(producer);
        let old = before.is_none_or(|before| at.as_second() - before.as_second() >= TELL);
        let ceased = !here.contains(&producer) && before != Some(&at);
        if ceased || (others && old) {
            let uow = shared.cx.db.begin().await?;
            freshness::put(uow.conn(), producer, at).await?;
            uow.commit().await?;
            told.insert(producer, at);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use chassis::on_both_databases;
    use chassis::service::Cx;
    use chassis::testing::eventually;
    use zhurnal_proto::grading::v1::WatchGradingEventsResponse;
    use zhurnal_proto::roster::v1::WatchRosterEventsResponse;
    use zhurnal_proto::schedule::v1::WatchScheduleEventsResponse;

    use super::*;
    use crate::store::migrations;
    use crate::testing::{World, host_producers};

    /// Producers that have nothing to tell.
    fn quiet(world: &World) {
        let cursor = || "e1.0".to_owned();
        host_producers(
            &world.harness,
            vec![WatchRosterEventsResponse {
                event: None,
                cursor: cursor(),
            }],
            vec![WatchScheduleEventsResponse {
                event: None,
                cursor: cursor(),
            }],
            vec![WatchGradingEventsResponse {
                event: None,
                cursor: cursor(),
            }],
        );
    }

    on_both_databases! { migrations();
        async fn another_process_knows_how_fresh_the_copies_are(db) {
            let other_db = db.another_process().await;
            let world = World::on(db);
            quiet(&world);
            let shared = world.shared();
            let other = Shared::new(Cx { db: other_db, ..world.harness.cx().clone() }, shared.config.clone()).unwrap();
            assert_eq!(as_of(&other).await.unwrap(), None, "nobody has followed yet");

            // The tasks of the harness belong to the service it built; this one asks beside it.
            let tasks = world.harness.start_tasks();
            let stop = CancellationToken::new();
            let telling = tokio::spawn(task(&shared).start(stop.clone()));
            let now = world.harness.cx().clock.now();
            eventually("the copies are complete", || async { as_of(&shared).await.unwrap() == Some(now) }).await;
            stop.cancel();
            telling.await.unwrap().unwrap();
            tasks.stop().await;

            world.harness.clock().advance(jiff::SignedDuration::from_hours(1));
            assert_eq!(as_of(&other).await.unwrap(), Some(now), "as it was when the feeds were left");
        }
    }
}
