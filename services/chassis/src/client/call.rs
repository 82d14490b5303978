//! One call to a peer: deadline, trace, retries.

use std::time::{Duration, Instant};

use bytes::Bytes;
use http::{HeaderMap, Request, Response};
use http_body_util::{BodyExt as _, Full};
use tonic::body::Body;
use tonic::{Code, Status};
use zhurnal_proto::access::v1::Idempotency;

use super::PeerChannel;
use crate::access::{Rule, Rules};
use crate::server::{GRPC_TIMEOUT, code_in, format_timeout};
use crate::status;
use crate::telemetry::TraceParent;

/// Deadline of a unary call when nothing limits it.
const DEFAULT: Duration = Duration::from_secs(10);
/// What the caller keeps of its deadline to answer in.
const MARGIN: Duration = Duration::from_millis(5);
/// Attempts after the first.
const RETRIES: u32 = 2;

/// UNAVAILABLE of a peer that cannot be reached.
pub(super) fn unavailable(peer: &str) -> Status {
    tracing::debug!(peer, "peer unavailable");
    status::unavailable("PEER_UNAVAILABLE", Duration::from_secs(1))
}

pub(super) async fn run(
    channel: &PeerChannel,
    mut request: Request<Body>,
) -> Result<Response<Body>, Status> {
    TraceParent::outgoing().inject(request.headers_mut());
    // A request for this process must not bring the extensions of another call.
    request.extensions_mut().clear();
    let rule = Rules::all()
        .ok()
        .and_then(|rules| rules.get(request.uri().path()).cloned());
    match rule {
        Some(rule) if rule.is_unary() => unary(channel, &rule, request).await,
        _ => {
            if let Some(left) = crate::context::remaining() {
                set_timeout(request.headers_mut(), left.saturating_sub(MARGIN))?;
            }
            channel.send(request).await
        }
    }
}

async fn unary(
    channel: &PeerChannel,
    rule: &Rule,
    request: Request<Body>,
) -> Result<Response<Body>, Status> {
    let until = Instant::now() + budgeted(request.headers())?;
    let (parts, body) = request.into_parts();
    let body = body.collect().await?.to_bytes();
    channel.deposit();
    let mut attempt = 0;
    loop {
        let mut request = Request::from_parts(parts.clone(), Body::new(Full::new(body.clone())));
        let left = until.saturating_duration_since(Instant::now());
        set_timeout(request.headers_mut(), left)?;
        let outcome = match tokio::time::timeout(left, whole(channel, request)).await {
            Ok(outcome) => outcome,
            Err(_) => return Err(status::deadline_exceeded()),
        };
        if attempt >= RETRIES || !repeatable(rule, &outcome) || !channel.may_retry() {
            return outcome.map(|answer| answer.map(Body::new));
        }
        attempt += 1;
        let pause = jitter(attempt);
        if Instant::now() + pause >= until {
            return outcome.map(|answer| answer.map(Body::new));
        }
        tracing::debug!(
            peer = channel.peer(),
            method = rule.method,
            attempt,
            "call repeated"
        );
        tokio::time::sleep(pause).await;
    }
}

type Collected = http_body_util::Collected<Bytes>;

/// The answer with its whole body, so that the deadline covers it and a late
/// UNAVAILABLE is seen.
async fn whole(
    channel: &PeerChannel,
    request: Request<Body>,
) -> Result<Response<Collected>, Status> {
    let (parts, body) = channel.send(request).await?.into_parts();
    let body = match body.collect().await {
        Ok(body) => body,
        Err(error) if error.code() == Code::Unknown || error.code() == Code::Internal => {
            tracing::debug!(peer = channel.peer(), error = %error, "answer broke off");
            return Err(unavailable(channel.peer()));
        }
        Err(error) => return Err(error),
    };
    Ok(Response::from_parts(parts, body))
}

/// UNAVAILABLE, and repeating does no harm: every rule says how a repeated call
/// behaves, and all ways are harmless.
fn repeatable(rule: &Rule, outcome: &Result<Response<Collected>, Status>) -> bool {
    if rule.idempotency == Idempotency::Unspecified {
        return false;
    }
    let code = match outcome {
        Err(status) => Some(status.code()),
        Ok(answer) => {
            code_in(answer.headers()).or_else(|| answer.body().trailers().and_then(code_in))
        }
    };
    code == Some(Code::Unavailable)
}

/// Time for the call: the least of the caller's own header, the rest of the
/// deadline in progress, and the default.
fn budgeted(headers: &HeaderMap) -> Result<Duration, Status> {
    let asked = headers
        .get(GRPC_TIMEOUT)
        .and_then(|v| v.to_str().ok())
        .and_then(crate::server::parse_timeout);
    let left = crate::context::remaining().map(|left| left.saturating_sub(MARGIN));
    let least = asked.unwrap_or(DEFAULT).min(left.unwrap_or(Duration::MAX));
    if least.is_zero() {
        Err(status::deadline_exceeded())
    } else {
        Ok(least)
    }
}

fn set_timeout(headers: &mut HeaderMap, left: Duration) -> Result<(), Status> {
    if left.is_zero() {
        return Err(status::deadline_exceeded());
    }
    let value = http::HeaderValue::from_str(&format_timeout(left)).map_err(status::internal)?;
    headers.insert(GRPC_TIMEOUT, value);
    Ok(())
}

/// Full jitter: up to 50 ms, then up to 100 ms.
fn jitter(attempt: u32) -> Duration {
    let most = 50_000 * u64::from(attempt);
    Duration::from_micros(rand::random_range(0..most))
}
