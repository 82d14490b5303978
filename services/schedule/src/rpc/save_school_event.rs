//! SaveSchoolEvent: a class teacher for the own class, deputies, administrators and the
//! director for all make and change events (R140); what was published is announced again.

use chassis::caller::Caller;
use chassis::db::UnitOfWork;
use chassis::service::Cx;
use chassis::{caller, idempotency, status};
use tonic::{Request, Response, Status};
use zhurnal_proto::id::{SchoolEventId, SchoolId};
use zhurnal_proto::schedule::v1 as pb;

use super::parse::{self, checked};
use super::school_event::{self, People};
use super::{Answer, convert_school_event, refused};
use crate::domain::school_event::{Audience, Content, SchoolEvent, Step};
use crate::store::{School, event_people};

const PERMISSION: &str = "schedule.schoolEvents.save";

struct Command {
    school: SchoolId,
    event: Option<SchoolEventId>,
    content: Content,
}

impl TryFrom<&pb::SaveSchoolEventRequest> for Command {
    type Error = Status;

    fn try_from(request: &pb::SaveSchoolEventRequest) -> Result<Self, Status> {
        checked(request)?;
        let content = request.content.as_ref();
        let content = content
            .ok_or_else(|| status::invalid_field("content", "REQUIRED", "что за событие"))?;
        Ok(Self {
            school: parse::id("schoolId", &request.school_id)?,
            event: parse::optional_id("schoolEventId", &request.school_event_id)?,
            content: convert_school_event::read(content)?,
        })
    }
}

pub(super) async fn handle(
    cx: &Cx,
    request: Request<pb::SaveSchoolEventRequest>,
) -> Answer<pb::SaveSchoolEventResponse> {
    let caller = caller::of(&request)?.clone();
    let message = request.into_inner();
    let mut command = Command::try_from(&message)?;
    let school = school_event::staff_school(cx, &caller, command.school)?;
    let people = People::of(cx.db.read(), school).await?;
    people.allow(cx, (&caller, PERMISSION), &command.content.audience)?;
    known(cx, school, &people, &mut command.content).await?;
    let step = school_event::step(cx, school, &message.etag).await?;

    let key = idempotency::key(
        &caller.actor(),
        "SaveSchoolEvent",
        &message.request_id,
        &message,
    )?;
    let response = idempotency::once(&cx.db, &key, |mut uow| async move {
        let event = changed(cx, &uow, (&people, school), (command, &caller), step).await?;
        let view = people.write(&mut uow, &event).await?;
        if event.is_told() {
            people
                .announce(cx, &mut uow, (&event, true), &caller)
                .await?;
        }
        let response = pb::SaveSchoolEventResponse {
            school_event: Some(view),
        };
        Ok((uow, response))
    })
    .await?;
    Ok(Response::new(response))
}

async fn changed(
    cx: &Cx,
    uow: &UnitOfWork,
    (people, school): (&People, School),
    (command, caller): (Command, &Caller),
    step: Step,
) -> Result<SchoolEvent, Status> {
    let refuse = |refusal| refused::status(&refusal);
    let Some(id) = command.event else {
        let id = SchoolEventId::from_uuid(cx.ids.uuid());
        let made_by = caller.user().and_then(|user| user.person);
        return SchoolEvent::draft(id, command.content, made_by, step).map_err(refuse);
    };
    let before = school_event::lock(uow, school, id).await?;
    people.allow(cx, (caller, PERMISSION), &before.content.audience)?;
    before.change(command.content, step).map_err(refuse)
}

/// Refuses what the school does not have; the room is written as the school writes it.
async fn known(
    cx: &Cx,
    school: School,
    people: &People,
    content: &mut Content,
) -> Result<(), Status> {
    match &content.audience {
        Audience::Classes(ids) => {
            for (at, id) in ids.iter().enumerate() {
                if people.class(*id).is_none() {
                    let field = format!("content.classIds[{at}]");
                    return unknown(&field, "UNKNOWN_CLASS", "такого класса нет");
                }
            }
        }
        Audience::Group(id) if people.group(*id).is_none() => {
            return unknown("content.groupId", "UNKNOWN_GROUP", "такой группы нет");
        }
        _ => {}
    }
    let conn = cx.db.read();
    if let Some(subject) = content.subject {
        let titles = event_people::subject_titles(conn, &[subject.uuid()]).await;
        if titles.map_err(status::from_db)?.is_empty() {
            return unknown(
                "content.subjectId",
                "UNKNOWN_SUBJECT",
                "такого предмета нет",
            );
        }
    }
    if !content.room.is_empty() {
        let room = event_people::room(conn, school, &content.room).await;
        match room.map_err(status::from_db)? {
            Some(title) => content.room = title,
            None => {
                let message = "такого кабинета в школе нет: напишите его в поле «Место»";
                return unknown("content.room", "UNKNOWN_ROOM", message);
            }
        }
    }
    Ok(())
}

fn unknown(field: &str, rule: &'static str, message: &str) -> Result<(), Status> {
    Err(status::invalid_field(field, rule, message))
}

#[cfg(test)]
mod tests;
