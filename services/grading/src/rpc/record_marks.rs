//! RecordMarks: who holds the lessons sets marks and attendance; a verdict per
//! operation, accepted ones in one transaction with their ledger entries; announces
//! the changed cells. Concurrent requests share transactions, see [`together`].

pub mod together;

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use chassis::{caller::Caller, causal, db::UnitOfWork, idempotency, status};
use jiff::Timestamp;
use tonic::Status;
use zhurnal_proto::{
    grading::v1 as pb,
    grading::v1::grading_event::Change as Event,
    id::{JournalId, LessonId, PersonId, SchoolId, SessionId},
};

use self::together::{Batch, Outcome};
use super::{convert, facts};
use crate::{
    Grading,
    announce::announce,
    domain::{
        cell::{Cell, Trace},
        clocks::Clocks,
        decide::{Moment, Stop, admissible, carry_out, permitted, plan},
        lesson::Lesson,
        operation::Operation,
        rejection::Rejection,
    },
    ops::change_log::ChangeLog,
    store::{
        columns::{CellKey, KnownColumn, Loaded},
        save::{self, ChangedCell},
    },
};

const PERMISSION: &str = "grading.marks.record";
/// How often a batch is decided anew when somebody else was faster.
const ATTEMPTS: usize = 8;

struct Command {
    school: SchoolId,
    journal: JournalId,
    operations: Vec<Operation>,
    lessons: Vec<LessonId>,
    cells: Vec<CellKey>,
    person: PersonId,
    session: SessionId,
}

impl Command {
    fn of(request: pb::RecordMarksRequest, caller: &Caller) -> Result<Command, Status> {
        let (user, person) = facts::employee(caller, PERMISSION)?;
        let operations = request.operations.into_iter().enumerate();
        let operations = operations
            .map(|(at, operation)| convert::operation(operation, &format!("operations[{at}].")))
            .collect::<Result<Vec<_>, _>>()?;
        let mut lessons: Vec<LessonId> = operations
            .iter()
            .map(|operation| operation.lesson)
            .collect();
        lessons.sort_unstable();
        lessons.dedup();
        let mut cells: Vec<CellKey> = operations
            .iter()
            .map(|operation| (operation.lesson, operation.pupil))
            .collect();
        cells.sort_unstable();
        cells.dedup();
        Ok(Command {
            school: facts::id(&request.school_id, "School")?,
            journal: facts::id(&request.journal_id, "Journal")?,
            operations,
            lessons,
            cells,
            person,
            session: user.session,
        })
    }
}

pub(super) async fn handle(
    grading: &Grading,
    caller: &Caller,
    request: pb::RecordMarksRequest,
) -> Result<pb::RecordMarksResponse, Status> {
    let key = idempotency::key(
        &caller.actor(),
        "RecordMarks",
        &request.request_id,
        &request,
    )?;
    let command = Command::of(request, caller)?;
    let batch = Arc::new(Batch::new(caller.clone(), key, command));
    let mut response = match together::carry_out(grading, &batch).await {
        Outcome::Done(response) => response,
        Outcome::Alone(_turn) => alone(grading, &batch).await?,
    };
    for result in &response.results {
        grading.instruments.operation(counted_as(result));
    }
    response.causal_token = causal::token(&grading.cx).await;
    Ok(response)
}

/// Verdict or reason, for the metrics.
fn counted_as(result: &pb::MarkResult) -> &str {
    match result.verdict() {
        pb::MarkVerdict::Applied => "APPLIED",
        pb::MarkVerdict::Duplicate => "DUPLICATE",
        pb::MarkVerdict::Conflict => "CONFLICT",
        pb::MarkVerdict::Rejected | pb::MarkVerdict::Unspecified => &result.reason,
    }
}

async fn alone(grading: &Grading, batch: &Batch) -> Result<pb::RecordMarksResponse, Status> {
    idempotency::once(&grading.cx.db, &batch.key, |uow| {
        record(grading, &batch.caller, &batch.command, uow)
    })
    .await
}

