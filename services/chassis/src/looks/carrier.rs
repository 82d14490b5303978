//! From memory to the table, from the table to identity.

use std::time::Duration;

use tokio_util::sync::CancellationToken;
use zhurnal_proto::identity::v1::RecordLooksRequest;
use zhurnal_proto::identity::v1::identity_service_client::IdentityServiceClient;

use super::{Looks, spool};
use crate::client::Peers;
use crate::db::background;
use crate::task::Task;

/// Looks of this stretch of time are stored together.
const GATHER: Duration = Duration::from_secs(1);
/// Pause while the log or the database is away.
const RETRY: Duration = Duration::from_secs(5);
/// Who keeps the log.
const KEEPER: &str = "identity";

pub(super) fn task(looks: Looks, peers: Peers) -> Task {
    Task::new("looks", move |stop: CancellationToken| {
        let (looks, peers) = (looks.clone(), peers.clone());
        async move {
            // An earlier run may have left some.
            let mut all_gone = background(carry(&looks, &peers)).await;
            loop {
                tokio::select! {
                    () = stop.cancelled() => break,
                    () = looks.inner.wake.notified() => pause(GATHER, &stop).await,
                    () = tokio::time::sleep(RETRY), if !all_gone => {}
                }
                all_gone = background(carry(&looks, &peers)).await;
            }
            background(store(&looks)).await;
            Ok(())
        }
    })
}

async fn pause(length: Duration, stop: &CancellationToken) {
    tokio::select! {
        () = stop.cancelled() => {}
        () = tokio::time::sleep(length) => {}
    }
}

/// Stores and hands over; false while something is left behind.
async fn carry(looks: &Looks, peers: &Peers) -> bool {
    store(looks).await && hand_over(looks, peers).await
}

/// What was noted goes into the table; on failure it goes on waiting.
async fn store(looks: &Looks) -> bool {
    let taken: Vec<_> = looks.waiting().drain(..).collect();
    match spool::store(&looks.inner.db, &looks.inner.ids, &taken).await {
        Ok(()) => true,
        Err(error) => {
            tracing::warn!(error = %error, looks = taken.len(), "looks are not stored yet");
            let mut waiting = looks.waiting();
            for look in taken.into_iter().rev() {
                waiting.push_front(look);
            }
            false
        }
    }
}

async fn hand_over(looks: &Looks, peers: &Peers) -> bool {
    loop {
        match batch(looks, peers).await {
            Ok(0) => return true,
            Ok(_) => {}
            Err(error) => {
                tracing::debug!(
                    error = format!("{error:#}"),
                    "looks are not handed over yet"
                );
                return false;
            }
        }
    }
}

async fn batch(looks: &Looks, peers: &Peers) -> anyhow::Result<usize> {
    let db = &looks.inner.db;
    let oldest = spool::oldest(db).await?;
    if oldest.is_empty() {
        return Ok(0);
    }
    let (ids, notes): (Vec<_>, Vec<_>) = oldest.into_iter().unzip();
    let mut identity = IdentityServiceClient::new(peers.channel(KEEPER));
    identity
        .record_looks(RecordLooksRequest { looks: notes })
        .await?;
    spool::forget(db, &ids).await?;
    Ok(ids.len())
}
