//! Subscriptions of calendars in tests, and their feeds as a program reads them.

use std::collections::BTreeMap;

use chassis::caller::Caller;
use tonic::{Response, Status};
use zhurnal_proto::id::{ClassId, PersonId, SchoolId};
use zhurnal_proto::schedule::v1 as pb;

use super::lesson_plans::request_id;
use super::world::{Calls, World, text};

/// A request for a calendar of the pupil or class of that name.
pub fn create_request(
    kind: pb::CalendarFeedKind,
    of: &str,
    n: u8,
) -> pb::CreateCalendarSubscriptionRequest {
    let of_kind = |wanted| kind == wanted && !of.is_empty();
    let id = |wanted, id: fn(&str) -> String| match of_kind(wanted) {
        true => id(of),
        false => String::new(),
    };
    pb::CreateCalendarSubscriptionRequest {
        school_id: text::<SchoolId>("school"),
        kind: kind.into(),
        pupil_id: id(pb::CalendarFeedKind::Pupil, text::<PersonId>),
        class_id: id(pb::CalendarFeedKind::Class, text::<ClassId>),
        request_id: request_id(n),
    }
}

/// A request for one's own calendars.
pub fn list_request() -> pb::ListCalendarSubscriptionsRequest {
    pb::ListCalendarSubscriptionsRequest {
        school_id: text::<SchoolId>("school"),
    }
}

/// A request that ends a calendar.
pub fn delete_request(
    made: &pb::CreateCalendarSubscriptionResponse,
    n: u8,
) -> pb::DeleteCalendarSubscriptionRequest {
    let made = made.calendar_subscription.as_ref().unwrap();
    pb::DeleteCalendarSubscriptionRequest {
        school_id: made.school_id.clone(),
        calendar_subscription_id: made.calendar_subscription_id.clone(),
        request_id: request_id(n),
    }
}

/// What an address asks for.
pub fn feed_request(path: &str) -> pb::GetCalendarFeedRequest {
    let parts: Vec<&str> = path.split('/').collect();
    let [
        "",
        "v1",
        "schools",
        school,
        "calendarFeeds",
        secret,
        "calendar.ics",
    ] = parts[..]
    else {
        panic!("{path}")
    };
    pb::GetCalendarFeedRequest {
        school_id: school.into(),
        secret: secret.into(),
    }
}

/// Lines of one thing of a feed by their names, unescaped.
pub type Shown = BTreeMap<String, String>;

/// What a feed shows, in order.
pub fn shown(feed: &str) -> Vec<Shown> {
    let whole = feed.replace("\r\n ", "");
    let mut all = Vec::new();
    for line in whole.split_terminator("\r\n") {
        let (name, value) = line.split_once(':').unwrap();
        match (name, value) {
            ("BEGIN", "VEVENT") => all.push(Shown::new()),
            _ => {
                if let Some(one) = all.last_mut() {
                    one.insert(name.to_owned(), value.replace("\\,", ","));
                }
            }
        }
    }
    all
}

impl World {
    /// Аня in 5-А and Боря in 10-А, both with the same mother.
    pub async fn with_a_family(self) -> Self {
        let world = self.planned().await.class_teachers().await;
        world.enrol("5-А", &["Аня"], "").await;
        world.enrol("10-А", &["Боря"], "").await;
        world.represent("Мать", "Аня", "").await;
        world.represent("Мать", "Боря", "").await;
        world
    }

    /// A calendar that the mother has made for the pupil.
    pub async fn calendar_of_pupil(&self, pupil: &str, n: u8) -> String {
        let request = create_request(pb::CalendarFeedKind::Pupil, pupil, n);
        calendar(&mut self.family("Мать"), request).await
    }

    /// The feed as a program without a session reads it.
    pub async fn read_feed(&self, path: &str) -> Result<String, Status> {
        let mut calls = self.calls(&Caller::Anonymous);
        let answer = calls.get_calendar_feed(feed_request(path)).await?;
        let body = answer.into_inner();
        assert_eq!(body.content_type, "text/calendar; charset=utf-8");
        Ok(String::from_utf8(body.data).unwrap())
    }

    /// What the feed shows of a day, by its digits.
    pub async fn on_day(&self, path: &str, day: &str) -> Vec<Shown> {
        let mut all = shown(&self.read_feed(path).await.unwrap());
        all.retain(|one| {
            one.iter()
                .any(|(name, value)| name.starts_with("DTSTART") && value.starts_with(day))
        });
        all
    }
}

/// Address of a calendar that is made.
pub async fn calendar(calls: &mut Calls, request: pb::CreateCalendarSubscriptionRequest) -> String {
    let made: Response<_> = calls.create_calendar_subscription(request).await.unwrap();
    made.into_inner().path
}
