//! Several services on one port: the package in the path picks the stack.

use std::collections::HashMap;
use std::convert::Infallible;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use futures::future::BoxFuture;
use http::{Request, Response};
use tonic::body::Body;
use tonic::service::Routes;
use tower::Service;

use super::Stack;
use crate::status;

/// The hosted stacks and the operational routes of a process.
#[derive(Clone, Debug)]
pub struct Multiplex {
    stacks: Arc<HashMap<&'static str, Stack>>,
    ops: Routes,
}

impl Multiplex {
    /// `ops` answers `/grpc.*`: health and reflection.
    pub fn new(stacks: impl IntoIterator<Item = Stack>, ops: Routes) -> Self {
        let stacks = stacks.into_iter().map(|s| (s.service(), s)).collect();
        Self {
            stacks: Arc::new(stacks),
            ops,
        }
    }
}

impl<B> Service<Request<B>> for Multiplex
where
    B: http_body::Body<Data = Bytes> + Send + 'static,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = BoxFuture<'static, Result<Response<Body>, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let path = request.uri().path();
        if let Some(stack) = service_of(path).and_then(|name| self.stacks.get(name)) {
            return stack.clone().call(request);
        }
        if path.starts_with("/grpc.") {
            return Box::pin(self.ops.call(request));
        }
        let refused = status::unimplemented(path).into_http();
        Box::pin(async move { Ok(refused) })
    }
}

/// `/zhurnal.grading.v1.GradingService/RecordMarks` → `grading`.
fn service_of(path: &str) -> Option<&str> {
    path.strip_prefix("/zhurnal.")?.split('.').next()
}
