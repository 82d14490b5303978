//! What reporting computes, without a database: whose entry is overdue, what a
//! class has achieved, where a job stands.

pub mod average;
pub mod class_summary;
pub mod days;
pub mod due;
pub mod job;
pub mod pairs;
pub mod performance;
pub mod period;
pub mod sheet;
pub mod tally;
