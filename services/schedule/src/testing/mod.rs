//! What tests stand on: the service behind its whole stack, callers of every kind,
//! and plans to put.

pub mod calendars;
pub mod days;
pub mod events;
pub mod lesson_plans;
pub mod new_year;
mod plans;
pub mod school_years;
pub mod study_documents;
pub mod timetables;
mod world;

pub use plans::{a_plan, id, school_12};
pub use world::{Calls, World, refused, staff_member, text, violations};
