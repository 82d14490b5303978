//! Wakes the sequencer after a commit, and feed readers after the sequencer.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering::SeqCst},
};

use tokio::sync::{Notify, watch};

use super::Cursor;

/// The bells of one database in this process. A bell may ring for nothing;
/// it never fails to ring for something.
#[derive(Clone)]
pub struct Progress {
    commits: Arc<Notify>,
    head: Arc<watch::Sender<i64>>,
    begun: Arc<AtomicU64>,
    covered: Arc<watch::Sender<Covered>>,
}

/// Everything committed before round `nth` began lies at or before `head`.
#[derive(Clone, Copy)]
struct Covered {
    nth: u64,
    head: Cursor,
}

impl Default for Progress {
    fn default() -> Self {
        let nothing = Covered {
            nth: 0,
            head: Cursor {
                epoch: 0,
                position: 0,
            },
        };
        Progress {
            commits: Arc::new(Notify::new()),
            head: Arc::new(watch::Sender::new(0)),
            begun: Arc::new(AtomicU64::new(0)),
            covered: Arc::new(watch::Sender::new(nothing)),
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

    /// A round of numbering begins; returns its number.
    pub(super) fn begin(&self) -> u64 {
        self.begun.fetch_add(1, SeqCst) + 1
    }

    /// The feed now reaches `head`.
    pub(super) fn advanced(&self, head: Cursor) {
        self.head
            .send_if_modified(|known| std::mem::replace(known, head.position) != head.position);
    }

    /// Round `nth` left nothing without a position that was committed before it began.
    pub(super) fn covered(&self, nth: u64, head: Cursor) {
        self.covered.send_if_modified(|known| {
            let later = nth > known.nth;
            if later {
                *known = Covered { nth, head };
            }
            later
        });
    }

    /// A cursor that covers everything committed before the call. Asks the database
    /// nothing: waits for the end of a round that begins after the call, so for ever
    /// when no sequencer runs.
    pub(super) async fn cover(&self) -> Cursor {
        let next = self.begun.load(SeqCst) + 1;
        let mut covered = self.covered.subscribe();
        self.commits.notify_one();
        let reached = covered.wait_for(|covered| covered.nth >= next).await;
        let head = reached.map(|covered| covered.head);
        match head {
            Ok(head) => head,
            // Cannot be: the sender lives in `self`.
            Err(_) => std::future::pending().await,
        }
    }

    /// Changes whenever the feed gets longer.
    pub(crate) fn watch(&self) -> watch::Receiver<i64> {
        self.head.subscribe()
    }
}
