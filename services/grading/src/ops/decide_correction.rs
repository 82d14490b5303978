//! The deputy in charge decides on a correction request: approval applies the
//! change to the cell, and both are in the ledger.

use chassis::{access::Facts, caller::Caller, db::UnitOfWork, status};
use jiff::Timestamp;
use tonic::Status;
use zhurnal_proto::{
    grading::v1 as pb,
    grading::v1::grading_event::Change as Event,
    id::{CorrectionRequestId, SchoolId, SessionId},
};

use crate::{
    Grading,
    announce::announce,
    domain::{
        cell::{Cell, Trace},
        clocks::Clocks,
        correction::{CorrectionRequest, Deciders, Decision, DecisionRefusal, Verdict},
        decide::{Applied, Stop, carry_out, plan},
    },
    ops::change_log::ChangeLog,
    rpc::{convert, facts},
    store::{
        columns::KnownColumn,
        corrections::{self, Viewer},
        save::{self, ChangedCell},
    },
};

const PERMISSION: &str = "grading.corrections.decide";

/// What the deputy says of which request.
pub struct Command {
    /// School.
    pub school: SchoolId,
    /// Request.
    pub request: CorrectionRequestId,
    /// Approve or refuse.
    pub verdict: Verdict,
    /// Note to the author.
    pub note: String,
}

/// Decides; returns the request after the decision.
pub async fn decide(
    grading: &Grading,
    caller: &Caller,
    command: &Command,
    mut uow: UnitOfWork,
) -> Result<(UnitOfWork, pb::CorrectionRequest), Status> {
    let (user, person) = facts::employee(caller, PERMISSION)?;
    let missing = || status::not_found("CorrectionRequest");
    let found = corrections::find(uow.conn(), command.school, command.request)
        .await
        .map_err(status::from_db)?;
    let mut request = found.ok_or_else(missing)?;
    let school = facts::school(uow.conn(), command.school).await?;
    let today = grading.cx.clock.today(&school.zone).to_string();
    let supervisors =
        corrections::supervisors(uow.conn(), command.school, request.grade, &today).await;
    let supervisors = supervisors.map_err(status::from_db)?;
    let told = Facts::object("CorrectionRequest", request.id, command.school)
        .supervisors(supervisors.iter().copied())
        .author(request.author);
    grading.cx.access.check(caller, PERMISSION, &told)?;

    let now = grading.now();
    let directors = if facts::is_director(caller) {
        vec![person]
    } else {
        Vec::new()
    };
    let decision = Decision {
        by: person,
        at: now,
        note: command.note.clone(),
    };
    let in_charge = Deciders {
        supervisors,
        directors,
    };
    request.state = request
        .state
        .decide(command.verdict, request.author, &in_charge, decision)
        .map_err(|refusal| match refusal {
            DecisionRefusal::NotInCharge => missing(),
            DecisionRefusal::Decided => decided(),
        })?;
    write(grading, &mut uow, &request, now, user.session).await?;

    let viewer = Viewer {
        person,
        director: facts::is_director(caller),
        today: &today,
    };
    let shown = corrections::listed_one(uow.conn(), command.school, &viewer, request.id).await;
    let shown = shown.map_err(status::from_db)?.ok_or_else(missing)?;
    Ok((uow, convert::correction(shown)))
}

fn decided() -> Status {
    status::precondition("CORRECTION_DECIDED", "По этой заявке решение уже принято")
}

fn outdated() -> Status {
    status::precondition(
        "CORRECTION_OUTDATED",
        "Клетка изменилась после подачи заявки",
    )
}

