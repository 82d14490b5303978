//! Reporting's database: copies of the others' facts, aggregates over them, report
//! jobs, witnessed checkpoints. Every query on school rows takes the school.

mod clock_sql;
mod column;
pub mod entity;
mod migration;
mod school;

pub mod board;
pub mod board_lessons;
pub mod board_pupils;
pub mod calendar;
pub mod cells;
pub mod checkpoints;
pub mod class_facts;
pub mod copies;
pub mod freshness;
pub mod jobs;
pub mod lessons;
pub mod queue;
pub mod sheet_copies;
pub mod sheet_facts;
pub mod sheets;
pub mod study;

pub use migration::migrations;
pub use school::School;
