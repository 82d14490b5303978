//! One transaction: the effect, what it announces, what it remembers.

use prost::Message;
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend, DbErr};

use super::{Db, statement};
use crate::{
    idempotency::{self, IdempotencyKey},
    outbox::{self, Announcement, Progress},
};

/// A transaction in progress; dropped, it rolls back.
///
/// Only [`UnitOfWork::commit`] makes anything durable. Announcements and the
/// remembered answer are buffered and written by the commit: one statement for
/// all events, one for the answer, whatever their number.
pub struct UnitOfWork {
    tx: DatabaseTransaction,
    db: Db,
    announced: Vec<Announcement>,
    remembered: Option<(IdempotencyKey, Vec<u8>)>,
}

impl UnitOfWork {
    pub(super) fn new(tx: DatabaseTransaction, db: Db) -> UnitOfWork {
        UnitOfWork {
            tx,
            db,
            announced: Vec::new(),
            remembered: None,
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
        self.remembered = Some((key.clone(), response.encode_to_vec()));
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
        outbox::insert(&tx, &announced).await?;
        if let Some((key, response)) = &remembered {
            idempotency::insert(&tx, key, response, db.clock.now()).await?;
        }
        if announced.is_empty()
            && remembered.is_none()
            && tx.get_database_backend() == DbBackend::Postgres
        {
            // PostgreSQL answers COMMIT of a failed transaction with a silent ROLLBACK
            // and sqlx does not look: ask first. (The inserts above ask by themselves.)
            tx.execute_raw(statement(DbBackend::Postgres, "SELECT 1", []))
                .await?;
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
        debug_assert!(self.announced.is_empty() && self.remembered.is_none());
        self.tx.commit().await?;
        self.db.inner.counters.commit();
        Ok(())
    }

    /// Gives up, waiting until the database has let go of the locks.
    pub async fn rollback(self) -> Result<(), DbErr> {
        self.tx.rollback().await
    }
}

struct WakeOnDrop(Progress);

impl Drop for WakeOnDrop {
    fn drop(&mut self) {
        self.0.committed();
    }
}
