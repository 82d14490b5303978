//! Schedule's database: calendars, catalogue, timetables, lessons, lesson plans, and the copy of
//! roster's facts. Every query on school rows takes the school.

mod column;
mod dated_lessons;
mod entity;
mod migration;
mod school;

pub mod calendar_subscriptions;
pub mod calendars;
pub mod catalogue;
pub mod day_changes;
pub mod event_people;
pub mod free_days;
pub mod ground;
pub mod in_step;
pub mod lesson_plans;
pub mod lessons;
pub mod loads;
pub mod plan_loads;
pub mod plans;
pub mod roster_copy;
pub mod school_events;
pub mod school_years;
pub mod study_documents;
pub mod timetables;
pub mod year_groups;

pub use migration::migrations;
pub use school::School;
