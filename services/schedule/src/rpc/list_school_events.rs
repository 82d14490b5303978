//! ListSchoolEvents: the staff of a school sees its events, and drafts that the caller may
//! change with what else is in their rooms.

use chassis::caller::Caller;
use chassis::service::Cx;
use chassis::{caller, status};
use tonic::{Request, Response};
use zhurnal_proto::id::{ClassId, SchoolId};
use zhurnal_proto::schedule::v1 as pb;

use super::parse::{self, checked};
use super::school_event::{self, People};
use super::{Answer, room_conflicts};
use crate::domain::school_event::{Audience, SchoolEvent};
use crate::store::{event_people, school_events};

/// Most events of one answer.
const MOST: usize = 500;

pub(super) async fn handle(
    cx: &Cx,
    request: Request<pb::ListSchoolEventsRequest>,
) -> Answer<pb::ListSchoolEventsResponse> {
    let caller = caller::of(&request)?;
    let message = request.get_ref();
    checked(message)?;
    let school: SchoolId = parse::id("schoolId", &message.school_id)?;
    let class: Option<ClassId> = parse::optional_id("classId", &message.class_id)?;
    let days = school_event::days(&message.from, &message.to)?;
    let school = school_event::staff_school(cx, caller, school)?;

    let conn = cx.db.read();
    let people = People::of(conn, school).await?;
    let all = people.permits(cx, caller, &Audience::School);
    let changeable =
        |event: &SchoolEvent| all || people.permits(cx, caller, &event.content.audience);
    let found = school_events::list(conn, school, days).await;
    let mut events = found.map_err(status::from_db)?;
    events.retain(|event| {
        class.is_none_or(|class| people.is_of_class(&event.content.audience, class))
            && (event.is_told() || changeable(event))
    });
    events.truncate(MOST);
    let own: Vec<_> = events
        .iter()
        .filter(|one| changeable(one))
        .cloned()
        .collect();
    let conflicts = room_conflicts::of(conn, school, &own).await?;
    let mut views = people.views(conn, &events).await?;
    for (event, view) in events.iter().zip(&mut views) {
        view.can_change = own.iter().any(|one| one.id == event.id);
        view.room_conflicts = conflicts.get(&event.id).cloned().unwrap_or_default();
    }
    let rooms = event_people::rooms(conn, school).await;
    Ok(Response::new(pb::ListSchoolEventsResponse {
        school_events: views,
        own_class_ids: own_classes(&people, caller),
        can_change_all: all,
        rooms: rooms.map_err(status::from_db)?,
    }))
}

fn own_classes(people: &People, caller: &Caller) -> Vec<String> {
    let cards: Vec<_> = caller
        .user()
        .map_or_else(Vec::new, |user| user.cards().collect());
    let own = people.classes_of(&cards);
    own.iter().map(ToString::to_string).collect()
}

#[cfg(test)]
mod tests;
