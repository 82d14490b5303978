//! Follows roster: names, staff, classes, enrolments, guardians.

mod roster;

pub use roster::Roster;
