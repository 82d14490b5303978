//! One service behind its layers, as a tower service.

use std::any::Any;
use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use bytes::Bytes;
use futures::future::BoxFuture;
use http::{Request, Response};
use serde::{Deserialize, Serialize};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tonic::body::Body;
use tonic::service::Routes;
use tonic::{Code, Status};
use tower::Service;
use tracing::Instrument as _;

use super::clients::ClientRates;
use super::deadline::{self, DeadlineRules};
use super::limit::{LimitConfig, Limiter};
use super::{auth, body, panic};
use crate::access::{Access, Rule, RuleError, Rules};
use crate::causal;
use crate::context::{self, CallContext};
use crate::db::Db;
use crate::status;
use crate::telemetry::{Metrics, TraceParent};
use crate::token::Tokens;

/// Deadlines and limits of the stack: part of table `[server]`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct StackConfig {
    /// Deadline of a unary call that brings none, in milliseconds.
    pub default_deadline_ms: u64,
    /// Longest deadline a unary call may ask for, in milliseconds.
    pub longest_deadline_ms: u64,
    /// Adaptive concurrency.
    pub limit: LimitConfig,
}

impl Default for StackConfig {
    fn default() -> Self {
        Self {
            default_deadline_ms: 30_000,
            longest_deadline_ms: 60_000,
            limit: LimitConfig::default(),
        }
    }
}

/// What the stacks of a process share.
#[derive(Clone, Debug)]
pub struct Guards {
    /// Verifies who calls.
    pub tokens: Tokens,
    /// Decides what they may try.
    pub access: Access,
    /// Counts what happens.
    pub metrics: Metrics,
    /// Calls in flight: the drain waits for them.
    pub calls: TaskTracker,
    /// Cancels calls that are still in flight after the grace.
    pub abort: CancellationToken,
    /// How often other systems call.
    clients: ClientRates,
}

impl Guards {
    /// Guards of one process.
    pub fn new(tokens: Tokens, access: Access, metrics: Metrics) -> Self {
        Self {
            tokens,
            access,
            metrics,
            calls: TaskTracker::new(),
            abort: CancellationToken::new(),
            clients: ClientRates::new(),
        }
    }
}

/// Routes of one service behind the layers. Cheap to clone.
#[derive(Clone)]
pub struct Stack {
    shared: Arc<Shared>,
    routes: Routes,
}

struct Shared {
    service: &'static str,
    rules: Rules,
    guards: Guards,
    /// Database with the copies of other services' facts.
    copies: Option<Db>,
    limiter: Arc<Limiter>,
    streams: Arc<AtomicUsize>,
    most_streams: usize,
    deadlines: DeadlineRules,
}

impl std::fmt::Debug for Stack {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Stack")
            .field("service", &self.shared.service)
            .finish_non_exhaustive()
    }
}

/// Puts the layers around a service's routes; `copies` is the service's database.
/// Fails when an RPC of package `zhurnal.<service>.v1` has no complete access rule.
pub fn stack(
    service: &'static str,
    routes: Routes,
    guards: &Guards,
    config: &StackConfig,
    copies: Option<&Db>,
) -> Result<Stack, RuleError> {
    let shared = Shared {
        service,
        rules: Rules::of_service(service)?,
        guards: guards.clone(),
        copies: copies.cloned(),
        limiter: Limiter::new(&config.limit),
        streams: Arc::new(AtomicUsize::new(0)),
        most_streams: config.limit.streams,
        deadlines: DeadlineRules {
            default: Duration::from_millis(config.default_deadline_ms),
            longest: Duration::from_millis(config.longest_deadline_ms),
        },
    };
    Ok(Stack {
        shared: Arc::new(shared),
        routes: routes.prepare(),
    })
}

impl Stack {
    /// Short name of the service.
    pub fn service(&self) -> &'static str {
        self.shared.service
    }
}

impl<B> Service<Request<B>> for Stack
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
        let (shared, routes) = (self.shared.clone(), self.routes.clone());
        let request = request.map(Body::new);
        Box::pin(async move { Ok(shared.answer(routes, request).await) })
    }
}

/// An answer and, for a stream, the place it takes.
type Answer = (Response<Body>, Option<StreamSlot>);