/// Writes decision, cell and ledger, and announces them.
async fn write(
    grading: &Grading,
    uow: &mut UnitOfWork,
    request: &CorrectionRequest,
    now: Timestamp,
    session: SessionId,
) -> Result<(), Status> {
    let key = (request.lesson(), request.pupil());
    let loaded = grading
        .columns
        .read(uow.conn(), request.school, &[key.0], &[key])
        .await
        .map_err(status::from_db)?;
    let known = loaded.columns.get(&key.0).ok_or_else(outdated)?;
    let mut log = ChangeLog::new(grading, known, now, Some(session));
    let mut cell = loaded.cells.get(&key).cloned().unwrap_or_default();
    let approved = request.state.word() == "APPROVED";
    if approved {
        let applied = apply(grading, known, &mut cell, request, now)?;
        let at = request.operation.client_time;
        log.cell(
            &known.column.lesson,
            key.1,
            &applied,
            request.author,
            at,
            Some(request.id),
        );
    }
    log.correction(&known.column.lesson, request);
    if !corrections::decide(uow.conn(), request)
        .await
        .map_err(status::from_db)?
    {
        return Err(decided());
    }
    save_cell(uow, known, request, approved.then_some(&cell), &log).await?;
    let pending =
        corrections::is_pending(uow.conn(), request.school, key, None, Some(request.id)).await;
    let pending = pending.map_err(status::from_db)?;
    if approved {
        let event = changed(known, request, &cell, pending);
        announce(uow, request.school, now, log.id, Event::CellsChanged(event));
    }
    let event = correction_changed(request);
    announce(
        uow,
        request.school,
        now,
        log.id,
        Event::CorrectionChanged(event),
    );
    Ok(())
}

fn apply(
    grading: &Grading,
    known: &KnownColumn,
    cell: &mut Cell,
    request: &CorrectionRequest,
    now: Timestamp,
) -> Result<Applied, Status> {
    let operation = &request.operation;
    let plan = plan(
        cell,
        &operation.change,
        operation.base_revision,
        &grading.policy,
    )
    .map_err(|stop| match stop {
        Stop::Duplicate | Stop::Conflict => outdated(),
        Stop::Rejected(rejection) => status::precondition(rejection.reason(), rejection.message()),
    })?;
    let late = Clocks::of(&grading.policy, &known.column.lesson, &known.zone).is_late(now);
    cell.revision += 1;
    Ok(carry_out(
        cell,
        plan,
        Trace {
            at: now,
            by: request.author,
            late,
        },
    ))
}

async fn save_cell(
    uow: &UnitOfWork,
    known: &KnownColumn,
    request: &CorrectionRequest,
    cell: Option<&Cell>,
    log: &ChangeLog<'_>,
) -> Result<(), Status> {
    let lesson = &known.column.lesson;
    let changed = cell.map(|cell| ChangedCell {
        school: request.school,
        key: (request.lesson(), request.pupil()),
        academic_year: lesson.academic_year,
        date: lesson.date.to_string(),
        cell,
    });
    let written = save::save(uow.conn(), changed.into_iter().collect(), log.entries()).await;
    if written.map_err(status::from_db)? {
        Ok(())
    } else {
        Err(outdated())
    }
}

fn changed(
    known: &KnownColumn,
    request: &CorrectionRequest,
    cell: &Cell,
    pending: bool,
) -> pb::CellsChanged {
    let lesson = &known.column.lesson;
    pb::CellsChanged {
        journal_id: lesson.journal.to_string(),
        subject_id: lesson.subject.to_string(),
        cells: vec![pb::ChangedCell {
            cell: Some(convert::cell_without_comments(
                lesson.id,
                request.pupil(),
                cell,
                pending,
            )),
            date: lesson.date.to_string(),
            late: true,
            corrected: true,
            absent_with_mark: cell.is_absent_with_mark(),
        }],
    }
}

/// The event of a request that was made or decided.
pub fn correction_changed(request: &CorrectionRequest) -> pb::CorrectionChanged {
    pb::CorrectionChanged {
        correction_request_id: request.id.to_string(),
        lesson_id: request.lesson().to_string(),
        pupil_id: request.pupil().to_string(),
        author_id: request.author.to_string(),
        pending: request.state.decision().is_none(),
        approved: request.state.word() == "APPROVED",
        grade: request.grade.into(),
    }
}
