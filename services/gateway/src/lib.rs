//! The HTTP edge: JSON for every RPC of the contract, browser sessions, live
//! events, the web interface. It owns no data and knows no rule of a school.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used))]

mod assets;
mod config;
mod dispatch;
mod events;
mod headers;
mod limits;
mod openapi;
mod problem;
mod session;
mod transcode;

use std::sync::Arc;

use axum::Router;
use axum::routing::{get, post};
use chassis::client::Peers;
use chassis::status;
use chassis::task::Task;
use http::{HeaderMap, header};
use prost::Message;
use prost_reflect::DynamicMessage;
use tokio_util::sync::CancellationToken;
use tonic::Status;

pub use config::Config;
use events::hub::Hub;
use limits::Limits;
use session::{cookie, exchange::Exchange, handlers};
use transcode::route::{RouteError, Routes};

/// Defaults with comments, for `zhurnal check-config`.
pub const DEFAULTS: &str = include_str!("../config.default.toml");

/// Everything that a request needs; cheap to clone.
#[derive(Clone)]
pub struct Gateway {
    inner: Arc<Inner>,
    peers: Peers,
    exchange: Exchange,
    hub: Hub,
    limits: Limits,
    stop: CancellationToken,
}

struct Inner {
    routes: Routes,
    openapi: bytes::Bytes,
    config: Config,
}

/// The gateway ready to serve: the router and what must run beside it.
pub struct Edge {
    /// All HTTP routes.
    pub router: Router,
    /// Background tasks.
    pub tasks: Vec<Task>,
}

/// The OpenAPI 3.1 document of the contract.
pub fn openapi() -> Result<serde_json::Value, RouteError> {
    let pool = zhurnal_proto::descriptor_pool();
    Ok(openapi::document(&Routes::from_pool(pool)?, pool, zhurnal_proto::FILE_DESCRIPTOR_SET))
}

/// Puts the gateway together; `stop` ends its open streams.
pub fn build(peers: Peers, config: Config, stop: CancellationToken) -> anyhow::Result<Edge> {
    let routes = Routes::from_pool(zhurnal_proto::descriptor_pool())?;
    let openapi = serde_json::to_vec(&openapi()?)?.into();
    let hub = Hub::new(config.replay_events);
    let limits = Limits::new(&config);
    let tasks = vec![hub.task(peers.clone()), forget_quiet(limits.clone())];
    let gateway = Gateway {
        exchange: Exchange::new(peers.clone()),
        inner: Arc::new(Inner { routes, openapi, config }),
        peers,
        hub,
        limits,
        stop,
    };
    let router = Router::new()
        .route("/session/logIn", post(handlers::log_in))
        .route("/session/register", post(handlers::register))
        .route("/session/switchRole", post(handlers::switch_role))
        .route("/session/logOut", post(handlers::log_out))
        .route("/v1/events", get(events::stream::follow))
        .route("/openapi.json", get(dispatch::openapi))
        .fallback(dispatch::any)
        .layer(axum::middleware::from_fn_with_state(gateway.clone(), headers::secure))
        .layer(axum::middleware::from_fn_with_state(gateway.clone(), dispatch::limit))
        .layer(tower_http::compression::CompressionLayer::new())
        .with_state(gateway);
    Ok(Edge { router, tasks })
}

impl Gateway {
    /// The access token of a request: its bearer token, or that of the session
    /// cookie. Both at once is refused, so that one cannot ride on the other.
    pub(crate) async fn token(&self, headers: &HeaderMap) -> Result<Option<String>, Status> {
        let bearer = headers.get(header::AUTHORIZATION).and_then(|v| v.to_str().ok());
        let secret = cookie::read(headers, cookie::SESSION);
        match (bearer, secret) {
            (Some(_), Some(_)) => Err(status::invalid_field(
                "Authorization",
                "TWO_CREDENTIALS",
                "запрос несёт и cookie, и токен; нужно что-то одно",
            )),
            (Some(bearer), None) => match bearer.split_once(' ') {
                Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => Ok(Some(token.to_owned())),
                _ => Err(status::unauthenticated("TOKEN_INVALID")),
            },
            (None, Some(secret)) => Ok(Some(self.exchange.exchange(&secret).await?.access_token.clone())),
            (None, None) => Ok(None),
        }
    }

    /// Canonical ProtoJSON of one of our messages.
    pub(crate) fn json(&self, message: &impl NamedMessage) -> Result<Vec<u8>, Status> {
        let pool = zhurnal_proto::descriptor_pool();
        let descriptor = pool
            .get_message_by_name(message.full_name())
            .ok_or_else(|| status::internal(anyhow::anyhow!("{} is not in the contract", message.full_name())))?;
        let dynamic = DynamicMessage::decode(descriptor, message.encode_to_vec().as_slice())
            .map_err(|e| status::internal(anyhow::anyhow!("undecodable: {e}")))?;
        serde_json::to_vec(&dynamic).map_err(|e| status::internal(anyhow::anyhow!("not JSON: {e}")))
    }
}

/// A message that knows its full name.
pub(crate) trait NamedMessage: Message {
    /// `zhurnal.identity.v1.Me`.
    fn full_name(&self) -> &'static str;
}

impl NamedMessage for zhurnal_proto::identity::v1::Me {
    fn full_name(&self) -> &'static str {
        "zhurnal.identity.v1.Me"
    }
}

fn forget_quiet(limits: Limits) -> Task {
    Task::new("forget quiet callers", move |stop: CancellationToken| {
        let limits = limits.clone();
        async move {
            let mut minute = tokio::time::interval(std::time::Duration::from_secs(60));
            loop {
                tokio::select! {
                    () = stop.cancelled() => return Ok(()),
                    _ = minute.tick() => limits.forget_quiet(),
                }
            }
        }
    })
}
