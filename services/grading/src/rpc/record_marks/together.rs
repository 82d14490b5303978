//! Concurrent batches in one transaction.
//!
//! While a few transactions are at work, batches that arrive wait in a queue; whoever
//! gets the next turn carries out all of them: one read, one write, one commit for the
//! marks of many teachers, of one school or of several. A lone caller has its turn at
//! once and pays nothing for it.
//!
//! Together are only batches that touch different cells. Whatever is out of the
//! ordinary (a refusal, a rival, a repeated request, an error of the database) makes
//! the batches concerned go alone, where all of that is decided: here nothing is lost,
//! for a transaction that fails leaves nothing behind, and an answer that is lost is
//! found again by its key.

use std::{
    collections::{HashSet, VecDeque},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering::Relaxed},
    },
};

use chassis::{caller::Caller, idempotency::IdempotencyKey, status};
use sea_orm::DbBackend;
use tokio::sync::{
    OwnedSemaphorePermit, Semaphore,
    oneshot::{self, error::RecvError},
};
use tonic::Status;
use zhurnal_proto::grading::v1 as pb;

use super::{Command, Desk, Prepared, holds};
use crate::{
    Grading,
    announce::announce,
    known::Wanted,
    store::{columns::CellKey, save},
};

/// Batches of one transaction at most, and operations of all of them.
const MOST_BATCHES: usize = 64;
const MOST_OPERATIONS: usize = 2_000;

/// The batches that wait, and the turns.
pub struct Together {
    waiting: Mutex<VecDeque<Waiting>>,
    turns: Arc<Semaphore>,
}

/// A batch in the queue.
struct Waiting {
    batch: Arc<Batch>,
    answered: oneshot::Sender<Option<pb::RecordMarksResponse>>,
}

/// A batch of one caller.
pub(super) struct Batch {
    pub(super) caller: Caller,
    pub(super) key: IdempotencyKey,
    pub(super) command: Command,
    /// Somebody carries it out: it waits for its answer, no more for a turn.
    taken: AtomicBool,
}

impl Batch {
    pub(super) fn new(caller: Caller, key: IdempotencyKey, command: Command) -> Batch {
        Batch {
            caller,
            key,
            command,
            taken: AtomicBool::new(false),
        }
    }
}

/// What came of waiting.
pub(super) enum Outcome {
    /// The batch is durable.
    Done(pb::RecordMarksResponse),
    /// The batch has to go alone, in the turn if it has got one.
    Alone(Option<OwnedSemaphorePermit>),
}

impl Together {
    /// For a database of this kind.
    pub fn new(backend: DbBackend) -> Together {
        // PostgreSQL: while transactions wait for the disk, others compute. SQLite has one
        // writer.
        let turns = if backend == DbBackend::Postgres { 4 } else { 1 };
        Together {
            waiting: Mutex::default(),
            turns: Arc::new(Semaphore::new(turns)),
        }
    }

    fn queue(&self) -> std::sync::MutexGuard<'_, VecDeque<Waiting>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The oldest batches that can go together; those that cannot keep their place.
    fn take(&self) -> Vec<Waiting> {
        let mut queue = self.queue();
        let (mut taken, mut left) = (Vec::new(), VecDeque::new());
        let (mut cells, mut operations) = (HashSet::<CellKey>::new(), 0);
        for waiting in queue.drain(..) {
            let batch = &waiting.batch;
            let room = taken.len() < MOST_BATCHES
                && operations + batch.command.operations.len() <= MOST_OPERATIONS;
            let apart = batch.command.cells.iter().all(|key| !cells.contains(key))
                && taken.iter().all(|t: &Waiting| t.batch.key != batch.key);
            if waiting.answered.is_closed() {
                // Nobody waits any more: nothing was promised.
            } else if taken.is_empty() || (room && apart) {
                operations += batch.command.operations.len();
                cells.extend(batch.command.cells.iter().copied());
                batch.taken.store(true, Relaxed);
                taken.push(waiting);
            } else {
                left.push_back(waiting);
            }
        }
        *queue = left;
        taken
    }
}

#[cfg(test)]
impl Together {
    /// Takes every turn: who comes now waits until this is dropped.
    pub(crate) async fn hold(&self) -> OwnedSemaphorePermit {
        let turns = u32::try_from(self.turns.available_permits()).unwrap();
        self.turns.clone().acquire_many_owned(turns).await.unwrap()
    }