/// Decides and writes until nobody has come between.
async fn record(
    grading: &Grading,
    caller: &Caller,
    command: &Command,
    mut uow: UnitOfWork,
) -> Result<(UnitOfWork, pb::RecordMarksResponse), Status> {
    for _ in 0..ATTEMPTS {
        if let Some(response) = attempt(grading, caller, command, &mut uow).await? {
            return Ok((uow, response));
        }
        uow.rollback().await.map_err(status::from_db)?;
        uow = grading.cx.db.begin().await.map_err(status::from_db)?;
    }
    Err(status::conflict(
        "CONCURRENT_CHANGE",
        "Клетки одновременно меняет кто-то ещё, повторите",
    ))
}

async fn attempt(
    grading: &Grading,
    caller: &Caller,
    command: &Command,
    uow: &mut UnitOfWork,
) -> Result<Option<pb::RecordMarksResponse>, Status> {
    let loaded = grading
        .columns
        .read(uow.conn(), command.school, &command.lessons, &command.cells)
        .await
        .map_err(status::from_db)?;
    authorise(grading, caller, command, &loaded, uow).await?;
    let mut desk = Desk::new(grading, command, loaded);
    let response = desk.carry_out_all();
    if let Some(Prepared {
        cells,
        log,
        event,
        at,
    }) = desk.prepare()
    {
        let written = save::save(uow.conn(), cells, log.entries()).await;
        if !written.map_err(status::from_db)? {
            return Ok(None);
        }
        announce(uow, command.school, at, log.id, event);
    }
    Ok(Some(response))
}

/// Whether the caller holds one of the lessons: what nearly every batch rests on.
fn holds(grading: &Grading, caller: &Caller, command: &Command, loaded: &Loaded) -> bool {
    let own = loaded
        .columns
        .values()
        .map(|known| &known.column.lesson)
        .filter(|l| l.journal == command.journal);
    let holders = own.filter_map(Lesson::responsible);
    let held = chassis::access::Facts::object("Journal", command.journal, command.school)
        .teachers(holders);
    grading.cx.access.permits(caller, PERMISSION, &held)
}

/// Who holds one of the lessons may try; so may the journal's teachers, who then
/// hear of each lesson that it is not theirs.
async fn authorise(
    grading: &Grading,
    caller: &Caller,
    command: &Command,
    loaded: &Loaded,
    uow: &UnitOfWork,
) -> Result<(), Status> {
    if holds(grading, caller, command, loaded) {
        return Ok(());
    }
    let school = facts::school(uow.conn(), command.school).await?;
    let journals =
        facts::journals(grading, uow.conn(), caller, &school, &[command.journal]).await?;
    let journal = journals
        .first()
        .ok_or_else(|| status::not_found("Journal"))?;
    grading
        .cx
        .access
        .check(caller, PERMISSION, &facts::of_journal(journal, caller))
        .map(|_| ())
}

/// The cells of a batch while its operations are carried out one after another.
struct Desk<'a> {
    grading: &'a Grading,
    command: &'a Command,
    loaded: Loaded,
    now: Timestamp,
    clocks: HashMap<LessonId, Clocks>,
    log: Option<ChangeLog<'a>>,
    /// Cells that operations have changed; late or not.
    changed: BTreeMap<CellKey, bool>,
}

/// What the operations of a batch leave to be written.
struct Prepared<'d> {
    cells: Vec<ChangedCell<'d>>,
    log: &'d ChangeLog<'d>,
    event: Event,
    at: Timestamp,
}

