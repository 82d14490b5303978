//! The channel that generated clients are built over.

use std::task::{Context, Poll};

use futures::future::BoxFuture;
use http::header::{AUTHORIZATION, HeaderValue};
use http::{Request, Response};
use tonic::Status;
use tonic::body::Body;
use tower::{Service, ServiceExt as _};

use super::{Peers, call};
use crate::status;

/// A way to one peer. Cheap to clone; each call may use another connection.
#[derive(Clone, Debug)]
pub struct PeerChannel {
    peers: Peers,
    name: &'static str,
    bearer: Option<HeaderValue>,
}

impl PeerChannel {
    pub(super) fn new(peers: Peers, name: &'static str) -> Self {
        Self {
            peers,
            name,
            bearer: None,
        }
    }

    /// The same channel speaking for a user: forwards the user's access token
    /// instead of the service's own. A text that cannot be a header is refused.
    pub fn with_bearer(&self, token: &str) -> Result<Self, Status> {
        let mut value = HeaderValue::from_str(&format!("Bearer {token}"))
            .map_err(|_| status::unauthenticated("TOKEN_INVALID"))?;
        value.set_sensitive(true);
        Ok(Self {
            bearer: Some(value),
            ..self.clone()
        })
    }

    /// The same channel without any identity: calls that anonymous callers may make.
    pub fn anonymous(&self) -> Self {
        Self {
            bearer: Some(HeaderValue::from_static("")),
            ..self.clone()
        }
    }

    /// Name of the peer.
    pub fn peer(&self) -> &'static str {
        self.name
    }

    /// Adds the identity unless the request brings its own.
    fn identify(&self, request: &mut Request<Body>) -> Result<(), Status> {
        if request.headers().contains_key(AUTHORIZATION) {
            return Ok(());
        }
        let value = match &self.bearer {
            Some(value) if value.is_empty() => return Ok(()),
            Some(value) => value.clone(),
            None => self.own_token()?,
        };
        request.headers_mut().insert(AUTHORIZATION, value);
        Ok(())
    }

    fn own_token(&self) -> Result<HeaderValue, Status> {
        let token = self
            .peers
            .shared
            .tokens
            .mint_service(self.peers.from, self.name)
            .map_err(status::internal)?;
        let mut value =
            HeaderValue::from_str(&format!("Bearer {token}")).map_err(status::internal)?;
        value.set_sensitive(true);
        Ok(value)
    }

    /// One attempt: in process if the peer is hosted here, else over a connection.
    pub(super) async fn send(&self, request: Request<Body>) -> Result<Response<Body>, Status> {
        if let Some(mut stack) = self.peers.hosted(self.name) {
            return match stack.call(request).await {
                Ok(response) => Ok(response),
                Err(never) => match never {},
            };
        }
        let Some(remote) = self.peers.shared.remote.get(self.name) else {
            return Err(call::unavailable(self.name));
        };
        match remote.channel().oneshot(request).await {
            Ok(response) => Ok(response),
            Err(error) if timed_out(&error) => Err(status::deadline_exceeded()),
            Err(error) => {
                tracing::debug!(peer = self.name, error = %error, "peer unreachable");
                Err(call::unavailable(self.name))
            }
        }
    }

    pub(super) fn deposit(&self) {
        self.peers.budget(self.name).deposit();
    }

    pub(super) fn may_retry(&self) -> bool {
        self.peers.budget(self.name).withdraw()
    }
}

/// tonic's own client timer reads `grpc-timeout` too and may fire first.
fn timed_out(error: &tonic::transport::Error) -> bool {
    let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(error) = cause {
        if error.is::<tonic::TimeoutExpired>() {
            return true;
        }
        cause = error.source();
    }
    false
}

impl Service<Request<Body>> for PeerChannel {
    type Response = Response<Body>;
    type Error = Status;
    type Future = BoxFuture<'static, Result<Response<Body>, Status>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Status>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, mut request: Request<Body>) -> Self::Future {
        let channel = self.clone();
        Box::pin(async move {
            channel.identify(&mut request)?;
            call::run(&channel, request).await
        })
    }
}