impl Shared {
    /// Trace and metrics.
    async fn answer(&self, routes: Routes, request: Request<Body>) -> Response<Body> {
        let trace =
            TraceParent::from_headers(request.headers()).unwrap_or_else(TraceParent::random);
        let mut context = CallContext {
            service: self.service,
            deadline: None,
            trace,
            keeps_tokens: request.headers().contains_key(causal::MIN_VERSIONS),
        };
        let Some(rule) = self.rules.get(request.uri().path()).cloned() else {
            self.guards
                .metrics
                .call(self.service, "unknown")
                .finish(Code::Unimplemented);
            let path = request.uri().path();
            return context::enter(&context, || status::unimplemented(path)).into_http();
        };
        let span = tracing::info_span!(
            "rpc",
            otel.name = rule.path,
            otel.kind = "server",
            service = rule.service,
            method = rule.method,
            trace_id = trace.trace_id(),
        );
        trace.adopt(&span);
        let measured = self.guards.metrics.call(rule.service, rule.method);
        let in_flight = self.guards.calls.token();
        let deadline = context::enter(&context, || {
            deadline::of_call(request.headers(), rule.is_unary(), self.deadlines)
        });
        let outcome = match deadline {
            Ok(deadline) => {
                context.deadline = deadline;
                let timed = self.timed(&rule, routes, request, deadline);
                context::scope(context.clone(), timed)
                    .instrument(span.clone())
                    .await
            }
            Err(status) => Err(status),
        };
        match outcome {
            Ok((response, slot)) => {
                let held: Box<dyn Any + Send> = Box::new((slot, in_flight));
                body::watch(response, measured, context, span, held)
            }
            Err(status) => {
                measured.finish(status.code());
                status.into_http()
            }
        }
    }

    /// Deadline, the process's hard stop, and catch-panic.
    async fn timed(
        &self,
        rule: &Rule,
        routes: Routes,
        request: Request<Body>,
        deadline: Option<Instant>,
    ) -> Result<Answer, Status> {
        let handled = panic::catch(self.admitted(rule, routes, request, deadline));
        let timed = async {
            match deadline {
                None => handled.await,
                Some(at) => match tokio::time::timeout_at(at.into(), handled).await {
                    Ok(outcome) => outcome,
                    Err(_) => Err(status::deadline_exceeded()),
                },
            }
        };
        tokio::select! {
            biased;
            outcome = timed => outcome,
            () = self.guards.abort.cancelled() => {
                Err(status::unavailable("SHUTTING_DOWN", Duration::from_secs(1)))
            }
        }
    }

    /// Adaptive concurrency; streams are counted apart.
    async fn admitted(
        &self,
        rule: &Rule,
        routes: Routes,
        request: Request<Body>,
        deadline: Option<Instant>,
    ) -> Result<Answer, Status> {
        if rule.server_streaming {
            let slot = self
                .stream_slot()
                .ok_or_else(|| self.shed(rule, Duration::from_secs(5)))?;
            let response = self.authorised(rule, routes, request).await?;
            return Ok((response, Some(slot)));
        }
        let permit = self
            .limiter
            .acquire(rule.criticality, deadline)
            .await
            .map_err(|shed| self.shed(rule, shed.0))?;
        let start = Instant::now();
        let response = self.authorised(rule, routes, request).await?;
        permit.served(rule.method, start.elapsed());
        Ok((response, None))
    }

    /// Authentication, access rule, proof of the session, rate of a client, freshness
    /// of the copies, handler.
    async fn authorised(
        &self,
        rule: &Rule,
        mut routes: Routes,
        mut request: Request<Body>,
    ) -> Result<Response<Body>, Status> {
        let tokens = &self.guards.tokens;
        let (caller, standing) = auth::authenticate(request.headers(), tokens, self.service)?;
        auth::admit(rule, &self.guards.access, &caller)?;
        auth::proven(rule, standing.proof, tokens.now())?;
        self.guards.clients.check(&caller, standing)?;
        let seen = causal::asked(request.headers())?.unwrap_or_default();
        if let Some(copies) = &self.copies {
            causal::reached(copies, &seen).await?;
        }
        request.extensions_mut().insert(caller);
        match routes.call(request).await {
            Ok(response) => Ok(response),
            Err(never) => match never {},
        }
    }

    fn shed(&self, rule: &Rule, retry: Duration) -> Status {
        self.guards.metrics.shed(rule.service, rule.method);
        status::overloaded(retry)
    }

    fn stream_slot(&self) -> Option<StreamSlot> {
        let before = self.streams.fetch_add(1, Ordering::Relaxed);
        let slot = StreamSlot(self.streams.clone());
        (before < self.most_streams).then_some(slot)
    }
}

/// One open stream; leaves when dropped.
struct StreamSlot(Arc<AtomicUsize>);

impl Drop for StreamSlot {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}
