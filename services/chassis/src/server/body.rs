//! Watches an answer to its end: code for the metrics, panics of a stream, the
//! call's context while a stream is polled, and what must live as long as it.

use std::any::Any;
use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http::HeaderMap;
use http_body::{Frame, SizeHint};
use tonic::body::Body;
use tonic::{Code, Status};

use crate::context::CallContext;
use crate::telemetry::CallMetrics;

const GRPC_STATUS: &str = "grpc-status";

/// Wraps the answer of a handler. `held` is dropped with the body.
pub(super) fn watch(
    response: http::Response<Body>,
    measured: CallMetrics,
    context: CallContext,
    span: tracing::Span,
    held: Box<dyn Any + Send>,
) -> http::Response<Body> {
    if let Some(code) = code_in(response.headers()) {
        measured.finish(code);
        return response;
    }
    response.map(|inner| {
        Body::new(Watched {
            inner,
            measured: Some(measured),
            context,
            span,
            _held: held,
        })
    })
}

/// The code of an answer that is only trailers.
pub(crate) fn code_in(headers: &HeaderMap) -> Option<Code> {
    headers
        .get(GRPC_STATUS)
        .map(|v| Code::from_bytes(v.as_bytes()))
}

struct Watched {
    inner: Body,
    measured: Option<CallMetrics>,
    context: CallContext,
    span: tracing::Span,
    _held: Box<dyn Any + Send>,
}

impl Watched {
    fn finish(&mut self, code: Code) {
        if let Some(measured) = self.measured.take() {
            measured.finish(code);
        }
    }
}

impl http_body::Body for Watched {
    type Data = Bytes;
    type Error = Status;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Status>>> {
        let this = &mut *self;
        let inner = Pin::new(&mut this.inner);
        let polled = this.span.in_scope(|| {
            crate::context::enter(&this.context, || {
                std::panic::catch_unwind(AssertUnwindSafe(|| inner.poll_frame(cx)))
                    .map_err(|panic| super::panic::caught(panic.as_ref()))
            })
        });
        let polled = polled.unwrap_or_else(|status| {
            this.inner = Body::empty();
            Poll::Ready(Some(Ok(trailers(&status))))
        });
        match &polled {
            Poll::Ready(None) => this.finish(Code::Ok),
            Poll::Ready(Some(Err(status))) => {
                let code = status.code();
                this.finish(code);
            }
            Poll::Ready(Some(Ok(frame))) => {
                if let Some(trailers) = frame.trailers_ref() {
                    let code = code_in(trailers).unwrap_or(Code::Unknown);
                    this.finish(code);
                }
            }
            Poll::Pending => {}
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}

fn trailers(status: &Status) -> Frame<Bytes> {
    let mut headers = HeaderMap::new();
    if status.add_header(&mut headers).is_err() {
        headers.insert(GRPC_STATUS, http::HeaderValue::from_static("13"));
    }
    Frame::trailers(headers)
}
