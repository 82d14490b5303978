//! Browser sessions (backend for frontend): cookies at the edge, tokens inside.

pub mod cookie;
pub mod csrf;
pub mod exchange;
pub mod handlers;
