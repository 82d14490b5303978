//! Follows roster (who is told) and grading (what there is to tell).

mod grading;
mod roster;

pub use grading::Grading;
pub use roster::Roster;
