//! Follows roster (who is told) and grading and schedule (what there is to tell).

mod grading;
mod roster;
mod schedule;

pub use grading::Grading;
pub use roster::Roster;
pub use schedule::Schedule;
