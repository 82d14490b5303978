//! What the RPCs of calendar subscriptions have in common: who has the right to what one
//! shows, and how it is told.

use chassis::access::Facts;
use chassis::status;
use jiff::Timestamp;
use jiff::civil::Date;
use sea_orm::ConnectionTrait;
use tonic::Status;
use zhurnal_proto::id::{PersonId, SchoolId};
use zhurnal_proto::schedule::v1 as pb;

use crate::domain::calendar_subscription::{CalendarSubscription, Subject};
use crate::store::event_people::{self, Stay};
use crate::store::{School, roster_copy};

/// Who has the right on a day. It is asked when a subscription is made and on every read.
#[derive(Debug, Default)]
pub struct Right {
    guardians: Vec<PersonId>,
    pupil: Option<PersonId>,
    staff: Option<PersonId>,
    /// Groups of the pupil.
    pub stays: Vec<Stay>,
}

impl Right {
    /// Whether the card has it.
    pub fn has(&self, card: PersonId) -> bool {
        self.guardians.contains(&card) || self.pupil == Some(card) || self.staff == Some(card)
    }

    /// For the decision.
    pub fn facts(&self, school: School) -> Facts {
        let facts = Facts::school(school.id());
        let facts = facts
            .guardians(self.guardians.iter().copied())
            .teachers(self.staff);
        match self.pupil {
            Some(pupil) => facts.pupil(pupil),
            None => facts,
        }
    }
}

/// Who has the right today: of a pupil at the school the representatives and the pupil; of
/// lessons and classes `card`, if it is an employee's.
pub async fn right(
    conn: &impl ConnectionTrait,
    school: School,
    (subject, card): (Subject, Option<PersonId>),
    today: Date,
) -> Result<Right, Status> {
    match (subject, card) {
        (Subject::Pupil(pupil), _) => of_pupil(conn, school, (pupil, today)).await,
        (Subject::Teacher(_) | Subject::Class(_), Some(card)) => {
            let found = roster_copy::staff_member(conn, school, card).await;
            let found = found.map_err(status::from_db)?;
            let employed = found.is_some_and(|one| one.is_employed_on(today));
            Ok(Right {
                staff: employed.then_some(card),
                ..Right::default()
            })
        }
        (Subject::Teacher(_) | Subject::Class(_), None) => Ok(Right::default()),
    }
}

async fn of_pupil(
    conn: &impl ConnectionTrait,
    school: School,
    (pupil, today): (PersonId, Date),
) -> Result<Right, Status> {
    let stays = event_people::stays(conn, school, pupil).await;
    let stays = stays.map_err(status::from_db)?;
    let stays_on = |stay: &Stay| stay.ends_on.is_none_or(|last| today <= last);
    if !stays.iter().any(stays_on) {
        return Ok(Right::default());
    }
    let guardians = event_people::guardians(conn, school, (pupil, today)).await;
    Ok(Right {
        guardians: guardians.map_err(status::from_db)?,
        pupil: Some(pupil),
        staff: None,
        stays,
    })
}

/// The subscription as its owner sees it.
pub fn view(school: SchoolId, subscription: &CalendarSubscription) -> pb::CalendarSubscription {
    let (kind, pupil, class) = match subscription.subject {
        Subject::Pupil(card) => (pb::CalendarFeedKind::Pupil, Some(card), None),
        Subject::Teacher(_) => (pb::CalendarFeedKind::Teacher, None, None),
        Subject::Class(class) => (pb::CalendarFeedKind::Class, None, Some(class)),
    };
    pb::CalendarSubscription {
        calendar_subscription_id: subscription.id.to_string(),
        school_id: school.to_string(),
        kind: kind.into(),
        pupil_id: pupil.map(|id| id.to_string()).unwrap_or_default(),
        class_id: class.map(|id| id.to_string()).unwrap_or_default(),
        created_at: Some(timestamp(subscription.created_at)),
        last_used_on: subscription
            .last_used_on
            .map(|day| day.to_string())
            .unwrap_or_default(),
    }
}

fn timestamp(at: Timestamp) -> prost_types::Timestamp {
    prost_types::Timestamp {
        seconds: at.as_second(),
        nanos: at.subsec_nanosecond(),
    }
}
