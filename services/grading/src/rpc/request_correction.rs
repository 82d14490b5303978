//! RequestCorrection: who holds the lesson asks the deputy for a change that the
//! clocks no longer let through; announces the request.

use chassis::{caller::Caller, db::UnitOfWork, idempotency, status};
use tonic::Status;
use zhurnal_proto::{
    grading::v1 as pb,
    grading::v1::grading_event::Change as Event,
    id::{CorrectionRequestId, LessonId, SchoolId},
};

use super::{convert, facts};
use crate::{
    Grading,
    announce::announce,
    domain::{
        cell::Cell,
        clocks::Clocks,
        correction::{CorrectionRequest, CorrectionState},
        decide::{Moment, Plan, Stop, admissible, permitted, plan},
        operation::Operation,
        rejection::Rejection,
    },
    ops::{change_log::ChangeLog, decide_correction::correction_changed},
    store::{
        columns::KnownColumn,
        corrections::{self, Viewer},
        save,
    },
};

const PERMISSION: &str = "grading.corrections.request";

struct Command {
    school: SchoolId,
    operation: Operation,
    reason: String,
}

impl TryFrom<pb::RequestCorrectionRequest> for Command {
    type Error = Status;

    fn try_from(request: pb::RequestCorrectionRequest) -> Result<Command, Status> {
        let lesson: LessonId = facts::id(&request.lesson_id, "Lesson")?;
        let operation = request.operation.unwrap_or_default();
        let operation = convert::operation(operation, "operation.")?;
        if operation.lesson != lesson {
            return Err(status::invalid_field(
                "operation.lesson_id",
                "SAME",
                "Урок в заявке не тот, что в адресе",
            ));
        }
        Ok(Command {
            school: facts::id(&request.school_id, "School")?,
            operation,
            reason: request.reason.trim().to_owned(),
        })
    }
}

pub(super) async fn handle(
    grading: &Grading,
    caller: &Caller,
    request: pb::RequestCorrectionRequest,
) -> Result<pb::RequestCorrectionResponse, Status> {
    let key = idempotency::key(
        &caller.actor(),
        "RequestCorrection",
        &request.request_id,
        &request,
    )?;
    let command = Command::try_from(request)?;
    idempotency::once(&grading.cx.db, &key, |uow| {
        ask(grading, caller, &command, uow)
    })
    .await
}

async fn ask(
    grading: &Grading,
    caller: &Caller,
    command: &Command,
    mut uow: UnitOfWork,
) -> Result<(UnitOfWork, pb::RequestCorrectionResponse), Status> {
    let (user, person) = facts::employee(caller, PERMISSION)?;
    let cell_key = (command.operation.lesson, command.operation.pupil);
    let read = grading
        .columns
        .read(uow.conn(), command.school, &[cell_key.0], &[cell_key])
        .await;
    let loaded = read.map_err(status::from_db)?;
    let known = loaded
        .columns
        .get(&cell_key.0)
        .ok_or_else(|| status::not_found("Lesson"))?;
    grading.cx.access.check(
        caller,
        PERMISSION,
        &facts::of_lesson(&known.column.lesson, None),
    )?;

    let now = grading.now();
    let clocks = Clocks::of(&grading.policy, &known.column.lesson, &known.zone);
    let window = clocks.window(&known.column.lesson, now, &known.zone);
    let moment = Moment {
        policy: &grading.policy,
        clocks,
        window,
        now,
        by: person,
    };
    let cell = loaded.cells.get(&cell_key).cloned().unwrap_or_default();
    let wanted = needed(known, &cell, &command.operation, &moment)?;
    let part = Some(wanted.part);
    let waits = corrections::is_pending(uow.conn(), command.school, cell_key, part, None).await;
    if waits.map_err(status::from_db)? {
        return Err(pending());
    }

    let request = CorrectionRequest {
        id: CorrectionRequestId::from_uuid(grading.cx.ids.uuid()),
        school: command.school,
        academic_year: known.column.lesson.academic_year,
        journal: known.column.lesson.journal,
        grade: known.column.lesson.grade,
        operation: Operation {
            // What stands there now: the approval applies to just that.
            base_revision: cell.stamp(wanted.part).map_or(0, |stamp| stamp.revision),
            ..command.operation.clone()
        },
        old_value: wanted.old().to_owned(),
        new_value: wanted.text(),
        reason: command.reason.clone(),
        author: person,
        requested_at: now,
        state: CorrectionState::Pending,
    };
    corrections::insert(uow.conn(), &request)
        .await
        .map_err(|error| {
            if chassis::db::is_unique_violation(&error) {
                pending()
            } else {
                status::from_db(error)
            }
        })?;
    let mut log = ChangeLog::new(grading, known, now, Some(user.session));
    log.correction(&known.column.lesson, &request);
    save::save(uow.conn(), Vec::new(), log.entries())
        .await
        .map_err(status::from_db)?;
    announce(
        &mut uow,
        command.school,
        now,
        log.id,
        Event::CorrectionChanged(correction_changed(&request)),
    );

    let today = known.zone.to_datetime(now).date().to_string();
    let viewer = Viewer {
        person,
        director: facts::is_director(caller),
        today: &today,
    };
    let shown = corrections::listed_one(uow.conn(), command.school, &viewer, request.id).await;
    let shown = shown.map_err(status::from_db)?.map(convert::correction);
    Ok((
        uow,
        pb::RequestCorrectionResponse {
            correction_request: shown,
        },
    ))
}

fn pending() -> Status {
    status::precondition(
        "CORRECTION_PENDING",
        "Заявка по этой клетке уже ждёт решения",
    )
}

/// The change is sensible, and only a request can bring it about.
fn needed(
    known: &KnownColumn,
    cell: &Cell,
    wanted: &Operation,
    moment: &Moment<'_>,
) -> Result<Plan, Status> {
    let against =
        |rejection: Rejection| status::precondition(rejection.reason(), rejection.message());
    let not_needed = |why: &str| status::precondition("CORRECTION_NOT_NEEDED", why);
    admissible(&known.column, wanted.pupil, &wanted.change, moment).map_err(against)?;
    let plan =
        plan(cell, &wanted.change, wanted.base_revision, moment.policy).map_err(
            |stop| match stop {
                Stop::Duplicate => not_needed("В клетке уже стоит именно это"),
                Stop::Conflict => {
                    status::conflict("CONFLICT", "Клетка изменена после того, как вы её открыли")
                }
                Stop::Rejected(rejection) => against(rejection),
            },
        )?;
    match permitted(cell, &plan, moment) {
        Err(Rejection::CorrectionRequired) => Ok(plan),
        Err(rejection) => Err(against(rejection)),
        Ok(()) => Err(not_needed("Это изменение можно внести без заявки")),
    }
}
