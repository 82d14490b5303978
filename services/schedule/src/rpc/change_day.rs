//! ChangeDay: a deputy or the administrator cancels the lessons of a day, or holds them
//! remotely, in one step with one reason; families and teachers are told once.

use chassis::access::Facts;
use chassis::caller::Caller;
use chassis::db::UnitOfWork;
use chassis::service::Cx;
use chassis::{caller, idempotency, status};
use jiff::civil::Date;
use tonic::{Request, Response, Status};
use zhurnal_proto::id::{DayChangeId, LessonId, SchoolId};
use zhurnal_proto::schedule::v1 as pb;

use super::get_calendar::present_year;
use super::parse::{self, checked};
use super::{Answer, day_change, refused};
use crate::domain::day_change::{DayChange, Extent, Kind, may_change};
use crate::domain::lesson::{Lesson, LessonState};
use crate::domain::refusal::Refusal;
use crate::store::lessons::LessonView;
use crate::store::{School, day_changes, timetables};

struct Command {
    school: SchoolId,
    date: Date,
    kind: Kind,
    reason: String,
    extent: Extent,
}

impl TryFrom<&pb::ChangeDayRequest> for Command {
    type Error = Status;

    fn try_from(request: &pb::ChangeDayRequest) -> Result<Self, Status> {
        checked(request)?;
        let kind = match request.kind() {
            pb::DayChangeKind::Cancelled => Kind::Cancelled,
            pb::DayChangeKind::Remote => Kind::Remote,
            pb::DayChangeKind::Unspecified => {
                return Err(status::invalid_field("kind", "REQUIRED", "что с уроками"));
            }
        };
        let classes = request.class_ids.iter().enumerate();
        let classes = classes.map(|(at, id)| parse::id(&format!("classIds[{at}]"), id));
        let numbers = request.lesson_numbers.iter();
        Ok(Self {
            school: parse::id("schoolId", &request.school_id)?,
            date: parse::date("date", &request.date)?,
            kind,
            reason: request.reason.trim().to_owned(),
            extent: Extent {
                classes: classes.collect::<Result<_, _>>()?,
                numbers: numbers
                    .map(|one| u8::try_from(*one).unwrap_or(u8::MAX))
                    .collect(),
            },
        })
    }
}

pub(super) async fn handle(
    cx: &Cx,
    request: Request<pb::ChangeDayRequest>,
) -> Answer<pb::ChangeDayResponse> {
    let caller = caller::of(&request)?.clone();
    let message = request.into_inner();
    let command = Command::try_from(&message)?;
    let facts = Facts::school(command.school);
    let scope = cx
        .access
        .check(&caller, "schedule.dayChanges.make", &facts)?;
    let school = parse::school(&scope)?;
    known_classes(cx, school, &command.extent).await?;

    let key = idempotency::key(&caller.actor(), "ChangeDay", &message.request_id, &message)?;
    let response = idempotency::once(&cx.db, &key, |mut uow| async move {
        let change = make(cx, &mut uow, school, (command, &caller)).await?;
        let response = pb::ChangeDayResponse {
            day_change: Some(change),
        };
        Ok((uow, response))
    })
    .await?;
    Ok(Response::new(response))
}

async fn known_classes(cx: &Cx, school: School, extent: &Extent) -> Result<(), Status> {
    for (at, class) in extent.classes.iter().enumerate() {
        let whose = timetables::Whose::Class(*class);
        let known = timetables::is_known(cx.db.read(), school, &whose).await;
        if !known.map_err(status::from_db)? {
            let field = format!("classIds[{at}]");
            return Err(status::invalid_field(
                &field,
                "UNKNOWN_CLASS",
                "такого класса нет",
            ));
        }
    }
    Ok(())
}

async fn make(
    cx: &Cx,
    uow: &mut UnitOfWork,
    school: School,
    (command, caller): (Command, &Caller),
) -> Result<pb::DayChange, Status> {
    let refuse = |refusal: Refusal| refused::status(&refusal);
    let year = present_year(cx, school).await?;
    let year = year.ok_or_else(|| refuse(Refusal::SchoolYearMissing))?;
    may_change(command.date, cx.clock.today(&year.time_zone)).map_err(refuse)?;
    let views = day_change::lessons_of(uow.conn(), school, command.date).await?;
    let changed = views.iter().filter_map(|view| step(view, &command));
    let (lessons, noted): (Vec<Lesson>, Vec<(LessonId, String)>) = changed.unzip();
    if lessons.is_empty() {
        return Err(refuse(Refusal::NoLessons));
    }
    let change = DayChange {
        id: DayChangeId::from_uuid(cx.ids.uuid()),
        date: command.date,
        kind: command.kind,
        reason: command.reason,
        extent: command.extent,
        lesson_count: u32::try_from(lessons.len()).unwrap_or(u32::MAX),
        made: day_change::act(cx, caller),
        undone: None,
        version: 1,
    };
    let written = async {
        day_changes::put(uow.conn(), school, &change).await?;
        day_changes::note(uow.conn(), school, change.id, &noted).await
    };
    written.await.map_err(status::from_db)?;
    day_change::write(cx, uow, (school, &change), &lessons).await
}

/// A planned lesson of the extent after the change, with the reason of its substitution;
/// `None`: the change does not concern it.
fn step(view: &LessonView, command: &Command) -> Option<(Lesson, (LessonId, String))> {
    let lesson = &view.lesson;
    let planned = matches!(lesson.state, LessonState::Planned { .. });
    if !planned || !command.extent.covers(view.class, view.number) {
        return None;
    }
    let noted = (lesson.id, lesson.reason().to_owned());
    let changed = match command.kind {
        Kind::Cancelled => lesson.clone().cancel(command.reason.clone()).ok()?,
        Kind::Remote => lesson.clone().set_remote(true)?,
    };
    Some((changed, noted))
}

#[cfg(test)]
mod tests;
