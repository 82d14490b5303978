//! RecordLesson: who holds the lesson records topic and homework, and with them
//! that it was held; announces it.

use chassis::{caller::Caller, causal, db::UnitOfWork, idempotency, status};
use tonic::Status;
use zhurnal_proto::{
    grading::v1 as pb,
    grading::v1::grading_event::Change as Event,
    id::{LessonId, SchoolId},
};

use super::{convert, facts};
use crate::{
    Grading,
    announce::announce,
    domain::{
        clocks::{Clocks, Window},
        control_kind::ControlKind,
        decide::Moment,
        lesson::Lesson,
        lesson_entry::{self, Content, EntryRefusal, LessonEntry},
        rejection::Rejection,
    },
    ops::change_log::ChangeLog,
    store::{columns::KnownColumn, lesson_cards, lesson_entries, save},
};

const PERMISSION: &str = "grading.lessons.record";

struct Command {
    school: SchoolId,
    lesson: LessonId,
    content: Content,
    seen: i64,
}

impl TryFrom<pb::RecordLessonRequest> for Command {
    type Error = Status;

    fn try_from(request: pb::RecordLessonRequest) -> Result<Command, Status> {
        let kind = ControlKind::from_number(request.control_kind).ok_or_else(|| {
            status::invalid_field("control_kind", "INVALID", "Неизвестный вид работы")
        })?;
        Ok(Command {
            school: facts::id(&request.school_id, "School")?,
            lesson: facts::id(&request.lesson_id, "Lesson")?,
            content: Content {
                topic: request.topic.trim().to_owned(),
                homework: request.homework.trim().to_owned(),
                homework_minutes: u16::try_from(request.homework_minutes).unwrap_or(u16::MAX),
                control_kind: kind,
            },
            seen: convert::version(&request.etag),
        })
    }
}

pub(super) async fn handle(
    grading: &Grading,
    caller: &Caller,
    request: pb::RecordLessonRequest,
) -> Result<pb::RecordLessonResponse, Status> {
    let key = idempotency::key(
        &caller.actor(),
        "RecordLesson",
        &request.request_id,
        &request,
    )?;
    let command = Command::try_from(request)?;
    let mut response = idempotency::once(&grading.cx.db, &key, |uow| {
        record(grading, caller, &command, uow)
    })
    .await?;
    response.causal_token = causal::token(&grading.cx).await;
    Ok(response)
}

async fn record(
    grading: &Grading,
    caller: &Caller,
    command: &Command,
    mut uow: UnitOfWork,
) -> Result<(UnitOfWork, pb::RecordLessonResponse), Status> {
    let (user, person) = facts::employee(caller, PERMISSION)?;
    let conn = uow.conn();
    let lessons = [command.lesson];
    let loaded = grading
        .columns
        .read(conn, command.school, &lessons, &[])
        .await
        .map_err(status::from_db)?;
    let known = loaded
        .columns
        .get(&command.lesson)
        .ok_or_else(|| status::not_found("Lesson"))?;
    let lesson = &known.column.lesson;
    // The timetable's teacher is told that a substitute holds the lesson.
    grading
        .cx
        .access
        .check(caller, PERMISSION, &facts::of_lesson(lesson, None))?;

    let now = grading.now();
    let clocks = Clocks::of(&grading.policy, lesson, &known.zone);
    let window = clocks.window(lesson, now, &known.zone);
    let moment = Moment {
        policy: &grading.policy,
        clocks,
        window,
        now,
        by: person,
    };
    held(lesson, &moment)?;
    let present = lesson_entries::find(conn, command.school, command.lesson)
        .await
        .map_err(status::from_db)?;
    let changes = lesson_entry::decide(present.as_ref(), &command.content, command.seen, &moment)
        .map_err(|refusal| refused(refusal, present.as_ref()))?;
    if changes {
        let late = clocks.is_late(now);
        let entry =
            lesson_entry::record(present.as_ref(), command.content.clone(), now, person, late);
        write(grading, &mut uow, known, &entry, user.session).await?;
    }

    let card = lesson_cards::find(uow.conn(), command.school, command.lesson)
        .await
        .map_err(status::from_db)?;
    let card = card.ok_or_else(|| status::not_found("Lesson"))?;
    let lesson = Some(convert::column(&card, clocks, window, true));
    Ok((
        uow,
        pb::RecordLessonResponse {
            lesson,
            causal_token: None,
        },
    ))
}

/// The lesson can be recorded by this person at this moment.
fn held(lesson: &Lesson, moment: &Moment<'_>) -> Result<(), Status> {
    let rejection = match moment.window {
        _ if !lesson.is_of(moment.by) => Rejection::LessonNotOwn,
        Window::Cancelled => Rejection::LessonCancelled,
        Window::Future => Rejection::LessonInFuture,
        Window::Open | Window::Late | Window::Correction => return Ok(()),
    };
    Err(status::precondition(
        rejection.reason(),
        rejection.message(),
    ))
}

fn refused(refusal: EntryRefusal, present: Option<&LessonEntry>) -> Status {
    match refusal {
        EntryRefusal::TopicNotRussian => {
            status::precondition("TOPIC_NOT_RUSSIAN", "Тему урока нужно записать по-русски")
        }
        EntryRefusal::EtagStale => {
            let current = convert::etag(present.map_or(0, |entry| entry.stamp.revision));
            chassis::status::Refusal::new(
                tonic::Code::Aborted,
                "ETAG_STALE",
                "Запись урока изменена после того, как вы её открыли",
            )
            .with("current", current)
            .into()
        }
        EntryRefusal::CorrectionRequired => {
            let rejection = Rejection::CorrectionRequired;
            status::precondition(rejection.reason(), rejection.message())
        }
    }
}

async fn write(
    grading: &Grading,
    uow: &mut UnitOfWork,
    known: &KnownColumn,
    entry: &LessonEntry,
    session: zhurnal_proto::id::SessionId,
) -> Result<(), Status> {
    let lesson = &known.column.lesson;
    let at = entry.stamp.set_at;
    let mut log = ChangeLog::new(grading, known, at, Some(session));
    log.lesson(lesson, entry);
    let saved = lesson_entries::save(
        uow.conn(),
        lesson.school,
        lesson.id,
        lesson.academic_year,
        entry,
    )
    .await;
    if !saved.map_err(status::from_db)? {
        return Err(status::conflict(
            "CONCURRENT_CHANGE",
            "Одновременное изменение, повторите",
        ));
    }
    save::save(uow.conn(), Vec::new(), log.entries())
        .await
        .map_err(status::from_db)?;
    let event = pb::LessonRecorded {
        journal_id: lesson.journal.to_string(),
        lesson_id: lesson.id.to_string(),
        date: lesson.date.to_string(),
        has_topic: !entry.content.topic.is_empty(),
        has_homework: !entry.content.homework.is_empty(),
        homework_minutes: u32::from(entry.content.homework_minutes),
        control_kind: i32::from(entry.content.control_kind.number()),
        late: entry.recorded_late,
    };
    announce(uow, lesson.school, at, log.id, Event::LessonRecorded(event));
    Ok(())
}
