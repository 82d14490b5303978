//! Events: their states, and when two meet.

use jiff::civil::date;
use uuid::Uuid;

use super::*;

fn clock(hour: i8) -> TimeOfDay {
    format!("{hour:02}:00").parse().unwrap()
}

fn at(hours: Option<(i8, i8)>) -> When {
    When {
        starts_on: date(2026, 11, 23),
        ends_on: date(2026, 11, 24),
        hours: hours.map(|(from, to)| (clock(from), clock(to))),
    }
}

fn content() -> Content {
    Content {
        kind: Kind::Activity,
        title: "Экскурсия".into(),
        text: String::new(),
        when: at(Some((10, 12))),
        room: String::new(),
        place: "Музей".into(),
        audience: Audience::School,
        subject: None,
    }
}

fn step(seen: i64, day: i8) -> Step {
    Step {
        seen: Some(seen),
        now: Timestamp::UNIX_EPOCH,
        today: date(2026, 11, day),
    }
}

fn draft() -> SchoolEvent {
    let id = SchoolEventId::from_uuid(Uuid::from_u128(1));
    SchoolEvent::draft(id, content(), None, step(0, 20)).unwrap()
}

#[test]
fn an_event_goes_from_draft_to_published_to_cancelled_and_no_further() {
    let published = draft().publish(step(1, 20)).unwrap();
    assert_eq!(published.state, State::Published(Timestamp::UNIX_EPOCH));
    assert_eq!(published.version, 2);
    let again = published.clone().publish(step(2, 20));
    assert_eq!(again, Err(Refusal::EventNotDraft));
    assert_eq!(published.may_discard(Some(2)), Err(Refusal::EventNotDraft));

    let cancelled = published.cancel("дождь".into(), step(2, 20)).unwrap();
    assert_eq!(cancelled.version, 3);
    let again = cancelled.clone().cancel("снег".into(), step(3, 20));
    assert_eq!(again, Err(Refusal::EventCancelled));
    let changed = cancelled.change(content(), step(3, 20));
    assert_eq!(changed, Err(Refusal::EventCancelled));
}

#[test]
fn a_draft_is_not_cancelled_but_discarded() {
    let refused = draft().cancel("дождь".into(), step(1, 20));
    assert_eq!(refused, Err(Refusal::EventNotPublished));
    assert_eq!(draft().may_discard(Some(1)), Ok(()));
    let stale = Err(Refusal::EventStale { current: 1 });
    assert_eq!(draft().may_discard(Some(2)), stale);
}

#[test]
fn an_event_that_is_over_does_not_change_and_none_is_put_into_the_past() {
    let over = Err(Refusal::EventIsOver);
    assert!(draft().change(content(), step(1, 24)).is_ok());
    assert_eq!(draft().change(content(), step(1, 25)), over);
    assert_eq!(draft().publish(step(1, 25)), over);
    let id = SchoolEventId::from_uuid(Uuid::from_u128(2));
    assert_eq!(SchoolEvent::draft(id, content(), None, step(0, 25)), over);
}

#[test]
fn a_change_of_a_version_that_was_not_seen_is_refused() {
    let stale = Err(Refusal::EventStale { current: 1 });
    assert_eq!(draft().change(content(), step(2, 20)), stale);
    assert_eq!(draft().publish(step(2, 20)), stale);
}

#[test]
fn whom_a_published_event_is_for_stays() {
    let other = || Content {
        audience: Audience::Staff,
        ..content()
    };
    let changed = draft().change(other(), step(1, 20)).unwrap();
    assert_eq!(changed.content.audience, Audience::Staff);
    let published = draft().publish(step(1, 20)).unwrap();
    let refused = published.change(other(), step(2, 20));
    assert_eq!(refused, Err(Refusal::EventAudienceFixed));
}

#[test]
fn days_and_hours_hold_together() {
    assert!(at(None).checked().is_ok() && at(Some((9, 10))).checked().is_ok());
    assert_eq!(at(Some((10, 10))).checked(), Err(WhenFault::HoursReversed));
    let of = |ends_on| When {
        ends_on,
        ..at(None)
    };
    let reversed = of(date(2026, 11, 22)).checked();
    assert_eq!(reversed, Err(WhenFault::DaysReversed));
    assert!(of(date(2026, 12, 23)).checked().is_ok());
    let long = of(date(2026, 12, 24)).checked();
    assert_eq!(long, Err(WhenFault::TooLong));
}

#[test]
fn events_meet_when_they_share_a_moment() {
    let hours = |from, to| Some((clock(from), clock(to)));
    let event = at(Some((10, 12)));
    assert!(event.meets(date(2026, 11, 24), hours(11, 13)));
    assert!(event.meets(date(2026, 11, 24), None));
    assert!(!event.meets(date(2026, 11, 24), hours(12, 13)));
    assert!(!event.meets(date(2026, 11, 25), hours(11, 13)));
    assert_eq!(event.shared_day(&at(None)), Some(date(2026, 11, 23)));
    assert_eq!(event.shared_day(&at(Some((12, 13)))), None);
    let later = When {
        starts_on: date(2026, 11, 25),
        ends_on: date(2026, 11, 25),
        hours: None,
    };
    assert_eq!(event.shared_day(&later), None);
}
