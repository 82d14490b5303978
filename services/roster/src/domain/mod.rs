//! Roster's rules. Pure: no transport, no database, no clock, no runtime.

pub mod school_import;
pub mod text;
