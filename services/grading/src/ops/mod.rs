//! Scripts that more than one RPC runs.

pub mod announce_journals;
pub mod change_log;
pub mod decide_correction;
