//! Counts what is sent to the database, for test gates and metrics.

use std::{
    future::Future,
    ops::Sub,
    sync::atomic::{AtomicU64, Ordering::Relaxed},
};

tokio::task_local! {
    static BACKGROUND: ();
}

/// Runs chassis's own upkeep (sequencer, followers): its statements are counted
/// apart, so that a gate on a request counts the request alone.
pub async fn background<F: Future>(work: F) -> F::Output {
    BACKGROUND.scope((), work).await
}

/// Statements and transactions sent since the pools were opened.
///
/// `BEGIN`, `COMMIT` and `ROLLBACK` are not statements; migrations and
/// `execute_unprepared` are not counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StatementCount {
    /// Statements of requests, failed ones included.
    pub statements: u64,
    /// Commits of requests.
    pub commits: u64,
    /// Statements that failed, of requests and upkeep.
    pub failed: u64,
    /// Statements of chassis's own upkeep.
    pub background_statements: u64,
    /// Commits of chassis's own upkeep.
    pub background_commits: u64,
}

impl Sub for StatementCount {
    type Output = StatementCount;

    fn sub(self, earlier: StatementCount) -> StatementCount {
        StatementCount {
            statements: self.statements - earlier.statements,
            commits: self.commits - earlier.commits,
            failed: self.failed - earlier.failed,
            background_statements: self.background_statements - earlier.background_statements,
            background_commits: self.background_commits - earlier.background_commits,
        }
    }
}

#[derive(Default)]
pub(super) struct Counters {
    statements: AtomicU64,
    commits: AtomicU64,
    failed: AtomicU64,
    background_statements: AtomicU64,
    background_commits: AtomicU64,
}

impl Counters {
    pub(super) fn statement(&self, failed: bool) {
        let counter = if in_background() {
            &self.background_statements
        } else {
            &self.statements
        };
        counter.fetch_add(1, Relaxed);
        if failed {
            self.failed.fetch_add(1, Relaxed);
        }
    }

    pub(super) fn commit(&self) {
        let counter = if in_background() {
            &self.background_commits
        } else {
            &self.commits
        };
        counter.fetch_add(1, Relaxed);
    }

    pub(super) fn snapshot(&self) -> StatementCount {
        StatementCount {
            statements: self.statements.load(Relaxed),
            commits: self.commits.load(Relaxed),
            failed: self.failed.load(Relaxed),
            background_statements: self.background_statements.load(Relaxed),
            background_commits: self.background_commits.load(Relaxed),
        }
    }
}

fn in_background() -> bool {
    BACKGROUND.try_with(|()| ()).is_ok()
}
