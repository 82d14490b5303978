//! The import of a whole school: a workbook is checked, its rows are judged, and the
//! chosen ones are applied all or nothing (settled question 7).
//!
//! Applying is two steps. Roster's rows, the events about them and the request for
//! schedule are written by one transaction; the school is PREPARING. A background task
//! then takes schedule's step, again and again until it is done, also after a crash;
//! both services know the step by the import's id, so it acts once. Then the school is
//! ACTIVE and the import APPLIED.

mod apply;
mod cells;
mod check;
mod findings;
mod forget;
mod own_errors;
mod plan_request;
mod present;
mod run_file;
mod steps;
#[cfg(test)]
mod tests;
mod upload;
mod workers;

pub(crate) use apply::apply;
pub(crate) use check::check_book;
pub(crate) use forget::forgetting_task;
pub(crate) use present::present;
pub(crate) use run_file::{Direct, apply_directly};
pub use run_file::{Finding, Options, Report, RunError, run_file};
pub(crate) use steps::{steps_task, wait};
pub(crate) use upload::{Upload, refused, upload};
pub use workers::Workers;
