//! A part of the process that serves outsiders without a database: the gateway.

use std::fmt;

use futures::future::BoxFuture;
use tokio_util::sync::CancellationToken;

use crate::access::Access;
use crate::cache::Cache;
use crate::client::Peers;
use crate::clock::Clock;
use crate::config::Sources;
use crate::ids::Ids;
use crate::telemetry::Metrics;
use crate::token::Tokens;

/// What an edge is given. Cheap to clone.
#[derive(Clone, Debug)]
pub struct EdgeCx {
    /// Its name: the caller that peers see.
    pub name: &'static str,
    /// What time it is.
    pub clock: Clock,
    /// New ids and secrets.
    pub ids: Ids,
    /// The services.
    pub peers: Peers,
    /// Cache, namespaced by the edge.
    pub cache: Cache,
    /// Access policies.
    pub access: Access,
    /// Tokens.
    pub tokens: Tokens,
    /// Instruments.
    pub metrics: Metrics,
    /// The process's configuration; the edge reads its own section.
    pub sources: Sources,
    /// Cancelled when the process drains: stop accepting, finish, return.
    pub stop: CancellationToken,
}

/// An edge that is bound to its port, ready to be awaited until the drain.
pub type Serving = BoxFuture<'static, anyhow::Result<()>>;

type Bind = Box<dyn FnOnce(EdgeCx) -> BoxFuture<'static, anyhow::Result<Serving>> + Send>;

/// An edge as a value.
pub struct Edge {
    pub(super) name: &'static str,
    pub(super) bind: Bind,
}

impl Edge {
    /// `bind` opens the port (an error stops the start) and gives the future that
    /// serves; it ends soon after [`EdgeCx::stop`] is cancelled.
    pub fn new<F, Fut>(name: &'static str, bind: F) -> Self
    where
        F: FnOnce(EdgeCx) -> Fut + Send + 'static,
        Fut: Future<Output = anyhow::Result<Serving>> + Send + 'static,
    {
        Self {
            name,
            bind: Box::new(move |cx| Box::pin(bind(cx))),
        }
    }
}

impl fmt::Debug for Edge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Edge")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}
