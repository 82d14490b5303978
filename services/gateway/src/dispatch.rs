//! From an HTTP request to the RPC that answers it.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::Duration;

use axum::body::Body as HttpBody;
use axum::extract::{ConnectInfo, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use chassis::context::{self, CallContext};
use chassis::status::{self, Refusal};
use chassis::telemetry::TraceParent;
use futures::TryFutureExt;
use http::{HeaderMap, HeaderValue, Method, header, request::Parts, uri::PathAndQuery};
use http_body_util::{BodyExt, Limited};
use sha2::{Digest, Sha256};
use tonic::{Code, Status};
use zhurnal_proto::access::v1::Idempotency;

use crate::events::stream;
use crate::limits::Payer;
use crate::session::{cookie, csrf};
use crate::transcode::call::RawCodec;
use crate::transcode::request::{self, HttpInput};
use crate::transcode::response;
use crate::transcode::route::{Body, Matched, Route};
use crate::{Gateway, assets, problem};

/// Longest that a client may ask the gateway to wait (`Prefer: wait=N`).
const LONGEST_WAIT: Duration = Duration::from_secs(60);

/// What the caller has seen of other services' feeds: passed on as it is.
const MIN_VERSIONS: &str = "zhurnal-min-versions";

/// Puts the whole request into one trace: the client's `traceparent`, or a new one.
/// The services called, their logs and the problem that is answered name the same.
pub async fn trace(request: Request, next: Next) -> Response {
    let trace = request
        .headers()
        .get("traceparent")
        .and_then(|v| v.to_str().ok())
        .and_then(TraceParent::parse)
        .unwrap_or_else(TraceParent::random);
    let context = CallContext::of_edge(crate::NAME, trace);
    context::scope(context, next.run(request)).await
}

/// `GET /openapi.json`.
pub async fn openapi(State(gateway): State<Gateway>) -> Response {
    (
        [(header::CONTENT_TYPE, "application/json; charset=utf-8")],
        gateway.openapi.clone(),
    )
        .into_response()
}

/// Everything that axum has no route for: RPCs first, then files of the web.
pub async fn any(State(gateway): State<Gateway>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let path = parts.uri.path();
    match gateway.routes.find(&parts.method, path) {
        Matched::Route(route, values) => {
            let result = call(&gateway, route, values, &parts, body).await;
            result
                .map(|r| r.map(HttpBody::from))
                .unwrap_or_else(|refused| problem::response(&refused))
        }
        Matched::WrongMethod(allowed) => wrong_method(&allowed),
        Matched::Unknown
            if path.starts_with("/v1/")
                || path.starts_with("/session/")
                || path.starts_with("/oauth/")
                || path.starts_with("/.well-known/") =>
        {
            problem::response(&status::not_found("path"))
        }
        Matched::Unknown if matches!(parts.method, Method::GET | Method::HEAD) => {
            assets::serve(path, &parts.headers)
        }
        Matched::Unknown => problem::response(&status::not_found("path")),
    }
}

async fn call(
    gateway: &Gateway,
    route: &Route,
    values: Vec<(&str, String)>,
    parts: &Parts,
    body: HttpBody,
) -> Result<http::Response<Bytes>, Status> {
    let headers = &parts.headers;
    let by_cookie = headers.get(header::AUTHORIZATION).is_none()
        && cookie::read(headers, cookie::SESSION).is_some();
    if by_cookie && route.idempotency != Idempotency::Read {
        csrf::check(&parts.method, headers)?;
    }
    if by_cookie && route.hands_out_session {
        return Err(session_stays());
    }
    // Before the answer is made: it then holds everything up to there.
    let position = (parts.method == Method::GET)
        .then(|| gateway.hub.position())
        .flatten();
    let body = read_body(gateway, route, headers, body).await?;
    let message = request::build(
        route,
        HttpInput {
            path: values,
            query: parts.uri.query().unwrap_or_default(),
            body: &body,
            json: is_json(headers),
            idempotency_key: text(headers, "idempotency-key")?,
            if_match: text(headers, "if-match")?
                .map(|v| v.trim_start_matches("W/").trim_matches('"')),
        },
    )?;
    let message = Bytes::from(message);
    let answer = match send(gateway, route, headers, message.clone()).await {
        // The token of a session may run out between the cache and the service, and a
        // second factor may have been set up since it was made.
        Err(refused) if by_cookie && is_stale(&refused) => {
            if let Some(secret) = cookie::read(headers, cookie::SESSION) {
                gateway.exchange.forget(&secret).await;
            }
            send(gateway, route, headers, message).await?
        }
        other => other?,
    };
    let mut response = response::build(route, answer, headers)?;
    if let Some(position) = position.and_then(|it| HeaderValue::from_str(&it).ok()) {
        response.headers_mut().insert(stream::POSITION, position);
    }
    Ok(response)
}

/// The secret of a browser's session is in its cookie alone.
fn session_stays() -> Status {
    let message = "Сеанс браузера меняют по адресам /session/…: его секрет страница не видит";
    Refusal::new(Code::PermissionDenied, "SESSION_IN_COOKIE", message)
        .of_service("gateway")
        .into()
}

fn is_stale(refused: &Status) -> bool {
    matches!(
        status::reason(refused).as_str(),
        "TOKEN_EXPIRED" | "SECOND_FACTOR_MISSING"
    )
}

async fn send(
    gateway: &Gateway,
    route: &Route,
    headers: &HeaderMap,
    message: Bytes,
) -> Result<Bytes, Status> {
    let mut rpc = tonic::Request::new(message);
    rpc.set_timeout(wait(headers));
    if let Some(token) = gateway.token(headers).await? {
        let value = format!("Bearer {token}")
            .parse()
            .map_err(|_| status::unauthenticated("TOKEN_INVALID"))?;
        rpc.metadata_mut().insert("authorization", value);
    }
    if let Some(seen) = text(headers, MIN_VERSIONS)? {
        let seen = seen.parse().map_err(|_| {
            status::invalid_field(MIN_VERSIONS, "INVALID_ENCODING", "заголовок не в ASCII")
        })?;
        rpc.metadata_mut().insert(MIN_VERSIONS, seen);
    }
    let path = PathAndQuery::try_from(route.grpc_path.as_str())
        .map_err(|e| status::internal(anyhow::Error::from(e)))?;
    // Without a token the call is nobody's, not the gateway's.
    let channel = gateway.peers.channel(route.service).anonymous();
    let mut grpc = tonic::client::Grpc::new(channel).max_decoding_message_size(64 << 20);
    grpc.ready()
        .await
        .map_err(|_| status::unavailable("SERVICE_UNAVAILABLE", Duration::from_secs(1)))?;
    Ok(grpc.unary(rpc, path, RawCodec).await?.into_inner())
}

async fn read_body(
    gateway: &Gateway,
    route: &Route,
    headers: &HeaderMap,
    body: HttpBody,
) -> Result<Bytes, Status> {
    let limit = match &route.body {
        Body::File(field) => request::max_bytes(field).unwrap_or(gateway.config.max_json_bytes),
        _ => gateway.config.max_json_bytes,
    };
    let too_large = || {
        Status::from(
            Refusal::new(
                Code::InvalidArgument,
                "BODY_TOO_LARGE",
                format!("тело запроса больше {limit} байт"),
            )
            .with("limit", limit)
            .of_service("gateway"),
        )
    };
    let announced = headers
        .get(header::CONTENT_LENGTH)
        .and_then(|v| v.to_str().ok())
        .and_then(|v| v.parse::<usize>().ok());
    if announced.is_some_and(|length| length > limit) {
        return Err(too_large());
    }
    Limited::new(body, limit)
        .collect()
        .map_ok(|collected| collected.to_bytes())
        .await
        .map_err(
            |e| match e.downcast_ref::<http_body_util::LengthLimitError>() {
                Some(_) => too_large(),
                None => Status::cancelled("the client went away"),
            },
        )
}

fn is_json(headers: &HeaderMap) -> bool {
    headers
        .get(header::CONTENT_TYPE)
        .and_then(|v| v.to_str().ok())
        .is_some_and(|kind| {
            let kind = kind
                .split(';')
                .next()
                .unwrap_or_default()
                .trim()
                .to_ascii_lowercase();
            kind == "application/json" || kind.ends_with("+json")
        })
}

fn text<'a>(headers: &'a HeaderMap, name: &'static str) -> Result<Option<&'a str>, Status> {
    headers
        .get(name)
        .map(|v| {
            v.to_str().map_err(|_| {
                status::invalid_field(name, "INVALID_ENCODING", "заголовок не в ASCII")
            })
        })
        .transpose()
}

/// `Prefer: wait=N` (RFC 7240), at most a minute; 30 s without it.
fn wait(headers: &HeaderMap) -> Duration {
    headers
        .get("prefer")
        .and_then(|v| v.to_str().ok())
        .and_then(|v| v.split(',').find_map(|p| p.trim().strip_prefix("wait=")))
        .and_then(|v| v.parse().ok())
        .map_or(Duration::from_secs(30), |seconds| {
            Duration::from_secs(seconds).clamp(Duration::from_secs(1), LONGEST_WAIT)
        })
}

fn wrong_method(allowed: &[Method]) -> Response {
    let refused = Refusal::new(
        Code::Unimplemented,
        "METHOD_NOT_ALLOWED",
        "У этого адреса другой метод",
    )
    .of_service("gateway");
    let mut response = problem::response(&refused.into());
    let list = allowed
        .iter()
        .map(Method::as_str)
        .collect::<Vec<_>>()
        .join(", ");
    if let Ok(value) = HeaderValue::from_str(&list) {
        response.headers_mut().insert(header::ALLOW, value);
    }
    response
}

/// Rate limits, before anything costs something. Files of the web are free.
pub async fn limit(State(gateway): State<Gateway>, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let costs = ["/v1/", "/session/", "/oauth/"];
    if !costs.iter().any(|start| path.starts_with(start)) {
        return next.run(request).await;
    }
    let secret = cookie::read(request.headers(), cookie::SESSION).or_else(|| {
        request
            .headers()
            .get(header::AUTHORIZATION)
            .and_then(|v| v.to_str().ok())
            .map(str::to_owned)
    });
    let payer = match secret {
        Some(secret) => Payer::Session(Sha256::digest(secret.as_bytes()).into()),
        None => Payer::Address(address(&gateway, &request)),
    };
    match gateway.limits.check(&payer) {
        Ok(()) => next.run(request).await,
        Err(refused) => problem::response(&refused),
    }
}

fn address(gateway: &Gateway, request: &Request) -> IpAddr {
    let peer = request
        .extensions()
        .get::<ConnectInfo<SocketAddr>>()
        .map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |c| c.0.ip());
    if !gateway.config.trusted_proxies.contains(&peer) {
        return peer;
    }
    let forwarded = request
        .headers()
        .get("x-forwarded-for")
        .and_then(|v| v.to_str().ok());
    forwarded
        .and_then(|v| v.rsplit(',').next())
        .and_then(|v| v.trim().parse().ok())
        .unwrap_or(peer)
}
