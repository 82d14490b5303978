//! ListPupilEvents: a pupil and the legal representatives see the published and cancelled
//! events of the pupil's classes, groups and school; nobody else's.

use chassis::access::Facts;
use chassis::service::Cx;
use chassis::{caller, status};
use sea_orm::ConnectionTrait;
use tonic::{Request, Response, Status};
use zhurnal_proto::id::{PersonId, SchoolId};
use zhurnal_proto::schedule::v1 as pb;

use super::Answer;
use super::get_calendar::present_year;
use super::parse::{self, checked};
use super::school_event::{self, People};
use crate::domain::school_event::{Audience, Content, SchoolEvent};
use crate::store::event_people::{self, Stay};
use crate::store::{School, school_events};

/// Most events of one answer.
const MOST: usize = 500;

pub(super) async fn handle(
    cx: &Cx,
    request: Request<pb::ListPupilEventsRequest>,
) -> Answer<pb::ListPupilEventsResponse> {
    let caller = caller::of(&request)?;
    let message = request.get_ref();
    checked(message)?;
    let school: SchoolId = parse::id("schoolId", &message.school_id)?;
    let pupil: PersonId = parse::id("pupilId", &message.pupil_id)?;
    let days = school_event::days(&message.from, &message.to)?;
    let school = School::asked_about(school);
    let facts = facts(cx, school, pupil).await?;
    cx.access
        .check(caller, "schedule.schoolEvents.ofPupil", &facts)?;

    let conn = cx.db.read();
    let found = school_events::list(conn, school, days).await;
    let mut events = found.map_err(status::from_db)?;
    let own = of_pupil(conn, school, pupil).await?;
    events.retain(|event| event.is_told() && concerns(&event.content, &own));
    events.truncate(MOST);
    let people = People::of(conn, school).await?;
    let mut views = people.views(conn, &events).await?;
    for (event, view) in events.iter().zip(&mut views) {
        hide(view, event, &own);
    }
    Ok(Response::new(pb::ListPupilEventsResponse {
        school_events: views,
    }))
}

/// The pupil's representatives of today. Of a school without a year nobody is known.
async fn facts(cx: &Cx, school: School, pupil: PersonId) -> Result<Facts, Status> {
    let Some(year) = present_year(cx, school).await? else {
        return Err(status::not_found("pupil"));
    };
    let today = cx.clock.today(&year.time_zone);
    let guardians = event_people::guardians(cx.db.read(), school, (pupil, today)).await;
    let guardians = guardians.map_err(status::from_db)?;
    let facts = Facts::object("Pupil", pupil, school.id());
    Ok(facts.guardians(guardians).pupil(pupil))
}

/// Groups of the pupil; in a school that never had the pupil there is no such one.
async fn of_pupil(
    conn: &impl ConnectionTrait,
    school: School,
    pupil: PersonId,
) -> Result<Vec<Stay>, Status> {
    let stays = event_people::stays(conn, school, pupil).await;
    let stays = stays.map_err(status::from_db)?;
    if stays.is_empty() {
        return Err(status::not_found("Pupil"));
    }
    Ok(stays)
}

/// Whether the pupil is in the audience on the first day.
pub(super) fn concerns(content: &Content, own: &[Stay]) -> bool {
    let day = content.when.starts_on;
    let mut then = own.iter().filter(|stay| stay.covers(day));
    match &content.audience {
        Audience::Classes(ids) => then.any(|it| it.class.is_some_and(|id| ids.contains(&id))),
        Audience::Group(id) => then.any(|stay| stay.group == *id),
        Audience::School => then.next().is_some(),
        Audience::Staff => false,
    }
}

/// Who made it, and which other classes are told, is the school's business.
fn hide(view: &mut pb::SchoolEvent, event: &SchoolEvent, own: &[Stay]) {
    view.made_by.clear();
    let Some(content) = view.content.as_mut() else {
        return;
    };
    if let Audience::Classes(ids) = &event.content.audience {
        let own = |id: &&_| own.iter().any(|stay| stay.class == Some(**id));
        content.class_ids = ids.iter().filter(own).map(ToString::to_string).collect();
    }
}

#[cfg(test)]
mod tests;
