//! `GET /v1/events?topics=…`: one SSE stream per browser.

use std::collections::HashSet;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Query, State};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use chassis::status;
use futures::Stream;
use http::HeaderMap;
use serde::{Deserialize, Serialize};
use tokio::sync::broadcast::error::RecvError;
use tonic::Status;
use zhurnal_proto::grading::v1::AuthorizeTopicsRequest;
use zhurnal_proto::grading::v1::grading_service_client::GradingServiceClient;

use super::hub::{LiveChange, Missed};
use crate::session::handlers::bearer;
use crate::{Gateway, problem};

/// How often the right to the topics is asked for again.
const REAUTHORISE: Duration = Duration::from_secs(30);

/// Header of every answer to a reading request: how far the live events had come
/// when it was asked.
pub const POSITION: &str = "zhurnal-live-position";

#[derive(Deserialize)]
pub struct Wanted {
    #[serde(default)]
    topics: String,
    /// Position from which nothing may be missed: of the first answer read
    /// ([`POSITION`]), or the last id of a stream with other topics.
    after: Option<String>,
}

/// Streams the caller's topics. Topics that the caller may not follow are the
/// same as topics that do not exist: nothing comes.
pub async fn follow(
    State(gateway): State<Gateway>,
    Query(wanted): Query<Wanted>,
    headers: HeaderMap,
) -> Response {
    let topics: Vec<String> = wanted
        .topics
        .split(',')
        .filter(|t| !t.is_empty())
        .map(str::to_owned)
        .collect();
    if topics.is_empty() || topics.len() > 50 {
        let refused = status::invalid_field("topics", "TOPIC_COUNT", "нужно от 1 до 50 тем");
        return problem::response(&refused);
    }
    let allowed = match authorise(&gateway, &headers, &topics).await {
        Ok(allowed) => allowed,
        Err(refused) => return problem::response(&refused),
    };
    // A browser that comes back by itself repeats the old address: its header knows more.
    let last = headers.get("last-event-id").and_then(|v| v.to_str().ok());
    let (receiver, missed) = gateway.hub.follow(last.or(wanted.after.as_deref()));
    let stream = events(gateway, headers, topics, allowed, receiver, missed);
    Sse::new(stream)
        .keep_alive(KeepAlive::new().interval(Duration::from_secs(15)))
        .into_response()
}

async fn authorise(
    gateway: &Gateway,
    headers: &HeaderMap,
    topics: &[String],
) -> Result<HashSet<String>, Status> {
    let token = gateway
        .token(headers)
        .await?
        .ok_or_else(|| status::unauthenticated("SESSION_MISSING"))?;
    let mut grading = GradingServiceClient::new(gateway.peers.channel("grading"));
    let request = bearer(
        AuthorizeTopicsRequest {
            topics: topics.to_vec(),
        },
        &token,
    )?;
    Ok(grading
        .authorize_topics(request)
        .await?
        .into_inner()
        .topics
        .into_iter()
        .collect())
}

fn events(
    gateway: Gateway,
    headers: HeaderMap,
    topics: Vec<String>,
    allowed: HashSet<String>,
    mut receiver: tokio::sync::broadcast::Receiver<Arc<LiveChange>>,
    missed: Missed,
) -> impl Stream<Item = Result<Event, Infallible>> {
    async_stream::stream! {
        let mut allowed = allowed;
        yield Ok(Event::default().event("ready").data("{}"));
        match missed {
            Missed::TooOld => yield Ok(reset()),
            Missed::Events(events) => {
                for told in events.iter().flat_map(|change| sse(change, &allowed)) {
                    yield Ok(told);
                }
            }
        }
        let mut again = tokio::time::interval(REAUTHORISE);
        again.reset();
        loop {
            tokio::select! {
                () = gateway.stop.cancelled() => break,
                _ = again.tick() => match authorise(&gateway, &headers, &topics).await {
                    Ok(now) => allowed = now,
                    Err(refused) if refused.code() == tonic::Code::Unauthenticated => {
                        yield Ok(Event::default().event("sessionEnded").data("{}"));
                        break;
                    }
                    // Grading is away: nothing new can come from it either.
                    Err(_) => {}
                },
                received = receiver.recv() => match received {
                    Ok(change) => {
                        for told in sse(&change, &allowed) {
                            yield Ok(told);
                        }
                    }
                    Err(RecvError::Lagged(_)) => yield Ok(reset()),
                    Err(RecvError::Closed) => break,
                },
            }
        }
    }
}

/// What a browser is told.
#[derive(Serialize)]
struct Told<'a> {
    topic: &'a str,
    #[serde(rename = "type")]
    kind: &'static str,
    resource: &'a str,
    revision: &'a str,
}

/// One event for each topic that the change touches. Only the last has the id: who
/// leaves between two of them hears of the change again.
fn sse(change: &LiveChange, topics: &HashSet<String>) -> Vec<Event> {
    let mut told: Vec<Event> = topics
        .iter()
        .filter_map(|topic| {
            let told = Told {
                topic,
                kind: change.kind(),
                resource: change.resource(topic)?,
                revision: &change.revision,
            };
            Some(
                Event::default()
                    .data(serde_json::to_string(&told).unwrap_or_else(|_| "{}".to_owned())),
            )
        })
        .collect();
    if let Some(last) = told.pop() {
        told.push(last.id(&change.revision));
    }
    told
}

fn reset() -> Event {
    Event::default().event("reset").data("{}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_leaves_between_two_children_hears_of_both_again() {
        let change = LiveChange::of_cells("e1.7", "jrn_1", &["per_1", "per_2", "per_3"]);
        let topics = ["pupil:per_1", "pupil:per_2", "pupil:per_9"].map(str::to_owned);
        let told = sse(&change, &topics.into_iter().collect());
        let text: Vec<String> = told.iter().map(|event| format!("{event:?}")).collect();
        assert_eq!(text.len(), 2);
        assert!(!text[0].contains("id: e1.7"), "{}", text[0]);
        assert!(text[1].contains("id: e1.7"), "{}", text[1]);
    }
}