    /// Batches that wait for a turn.
    pub(crate) fn waiting(&self) -> usize {
        self.queue().len()
    }
}

/// Waits for a turn, or until somebody else's turn has carried the batch out.
pub(super) async fn carry_out(grading: &Grading, batch: &Arc<Batch>) -> Outcome {
    let together = &grading.together;
    let (answered, mut answer) = oneshot::channel();
    together.queue().push_back(Waiting {
        batch: batch.clone(),
        answered,
    });
    while !batch.taken.load(Relaxed) {
        let turn = tokio::select! {
            biased;
            done = &mut answer => return outcome(done),
            turn = together.turns.clone().acquire_owned() => turn,
        };
        let Ok(turn) = turn else {
            // The semaphore is never closed.
            return Outcome::Alone(None);
        };
        let taken = together.take();
        if let [only] = taken.as_slice()
            && Arc::ptr_eq(&only.batch, batch)
        {
            return Outcome::Alone(Some(turn));
        }
        if !taken.is_empty() {
            // Of its own, so that a caller that gives up takes no one with it.
            tokio::spawn(chassis::context::carry(at_once(
                grading.clone(),
                taken,
                turn,
            )));
        }
    }
    outcome(answer.await)
}

fn outcome(answer: Result<Option<pb::RecordMarksResponse>, RecvError>) -> Outcome {
    match answer {
        Ok(Some(response)) => Outcome::Done(response),
        Ok(None) | Err(_) => Outcome::Alone(None),
    }
}

/// Carries out the batches and answers; without an answer a batch goes alone.
async fn at_once(grading: Grading, taken: Vec<Waiting>, turn: OwnedSemaphorePermit) {
    let batches: Vec<Arc<Batch>> = taken.iter().map(|waiting| waiting.batch.clone()).collect();
    let answers = record(&grading, &batches).await.unwrap_or_else(|failed| {
        let why = status::reason(&failed);
        tracing::debug!(batches = batches.len(), why, "batches go alone");
        batches.iter().map(|_| None).collect()
    });
    drop(turn);
    for (waiting, answer) in taken.into_iter().zip(answers) {
        let _ = waiting.answered.send(answer);
    }
}

/// One transaction for all; `None` for those that have to go alone.
async fn record(
    grading: &Grading,
    batches: &[Arc<Batch>],
) -> Result<Vec<Option<pb::RecordMarksResponse>>, Status> {
    let mut uow = grading.cx.db.begin().await.map_err(status::from_db)?;
    let wanted: Vec<Wanted<'_>> = batches
        .iter()
        .map(|batch| Wanted {
            school: batch.command.school,
            lessons: &batch.command.lessons,
            cells: &batch.command.cells,
        })
        .collect();
    let loaded = grading
        .columns
        .read_all(uow.conn(), &wanted)
        .await
        .map_err(status::from_db)?;
    let mut answers: Vec<Option<pb::RecordMarksResponse>> = Vec::with_capacity(batches.len());
    let mut desks = Vec::with_capacity(batches.len());
    for (batch, loaded) in batches.iter().zip(loaded) {
        if !holds(grading, &batch.caller, &batch.command, &loaded) {
            answers.push(None);
            continue;
        }
        let mut desk = Desk::new(grading, &batch.command, loaded);
        let response = desk.carry_out_all();
        uow.remember(&batch.key, &response);
        answers.push(Some(response));
        desks.push((batch, desk));
    }
    let prepared: Vec<(&Arc<Batch>, Prepared<'_>)> = desks
        .iter_mut()
        .filter_map(|(batch, desk)| Some((*batch, desk.prepare()?)))
        .collect();
    let (mut cells, mut entries) = (Vec::new(), Vec::new());
    for (batch, prepared) in prepared {
        cells.extend(prepared.cells);
        entries.extend(prepared.log.entries());
        let school = batch.command.school;
        announce(
            &mut uow,
            school,
            prepared.at,
            prepared.log.id,
            prepared.event,
        );
    }
    let written = save::save(uow.conn(), cells, entries).await;
    if !written.map_err(status::from_db)? {
        return Err(status::conflict("CONCURRENT_CHANGE", ""));
    }
    uow.commit().await.map_err(status::from_db)?;
    Ok(answers)
}
