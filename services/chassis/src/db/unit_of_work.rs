//! One transaction: the effect, what it announces, what it remembers.

use jiff::Timestamp;
use prost::Message;
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend, DbErr, Statement};

use super::{Db, statement};
use crate::{
    idempotency::{self, IdempotencyKey, Remembered},
    outbox::{self, Announcement, Progress},
};

/// A transaction in progress; dropped, it rolls back.
///
/// Only [`UnitOfWork::commit`] makes anything durable. Announcements and remembered
/// answers are buffered and written by the commit: on PostgreSQL by one statement,
/// whatever their number.
pub struct UnitOfWork {
    tx: DatabaseTransaction,
    db: Db,
    announced: Vec<Announcement>,
    remembered: Vec<Remembered>,
}

impl UnitOfWork {
    pub(super) fn new(tx: DatabaseTransaction, db: Db) -> UnitOfWork {
        UnitOfWork {
            tx,
            db,
            announced: Vec::new(),
            remembered: Vec::new(),
        }
    }

    /// The connection for this transaction's statements.
    pub fn conn(&self) -> &DatabaseTransaction {
        &self.tx
    }

    /// The database this unit works on.
    pub fn db(&self) -> &Db {
        &self.db
    }

    /// Announces an event; events of one unit keep this order.
    pub fn announce(&mut self, event: Announcement) {
        self.announced.push(event);
    }

    /// Remembers the answer under the caller's key, so that a repeat gets it again.
    pub fn remember(&mut self, key: &IdempotencyKey, response: &impl Message) {
        self.remembered.push(Remembered {
            key: key.clone(),
            response: response.encode_to_vec(),
        });
    }

    /// Writes the outbox and idempotency rows, commits, wakes the sequencer.
    ///
    /// An error means that nothing is promised: the caller repeats with the same
    /// request id. (If the connection broke during COMMIT, the effect may be there;
    /// the repeat then finds the remembered answer.)
    pub async fn commit(self) -> Result<(), DbErr> {
        let UnitOfWork {
            tx,
            db,
            announced,
            remembered,
        } = self;
        let now = db.clock.now();
        if tx.get_database_backend() == DbBackend::Postgres {
            // PostgreSQL answers COMMIT of a failed transaction with a silent ROLLBACK
            // and sqlx does not look: there is always a statement that asks.
            tx.execute_raw(at_once(&announced, &remembered, now))
                .await?;
        } else {
            outbox::insert(&tx, &announced).await?;
            idempotency::insert(&tx, &remembered, now).await?;
        }
        // Armed before COMMIT: a caller that gives up half way has perhaps committed.
        let _wake = (!announced.is_empty()).then(|| WakeOnDrop(db.progress().clone()));
        tx.commit().await?;
        db.inner.counters.commit();
        Ok(())
    }

    /// Commits when the last statement is known to have succeeded and nothing is
    /// buffered: spares the question above.
    pub(crate) async fn commit_plain(self) -> Result<(), DbErr> {
        debug_assert!(self.announced.is_empty() && self.remembered.is_empty());
        self.tx.commit().await?;
        self.db.inner.counters.commit();
        Ok(())
    }

    /// Gives up, waiting until the database has let go of the locks.
    pub async fn rollback(self) -> Result<(), DbErr> {
        self.tx.rollback().await
    }
}

/// Events and answers by one statement of PostgreSQL; of either there may be none.
fn at_once(events: &[Announcement], answers: &[Remembered], now: Timestamp) -> Statement {
    if events.is_empty() && answers.is_empty() {
        return statement(DbBackend::Postgres, "SELECT 1", []);
    }
    let (announce, events) = outbox::arrays(events);
    let (remember, answers) = idempotency::arrays(answers, now);
    let sql = format!("WITH remembered AS ({remember}) {announce}");
    Statement::from_sql_and_values(DbBackend::Postgres, sql, events.into_iter().chain(answers))
}

struct WakeOnDrop(Progress);

impl Drop for WakeOnDrop {
    fn drop(&mut self) {
        self.0.committed();
    }
}
