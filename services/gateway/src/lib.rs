//! The HTTP edge: JSON for every RPC of the contract, browser sessions, live
//! events, the web interface. It owns no data and knows no rule of a school.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used))]

mod assets;
mod config;
mod dispatch;
mod events;
mod headers;
mod limits;
mod oauth;
mod openapi;
mod problem;
mod session;
mod transcode;

use std::net::SocketAddr;
use std::sync::Arc;

use anyhow::Context;
use axum::Router;
use axum::routing::{get, post};
use axum::serve::ListenerExt;
use chassis::cache::Cache;
use chassis::client::Peers;
use chassis::config::{ConfigError, Sources};
use chassis::lifecycle::{Edge, EdgeCx, Serving, supervise};
use chassis::status;
use chassis::task::Task;
use http::{HeaderMap, header};
use prost::Message;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tonic::Status;

pub use config::Config;
use events::hub::Hub;
use limits::Limits;
use session::{cookie, exchange::Exchange, handlers};
use transcode::route::{RouteError, Routes};
use transcode::to_json::Encoded;

/// Section of the configuration.
pub const NAME: &str = "gateway";
/// Defaults with comments.
pub const DEFAULTS: &str = include_str!("../config.default.toml");

/// Everything that a request needs; cheap to clone.
#[derive(Clone)]
pub struct Gateway {
    inner: Arc<Inner>,
}

/// Parts of [`Gateway`].
pub struct Inner {
    routes: Routes,
    openapi: bytes::Bytes,
    config: Config,
    peers: Peers,
    exchange: Exchange,
    hub: Hub,
    limits: Limits,
    stop: CancellationToken,
}

impl std::ops::Deref for Gateway {
    type Target = Inner;
    fn deref(&self) -> &Inner {
        &self.inner
    }
}

/// The gateway ready to serve: the router and what must run beside it.
struct Assembly {
    router: Router,
    tasks: Vec<Task>,
}

/// The gateway as an edge of a suite. `bound` hears the address once the port is open.
pub fn edge(bound: impl FnOnce(SocketAddr) + Send + 'static) -> Edge {
    Edge::new(NAME, move |cx: EdgeCx| async move {
        let config: Config = cx.sources.section(NAME, DEFAULTS)?;
        let listener = TcpListener::bind(&config.http)
            .await
            .with_context(|| format!("gateway.http: {}", config.http))?;
        bound(listener.local_addr()?);
        let Assembly { router, tasks } = build(cx.peers, cx.cache, config, cx.stop.clone())?;
        let stop = cx.stop;
        let supervised: Vec<_> = tasks
            .into_iter()
            .map(|task| supervise(NAME, task, stop.clone()))
            .collect();
        let serving: Serving = Box::pin(async move {
            let service = router.into_make_service_with_connect_info::<SocketAddr>();
            let listener = listener.tap_io(|stream| {
                // A mark is one small packet: do not hold it back.
                let _ = stream.set_nodelay(true);
            });
            axum::serve(listener, service)
                .with_graceful_shutdown(stop.cancelled_owned())
                .await?;
            futures::future::join_all(supervised).await;
            Ok(())
        });
        Ok(serving)
    })
}

/// The effective configuration as TOML.
pub fn print_config(sources: &Sources) -> Result<String, ConfigError> {
    let config: Config = sources.section(NAME, DEFAULTS)?;
    let table = std::collections::BTreeMap::from([(NAME, config)]);
    toml::to_string_pretty(&table).map_err(|e| ConfigError::Invalid(e.to_string()))
}

/// The OpenAPI 3.1 document of the contract.
pub fn openapi() -> Result<serde_json::Value, RouteError> {
    let pool = zhurnal_proto::descriptor_pool();
    Ok(openapi::document(
        &Routes::from_pool(pool)?,
        pool,
        zhurnal_proto::FILE_DESCRIPTOR_SET,
    ))
}

/// Puts the gateway together; `stop` ends its open streams.
fn build(
    peers: Peers,
    cache: Cache,
    config: Config,
    stop: CancellationToken,
) -> anyhow::Result<Assembly> {
    let routes = Routes::from_pool(zhurnal_proto::descriptor_pool())?;
    let openapi = serde_json::to_vec(&openapi()?)?.into();
    let hub = Hub::new(config.replay_events);
    let limits = Limits::new(&config, cache.is_shared().then_some(cache));
    let tasks = vec![hub.task(peers.clone()), forget_quiet(limits.clone())];
    let inner = Inner {
        routes,
        openapi,
        config,
        exchange: Exchange::new(peers.clone()),
        peers,
        hub,
        limits,
        stop,
    };
    let gateway = Gateway {
        inner: Arc::new(inner),
    };
    let router = Router::new()
        .route("/session/logIn", post(handlers::log_in))
        .route("/session/completeLogIn", post(handlers::complete_log_in))
        .route("/session/register", post(handlers::register))
        .route("/session/switchRole", post(handlers::switch_role))
        .route("/session/stepUp", post(handlers::step_up))
        .route("/oauth/token", post(oauth::token))
        .route(oauth::METADATA_PATH, get(oauth::metadata))
        .route("/session/logOut", post(handlers::log_out))
        .route("/v1/events", get(events::stream::follow))
        .route("/openapi.json", get(dispatch::openapi))
        .fallback(dispatch::any)
        .layer(axum::middleware::from_fn_with_state(
            gateway.clone(),
            headers::secure,
        ))
        .layer(axum::middleware::from_fn_with_state(
            gateway.clone(),
            dispatch::limit,
        ))
        .layer(tower_http::compression::CompressionLayer::new())
        .layer(axum::middleware::from_fn(dispatch::trace))
        .with_state(gateway);
    Ok(Assembly { router, tasks })
}

impl Gateway {
    /// The access token of a request: its bearer token, or that of the session
    /// cookie. Both at once is refused, so that one cannot ride on the other.
    pub(crate) async fn token(&self, headers: &HeaderMap) -> Result<Option<String>, Status> {
        let bearer = headers
            .get(header::AUTHORIZATION)
            .and_then(|v| v.to_str().ok());
        let secret = cookie::read(headers, cookie::SESSION);
        match (bearer, secret) {
            (Some(_), Some(_)) => Err(status::invalid_field(
                "Authorization",
                "TWO_CREDENTIALS",
                "запрос несёт и cookie, и токен; нужно что-то одно",
            )),
            (Some(bearer), None) => match bearer.split_once(' ') {
                Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => {
                    Ok(Some(token.to_owned()))
                }
                _ => Err(status::unauthenticated("TOKEN_INVALID")),
            },
            (None, Some(secret)) => Ok(Some(
                self.exchange.exchange(&secret).await?.access_token.clone(),
            )),
            (None, None) => Ok(None),
        }
    }

    /// Canonical ProtoJSON of one of our messages.
    pub(crate) fn json(&self, message: &impl NamedMessage) -> Result<Vec<u8>, Status> {
        let layout = self.routes.layout(message.full_name()).ok_or_else(|| {
            status::internal(anyhow::anyhow!("{} has no layout", message.full_name()))
        })?;
        serde_json::to_vec(&Encoded::new(&layout, &message.encode_to_vec()))
            .map_err(|e| status::internal(anyhow::anyhow!("not JSON: {e}")))
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
