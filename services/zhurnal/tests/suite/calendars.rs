//! A parent and a teacher subscribe their phones: a program without a session reads the
//! calendar, sees a cancellation, is told when nothing changed, and is out when the address is
//! revoked. The secret of the address is in no log and no span.

use std::fmt::Write as _;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use jiff::Timestamp;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

use super::school::{School, find, until};
use super::town::{Spread, Town};

/// Monday, 16 November 2026, 10:30 in Simferopol.
fn monday() -> Timestamp {
    "2026-11-16T07:30:00Z".parse().unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_phone_follows_the_timetable_in_one_process() {
    a_phone_follows_the_timetable(Spread::Embedded).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_phone_follows_the_timetable_in_a_cluster_on_postgresql_and_redis() {
    a_phone_follows_the_timetable(Spread::Cluster).await;
}

async fn a_phone_follows_the_timetable(spread: Spread) {
    let town = Town::start(spread, monday()).await;
    let school = School::open(&town).await;
    let heard = Heard::listen();
    let calendars = school.path("calendarSubscriptions");
    let of = |pupil: &str| json!({"kind": "CALENDAR_FEED_KIND_PUPIL", "pupilId": pupil});
    let made = until("schedule knows the guardian", async || {
        let answer = school.mother.post(&calendars, of(&school.maria)).await;
        answer.status.is_success().then_some(answer.body)
    })
    .await;
    let foreign = school.mother.post(&calendars, of(&school.pyotr)).await;
    assert_eq!(foreign.refused(), (404, "NOT_FOUND".to_owned()));
    let own = json!({"kind": "CALENDAR_FEED_KIND_TEACHER"});
    let lessons = school.aliev.post(&calendars, own.clone()).await.ok();
    let denied = school.mother.post(&calendars, own).await;
    assert_eq!(denied.refused().0, 403);

    let path = made["path"].as_str().unwrap();
    let first = phone(town.http, path, "").await;
    assert_eq!(first.status, 200, "{}", first.text);
    let header = |name: &str| first.header(name);
    assert_eq!(header("content-type"), "text/calendar; charset=utf-8");
    assert_eq!(header("cache-control"), "private, max-age=900");
    assert!(first.text.contains("SUMMARY:Алгебра\r\n"), "{}", first.text);
    for name in ["Мария", "Аблаев", "Алиев"] {
        assert!(!first.text.contains(name), "{name}");
    }
    let of_teacher = phone(town.http, lessons["path"].as_str().unwrap(), "").await;
    assert!(of_teacher.text.contains("SUMMARY:Алгебра\\, 10-А\r\n"));
    let same = phone(town.http, path, header("etag")).await;
    assert_eq!((same.status, same.text.as_str()), (304, ""));

    the_deputy_cancels(&school).await;
    let changed = phone(town.http, path, header("etag")).await;
    assert_eq!(changed.status, 200);
    assert!(changed.text.contains("SUMMARY:Отменён: Алгебра\r\n"));
    assert!(changed.text.contains("STATUS:CANCELLED\r\n") && !changed.text.contains("карантин"));

    let id = &made["calendarSubscription"]["calendarSubscriptionId"];
    let listed = school.mother.get(&calendars).await.ok();
    let shown = find(
        &listed["calendarSubscriptions"],
        "calendarSubscriptionId",
        id.as_str().unwrap(),
    );
    assert_eq!(shown["lastUsedOn"], "2026-11-16");
    let own = format!("{calendars}/{}", id.as_str().unwrap());
    school.mother.delete(&own).await.ok();
    let (gone, unknown) = (
        phone(town.http, path, header("etag")).await,
        phone(town.http, &path.replace("Feeds/", "Feeds/x"), "").await,
    );
    assert_eq!((gone.status, unknown.status), (404, 404));
    let without_trace = |answer: &Answer| -> Value {
        let mut problem: Value = serde_json::from_str(&answer.text).unwrap();
        problem.as_object_mut().unwrap().remove("traceId");
        problem
    };
    assert_eq!(without_trace(&gone), without_trace(&unknown));

    let heard = heard.text();
    assert!(heard.contains("GetCalendarFeed"), "nothing was heard");
    for made in [&made, &lessons] {
        let secret = made["path"].as_str().unwrap().split('/').nth(5).unwrap();
        assert_eq!(secret.len(), 43);
        assert!(!heard.contains(secret), "a secret was logged");
    }
    town.stop().await;
}

async fn the_deputy_cancels(school: &School) {
    let path = school.path("lessons?from=2026-11-23&to=2026-11-23&pageSize=500");
    let lessons = school.deputy.get(&path).await.ok();
    let all = lessons["lessons"].as_array().unwrap();
    let algebra = all
        .iter()
        .find(|one| one["subjectTitle"] == "Алгебра" && one["classId"] == *school.class_5a)
        .expect("algebra of 5-А on Monday");
    let id = algebra["lessonId"].as_str().unwrap();
    let body = json!({"reason": "карантин", "etag": algebra["etag"]});
    let path = school.path(&format!("lessons/{id}:cancel"));
    school.deputy.post(&path, body).await.ok();
}

/// What a program got.
struct Answer {
    status: u16,
    head: String,
    text: String,
}

impl Answer {
    fn header(&self, name: &str) -> &str {
        let mut lines = self
            .head
            .split("\r\n")
            .filter_map(|line| line.split_once(": "));
        lines.find(|(known, _)| *known == name).expect(name).1
    }
}

/// Asks as a phone does, by hand: no client of ours that would log the address itself.
async fn phone(address: SocketAddr, path: &str, known: &str) -> Answer {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let mut request = format!("GET {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n");
    if !known.is_empty() {
        write!(request, "if-none-match: {known}\r\n").unwrap();
    }
    request.push_str("\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).await.unwrap();
    let whole = String::from_utf8(bytes).unwrap();
    let (head, text) = whole.split_once("\r\n\r\n").unwrap();
    Answer {
        status: head.split(' ').nth(1).unwrap().parse().unwrap(),
        head: head.to_owned(),
        text: text.to_owned(),
    }
}

/// Everything that any code of the process says in a span or an event, at every level.
#[derive(Clone, Default)]
struct Heard(Arc<Mutex<String>>);

impl Heard {
    fn listen() -> Self {
        let heard = Self::default();
        tracing::subscriber::set_global_default(heard.clone()).expect("the only one to listen");
        heard
    }

    fn text(&self) -> String {
        self.0.lock().unwrap().clone()
    }
}

struct Words<'a>(&'a mut String);

impl Visit for Words<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        let _ = write!(self.0, " {field}={value:?}");
    }
}

impl Subscriber for Heard {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        let mut all = self.0.lock().unwrap();
        let _ = write!(all, "\n{}", span.metadata().name());
        span.record(&mut Words(&mut all));
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, values: &Record<'_>) {
        values.record(&mut Words(&mut self.0.lock().unwrap()));
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut all = self.0.lock().unwrap();
        let _ = write!(all, "\n{}", event.metadata().target());
        event.record(&mut Words(&mut all));
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}
