//! CreateCalendarSubscription: a family for the own child, an employee for the own lessons or a
//! class get an address that a phone's calendar reads; it is told this once.

use chassis::caller::User;
use chassis::db::UnitOfWork;
use chassis::service::Cx;
use chassis::{caller, idempotency, status};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use tonic::{Request, Response, Status};
use zhurnal_proto::id::{CalendarSubscriptionId, ClassId, PersonId, SchoolId};
use zhurnal_proto::schedule::v1 as pb;

use super::get_calendar::present_year;
use super::parse::{self, checked};
use super::{Answer, Rpc, calendar_subscription, refused};
use crate::domain::calendar_subscription::{CalendarSubscription, Subject, one_more};
use crate::domain::refusal::Refusal;
use crate::store::{School, calendar_subscriptions, event_people};

const PERMISSION: &str = "schedule.calendarSubscriptions.create";

enum Wanted {
    Pupil(PersonId),
    Teacher,
    Class(ClassId),
}

impl TryFrom<&pb::CreateCalendarSubscriptionRequest> for Wanted {
    type Error = Status;

    fn try_from(request: &pb::CreateCalendarSubscriptionRequest) -> Result<Self, Status> {
        use pb::CalendarFeedKind as Kind;
        checked(request)?;
        let only = |field: &str, text: &str, kind| match text.is_empty() || request.kind() == kind {
            true => Ok(()),
            false => Err(status::invalid_field(
                field,
                "NOT_FOR_KIND",
                "у календаря этого вида такого поля нет",
            )),
        };
        only("pupilId", &request.pupil_id, Kind::Pupil)?;
        only("classId", &request.class_id, Kind::Class)?;
        let required =
            |field: &str, message: &str| status::invalid_field(field, "REQUIRED", message);
        match request.kind() {
            Kind::Pupil => parse::optional_id("pupilId", &request.pupil_id)?
                .map(Self::Pupil)
                .ok_or_else(|| required("pupilId", "чей это календарь")),
            Kind::Class => parse::optional_id("classId", &request.class_id)?
                .map(Self::Class)
                .ok_or_else(|| required("classId", "календарь какого класса")),
            Kind::Teacher => Ok(Self::Teacher),
            Kind::Unspecified => Err(required("kind", "что показывать в календаре")),
        }
    }
}

pub(super) async fn handle(
    rpc: &Rpc,
    request: Request<pb::CreateCalendarSubscriptionRequest>,
) -> Answer<pb::CreateCalendarSubscriptionResponse> {
    let cx = &rpc.cx;
    let caller = caller::of(&request)?.clone();
    let message = request.into_inner();
    let wanted = Wanted::try_from(&message)?;
    let school: SchoolId = parse::id("schoolId", &message.school_id)?;
    let school = School::asked_about(school);
    let user = caller.user().ok_or_else(|| status::denied(PERMISSION))?;
    let year = present_year(cx, school).await?;
    let zone = year.as_ref().map(|year| &year.time_zone);
    let today = cx.clock.today(zone.unwrap_or(&TimeZone::UTC));
    let (subject, person) = entitled(cx, school, (&caller, user), (wanted, today)).await?;
    if year.is_none() {
        return Err(refused::status(&Refusal::SchoolYearMissing));
    }

    let key = idempotency::key(
        &caller.actor(),
        "CreateCalendarSubscription",
        &message.request_id,
        &message,
    )?;
    let request_id = &message.request_id;
    let made = idempotency::once(&cx.db, &key, |uow| async move {
        let subscription = CalendarSubscription {
            id: CalendarSubscriptionId::from_uuid(cx.ids.uuid()),
            account: user.account,
            person,
            subject,
            created_at: cx.clock.now(),
            last_used_on: None,
        };
        insert(rpc, &uow, school, (&subscription, request_id)).await?;
        let view = calendar_subscription::view(school.id(), &subscription);
        let response = pb::CreateCalendarSubscriptionResponse {
            calendar_subscription: Some(view),
            path: String::new(),
        };
        Ok((uow, response))
    })
    .await?;
    // The remembered answer is without the secret.
    let path = path(rpc, &made, request_id)?;
    Ok(Response::new(pb::CreateCalendarSubscriptionResponse {
        path,
        ..made
    }))
}

/// What may be subscribed to, and by which card of the caller.
async fn entitled(
    cx: &Cx,
    school: School,
    (caller, user): (&caller::Caller, &User),
    (wanted, today): (Wanted, Date),
) -> Result<(Subject, PersonId), Status> {
    let conn = cx.db.read();
    let own = user.person;
    let subject = match (wanted, own) {
        (Wanted::Pupil(pupil), _) => Subject::Pupil(pupil),
        (Wanted::Class(class), _) => Subject::Class(class),
        (Wanted::Teacher, Some(card)) => Subject::Teacher(card),
        (Wanted::Teacher, None) => return Err(status::denied(PERMISSION)),
    };
    let right = calendar_subscription::right(conn, school, (subject, own), today).await?;
    let facts = right.facts(school);
    let decided = cx.access.check(caller, PERMISSION, &facts);
    // A pupil who is not the caller's does not exist for the caller.
    match (decided, subject) {
        (Err(refused), Subject::Pupil(_)) if refused.code() == tonic::Code::PermissionDenied => {
            return Err(status::not_found("pupil"));
        }
        (decided, _) => decided?,
    };
    if let Subject::Class(class) = subject {
        let classes = event_people::classes(conn, school).await;
        if !classes.map_err(status::from_db)?.contains_key(&class) {
            return Err(status::not_found("class"));
        }
    }
    let person = user.cards().find(|card| right.has(*card));
    let person = person.ok_or_else(|| status::denied(PERMISSION))?;
    Ok((subject, person))
}

async fn insert(
    rpc: &Rpc,
    uow: &UnitOfWork,
    school: School,
    (subscription, request_id): (&CalendarSubscription, &str),
) -> Result<(), Status> {
    let present =
        calendar_subscriptions::lock_of_account(uow.conn(), school, subscription.account).await;
    let present = present.map_err(status::from_db)?;
    one_more(present.len()).map_err(|refusal| refused::status(&refusal))?;
    let hash = rpc
        .secrets
        .hash(&rpc.secrets.of(subscription.id, request_id));
    calendar_subscriptions::insert(uow.conn(), school, (subscription, hash))
        .await
        .map_err(status::from_db)
}

fn path(
    rpc: &Rpc,
    made: &pb::CreateCalendarSubscriptionResponse,
    request_id: &str,
) -> Result<String, Status> {
    let subscription = made.calendar_subscription.as_ref();
    let (school, id) = subscription
        .and_then(|one| {
            let id = one.calendar_subscription_id.parse().ok()?;
            Some((one.school_id.as_str(), id))
        })
        .ok_or_else(|| status::internal(anyhow::anyhow!("a subscription without an id")))?;
    let secret = rpc.secrets.of(id, request_id);
    Ok(format!(
        "/v1/schools/{school}/calendarFeeds/{secret}/calendar.ics"
    ))
}

#[cfg(test)]
mod tests;
