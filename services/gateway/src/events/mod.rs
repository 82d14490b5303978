//! Live events for browsers (SSE).

pub mod hub;
pub mod stream;
