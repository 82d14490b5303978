//! From configuration to a running process and back.
//!
//! A [`Suite`] composes any number of services and edges in one process; peers
//! that are not here are reached by URL. [`Suite::start`] opens databases, builds,
//! starts tasks, gRPC and the admin port; [`Running::stop`] drains: readiness off,
//! drain delay, stop accepting, finish in flight, cancel, stop tasks, close pools.

mod admin;
mod edge;
mod grpc;
mod host;
mod open;
mod running;
mod signals;
mod suite;
mod supervise;

pub use edge::{Edge, EdgeCx, Serving};
pub use host::Host;
pub use running::Running;
pub use suite::Suite;

#[cfg(test)]
pub(crate) use grpc::serve as serve_grpc;
pub use supervise::supervise;

#[cfg(test)]
mod tests;
