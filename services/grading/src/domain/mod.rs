//! What grading decides, without a database or a network: values, cells, clocks,
//! corrections, the ledger.
//!
//! Invariant: a function here gives the same answer for the same arguments; time
//! comes in as an argument.

pub mod attendance;
pub mod cell;
pub mod clocks;
pub mod collation;
pub mod control_kind;
pub mod correction;
pub mod decide;
pub mod ledger;
pub mod lesson;
pub mod lesson_entry;
pub mod mark;
pub mod mean;
pub mod operation;
pub mod policy;
pub mod rejection;
pub mod week;
