//! What else is in the room of an event. A warning, as in the timetable: a gym is shared, and
//! a lesson may make room for an exam.

use std::collections::HashMap;

use chassis::status;
use jiff::civil::Date;
use sea_orm::ConnectionTrait;
use tonic::Status;
use zhurnal_proto::id::SchoolEventId;
use zhurnal_proto::schedule::v1 as pb;

use crate::domain::school_event::{SchoolEvent, State};
use crate::store::lessons::LessonView;
use crate::store::{School, lessons, school_events};

/// Most that are told of one event.
const MOST: usize = 20;

/// Of one event.
pub async fn of_one(
    conn: &impl ConnectionTrait,
    school: School,
    event: &SchoolEvent,
) -> Result<Vec<pb::RoomConflict>, Status> {
    let mut found = of(conn, school, std::slice::from_ref(event)).await?;
    Ok(found.remove(&event.id).unwrap_or_default())
}

/// Of each of the events that are to take place in a room.
pub async fn of(
    conn: &impl ConnectionTrait,
    school: School,
    events: &[SchoolEvent],
) -> Result<HashMap<SchoolEventId, Vec<pb::RoomConflict>>, Status> {
    let events: Vec<_> = events.iter().filter(|event| takes_a_room(event)).collect();
    let Some(days) = days(&events) else {
        return Ok(HashMap::new());
    };
    let rooms: Vec<_> = events.iter().map(|it| it.content.room.clone()).collect();
    let lessons = lessons::in_rooms(conn, school, days, &rooms).await;
    let lessons = lessons.map_err(status::from_db)?;
    let others = school_events::list(conn, school, days).await;
    let others = others.map_err(status::from_db)?;
    let all = |event: &&SchoolEvent| {
        let lessons = lessons.iter().filter_map(|one| with_lesson(event, one));
        let others = others.iter().filter_map(|one| with_event(event, one));
        (event.id, lessons.chain(others).take(MOST).collect())
    };
    Ok(events.iter().map(all).collect())
}

fn takes_a_room(event: &SchoolEvent) -> bool {
    let cancelled = matches!(event.state, State::Cancelled { .. });
    !cancelled && !event.content.room.is_empty()
}

/// First and last day of the events.
fn days(events: &[&SchoolEvent]) -> Option<(Date, Date)> {
    let first = events.iter().map(|it| it.content.when.starts_on).min()?;
    let last = events.iter().map(|it| it.content.when.ends_on).max()?;
    Some((first, last))
}

fn with_lesson(event: &SchoolEvent, view: &LessonView) -> Option<pb::RoomConflict> {
    let slot = &view.lesson.slot;
    let hours = Some((slot.starts_at, slot.ends_at));
    let meets = view.room == event.content.room && event.content.when.meets(slot.date, hours);
    meets.then(|| pb::RoomConflict {
        kind: pb::RoomConflictKind::Lesson.into(),
        date: slot.date.to_string(),
        starts_at: slot.starts_at.to_string(),
        ends_at: slot.ends_at.to_string(),
        title: format!("{}, {}", view.group_title, view.subject_title),
    })
}

fn with_event(event: &SchoolEvent, other: &SchoolEvent) -> Option<pb::RoomConflict> {
    if other.id == event.id || !takes_a_room(other) || other.content.room != event.content.room {
        return None;
    }
    let day = event.content.when.shared_day(&other.content.when)?;
    let hours = other.content.when.hours;
    Some(pb::RoomConflict {
        kind: pb::RoomConflictKind::Event.into(),
        date: day.to_string(),
        starts_at: hours.map(|(from, _)| from.to_string()).unwrap_or_default(),
        ends_at: hours.map(|(_, to)| to.to_string()).unwrap_or_default(),
        title: other.content.title.clone(),
    })
}
