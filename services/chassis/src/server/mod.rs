//! The server stack: what every call passes, in process and over TCP alike.
//!
//! Order: trace and metrics → deadline → catch-panic → adaptive concurrency by
//! criticality → authentication → access rule → proof of the session, rate of a
//! client → freshness of copies → handler. `grpc.health.v1` and reflection stand
//! beside it (see [`ops_routes`]).

mod auth;
mod body;
mod clients;
mod deadline;
mod gradient;
mod limit;
mod multiplex;
mod ops;
mod panic;
mod stack;

pub use auth::PROOF_LIFE;
pub use limit::LimitConfig;
pub use multiplex::Multiplex;
pub use ops::{Health, ops_routes};
pub use panic::install_panic_hook;
pub use stack::{Guards, Stack, StackConfig, stack};

pub(crate) use body::code_in;
pub(crate) use deadline::{GRPC_TIMEOUT, format as format_timeout, parse as parse_timeout};

#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;