impl<'a> Desk<'a> {
    fn new(grading: &'a Grading, command: &'a Command, loaded: Loaded) -> Desk<'a> {
        let of =
            |known: &KnownColumn| Clocks::of(&grading.policy, &known.column.lesson, &known.zone);
        let clocks = loaded
            .columns
            .iter()
            .map(|(lesson, known)| (*lesson, of(known)))
            .collect();
        Desk {
            grading,
            command,
            loaded,
            now: grading.now(),
            clocks,
            log: None,
            changed: BTreeMap::new(),
        }
    }

    fn carry_out_all(&mut self) -> pb::RecordMarksResponse {
        let operations = &self.command.operations;
        pb::RecordMarksResponse {
            results: operations.iter().map(|o| self.carry_out(o)).collect(),
            causal_token: None,
        }
    }

    /// One operation: its verdict and the cell after it.
    fn carry_out(&mut self, operation: &Operation) -> pb::MarkResult {
        let outcome = self.decide(operation);
        let key = (operation.lesson, operation.pupil);
        let pending = self.loaded.pending.contains(&key);
        let empty = Cell::default();
        let cell = self.loaded.cells.get(&key).unwrap_or(&empty);
        let mut result = pb::MarkResult {
            cell: Some(convert::cell(
                operation.lesson,
                operation.pupil,
                cell,
                pending,
            )),
            ..pb::MarkResult::default()
        };
        let verdict = match outcome {
            Ok(late) => {
                result.late = late;
                pb::MarkVerdict::Applied
            }
            Err(Stop::Duplicate) => pb::MarkVerdict::Duplicate,
            Err(Stop::Conflict) => pb::MarkVerdict::Conflict,
            Err(Stop::Rejected(rejection)) => {
                result.reason = rejection.reason().to_owned();
                result.message = rejection.message().to_owned();
                pb::MarkVerdict::Rejected
            }
        };
        result.verdict = verdict.into();
        result
    }

    fn decide(&mut self, operation: &Operation) -> Result<bool, Stop> {
        let known = self
            .loaded
            .columns
            .get(&operation.lesson)
            .filter(|k| k.column.lesson.journal == self.command.journal);
        let (Some(known), Some(clocks)) = (known, self.clocks.get(&operation.lesson)) else {
            return Err(Rejection::LessonNotOwn.into());
        };
        let moment = Moment {
            policy: &self.grading.policy,
            clocks: *clocks,
            window: clocks.window(&known.column.lesson, self.now, &known.zone),
            now: self.now,
            by: self.command.person,
        };
        admissible(&known.column, operation.pupil, &operation.change, &moment)?;
        let key = (operation.lesson, operation.pupil);
        let cell = self.loaded.cells.entry(key).or_default();
        let plan = plan(
            cell,
            &operation.change,
            operation.base_revision,
            moment.policy,
        )?;
        permitted(cell, &plan, &moment)?;
        let trace = Trace {
            at: self.now,
            by: self.command.person,
            late: clocks.is_late(self.now),
        };
        let applied = carry_out(cell, plan, trace);
        let (grading, session) = (self.grading, Some(self.command.session));
        let log = self
            .log
            .get_or_insert_with(|| ChangeLog::new(grading, known, trace.at, session));
        log.cell(
            &known.column.lesson,
            operation.pupil,
            &applied,
            trace.by,
            operation.client_time,
            None,
        );
        *self.changed.entry(key).or_default() |= applied.late;
        Ok(applied.late)
    }

    /// Once, after the operations: what is to be written, if anything has changed.
    fn prepare(&mut self) -> Option<Prepared<'_>> {
        let log = self.log.as_ref()?;
        for key in self.changed.keys() {
            if let Some(cell) = self.loaded.cells.get_mut(key) {
                cell.revision += 1;
            }
        }
        let mut cells = Vec::with_capacity(self.changed.len());
        let mut told = Vec::with_capacity(self.changed.len());
        let mut subject = String::new();
        for (key, late) in &self.changed {
            let (Some(cell), Some(known)) =
                (self.loaded.cells.get(key), self.loaded.columns.get(&key.0))
            else {
                continue;
            };
            let lesson = &known.column.lesson;
            let date = lesson.date.to_string();
            let pending = self.loaded.pending.contains(key);
            told.push(pb::ChangedCell {
                cell: Some(convert::cell_without_comments(key.0, key.1, cell, pending)),
                date: date.clone(),
                late: *late,
                corrected: false,
                absent_with_mark: cell.is_absent_with_mark(),
            });
            cells.push(ChangedCell {
                school: lesson.school,
                key: *key,
                academic_year: lesson.academic_year,
                date,
                cell,
            });
            subject = lesson.subject.to_string();
        }
        let event = pb::CellsChanged {
            journal_id: self.command.journal.to_string(),
            subject_id: subject,
            cells: told,
        };
        Some(Prepared {
            cells,
            log,
            event: Event::CellsChanged(event),
            at: self.now,
        })
    }
}
