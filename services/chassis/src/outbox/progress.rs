//! Wakes the sequencer after a commit, and feed readers after the sequencer.

use std::sync::Arc;

use tokio::sync::{Notify, watch};

/// Both bells of one database in this process. A bell may ring for nothing;
/// it never fails to ring for something.
#[derive(Clone)]
pub struct Progress {
    commits: Arc<Notify>,
    head: Arc<watch::Sender<i64>>,
}

impl Default for Progress {
    fn default() -> Self {
        Progress {
            commits: Arc::new(Notify::new()),
            head: Arc::new(watch::Sender::new(0)),
        }
    }
}

impl Progress {
    /// A transaction with events has (perhaps) committed.
    pub(crate) fn committed(&self) {
        self.commits.notify_one();
    }

    /// Resolves at the next commit; one that came before the call counts.
    pub(super) async fn commit(&self) {
        self.commits.notified().await;
    }

    /// The feed now reaches `head`.
    pub(super) fn advanced(&self, head: i64) {
        self.head
            .send_if_modified(|known| std::mem::replace(known, head) != head);
    }

    /// Changes whenever the feed gets longer.
    pub(crate) fn watch(&self) -> watch::Receiver<i64> {
        self.head.subscribe()
    }
}
