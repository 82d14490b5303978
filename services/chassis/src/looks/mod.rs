//! Looks of staff at records of children, on their way to the access log (R130, R145).
//!
//! A handler notes a look beside its answer, without a statement: one per person,
//! subject, record and purpose in a quarter of an hour. A task stores the noted ones in
//! the service's own database and hands them over to identity, which keeps the log.
//! While identity is away they wait; a look that was stored is handed over at least
//! once, and a repeated one is the same record. What leaves the system as a file is
//! stored before the answer, by [`Looks::keep`].

mod carrier;
mod spool;

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use moka::sync::Cache;
use tokio::sync::Notify;
use tonic::Status;
use uuid::Uuid;
use zhurnal_proto::id::{ClassId, PersonId};
use zhurnal_proto::identity::v1::{LookNote, LookPurpose, LookRecord, LookSubject};

use crate::access::Facts;
use crate::caller::{Caller, User, UserKind};
use crate::client::Peers;
use crate::db::Db;
use crate::ids::Ids;
use crate::status;
use crate::task::Task;

/// Looks within this stretch of time are one record.
pub const WINDOW: Duration = Duration::from_secs(15 * 60);
/// Looks remembered as noted; forgetting one only sends it again.
const REMEMBERED: u64 = 100_000;
/// Looks that wait in memory for a database that is away; older ones are dropped then.
const MOST_WAITING: usize = 50_000;

/// Whose records are looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    /// Of one pupil.
    Pupil(PersonId),
    /// Of a class.
    Class(ClassId),
    /// Of all pupils of the school.
    School,
}

/// What one process remembers as noted.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Key {
    account: Uuid,
    subject: Uuid,
    record: i32,
    purpose: i32,
    window: i64,
}

/// The looks of one service. Cheap to clone.
#[derive(Clone)]
pub struct Looks {
    inner: Arc<Inner>,
}

struct Inner {
    db: Db,
    ids: Ids,
    noted: Cache<Key, ()>,
    waiting: Mutex<VecDeque<LookNote>>,
    wake: Notify,
}

impl std::fmt::Debug for Looks {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Looks")
    }
}

impl Looks {
    /// Looks that are stored in the service's database.
    pub fn new(db: &Db, ids: &Ids) -> Self {
        Self {
            inner: Arc::new(Inner {
                db: db.clone(),
                ids: ids.clone(),
                noted: Cache::builder()
                    .max_capacity(REMEMBERED)
                    .time_to_live(WINDOW)
                    .build(),
                waiting: Mutex::new(VecDeque::new()),
                wake: Notify::new(),
            }),
        }
    }

    /// Notes that a member of staff was shown records; for other callers nothing. The
    /// facts are those that opened them.
    pub fn note(
        &self,
        caller: &Caller,
        facts: &Facts,
        record: LookRecord,
        subjects: impl IntoIterator<Item = Subject>,
    ) {
        let fresh = self.fresh(caller, facts, record, subjects);
        if fresh.is_empty() {
            return;
        }
        let mut waiting = self.waiting();
        waiting.extend(fresh);
        while waiting.len() > MOST_WAITING {
            tracing::error!("the access log's database is away: a look is lost");
            waiting.pop_front();
        }
        drop(waiting);
        self.inner.wake.notify_one();
    }

    /// The same, stored before it returns: for what the caller takes away. What cannot
    /// be noted is not given.
    pub async fn keep(
        &self,
        caller: &Caller,
        facts: &Facts,
        record: LookRecord,
        subjects: impl IntoIterator<Item = Subject>,
    ) -> Result<(), Status> {
        let taken: Vec<LookNote> = match staff(caller) {
            Some(user) => subjects
                .into_iter()
                .filter_map(|subject| self.look(user, facts, record, subject))
                .map(|(_, note)| note)
                .collect(),
            None => return Ok(()),
        };
        spool::store(&self.inner.db, &self.inner.ids, &taken)
            .await
            .map_err(status::from_db)?;
        self.inner.wake.notify_one();
        Ok(())
    }

    /// The task that stores what was noted and carries it to identity.
    pub fn carrier(&self, peers: &Peers) -> Task {
        carrier::task(self.clone(), peers.clone())
    }

    /// Looks that are not stored yet (tests).
    #[cfg(any(test, feature = "testing"))]
    pub fn noted(&self) -> Vec<LookNote> {
        self.waiting().iter().cloned().collect()
    }

    /// Those that this process has not noted yet.
    fn fresh(
        &self,
        caller: &Caller,
        facts: &Facts,
        record: LookRecord,
        subjects: impl IntoIterator<Item = Subject>,
    ) -> Vec<LookNote> {
        let Some(user) = staff(caller) else {
            return Vec::new();
        };
        let mut fresh = Vec::new();
        for subject in subjects {
            let Some((key, note)) = self.look(user, facts, record, subject) else {
                continue;
            };
            if self.inner.noted.entry(key).or_insert(()).is_fresh() {
                fresh.push(note);
            }
        }
        fresh
    }

    fn look(
        &self,
        user: &User,
        facts: &Facts,
        record: LookRecord,
        subject: Subject,
    ) -> Option<(Key, LookNote)> {
        let school = facts.of_school()?;
        let (kind, id, text) = match subject {
            Subject::Pupil(pupil) => (LookSubject::Pupil, pupil.uuid(), pupil.to_string()),
            Subject::Class(class) => (LookSubject::Class, class.uuid(), class.to_string()),
            Subject::School => (LookSubject::School, school.uuid(), school.to_string()),
        };
        let now = self.inner.db.clock().now();
        let purpose: LookPurpose = facts.purpose_of(user);
        let seconds = i64::try_from(WINDOW.as_secs()).unwrap_or(900);
        let key = Key {
            account: user.account.uuid(),
            subject: id,
            record: record.into(),
            purpose: purpose.into(),
            window: now.as_second().div_euclid(seconds),
        };
        let note = LookNote {
            school_id: school.to_string(),
            subject: kind.into(),
            subject_id: text,
            account_id: user.account.to_string(),
            person_id: user.person.map(|p| p.to_string()).unwrap_or_default(),
            role: user.roles.first().cloned().unwrap_or_default(),
            record: record.into(),
            purpose: purpose.into(),
            looked_at: Some(prost_types::Timestamp {
                seconds: now.as_second(),
                nanos: now.subsec_nanosecond(),
            }),
        };
        Some((key, note))
    }

    fn waiting(&self) -> std::sync::MutexGuard<'_, VecDeque<LookNote>> {
        self.inner
            .waiting
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

/// Families see their own; services and systems are not people.
fn staff(caller: &Caller) -> Option<&User> {
    caller.user().filter(|user| user.kind == UserKind::Staff)
}

#[cfg(test)]
mod tests;
