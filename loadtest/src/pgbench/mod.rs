//! The bare transaction: what PostgreSQL alone does with the rows that a save
//! leaves behind, run by pgbench against a copy of grading's own database.

mod run;
mod sample;
mod script;

pub use run::{Bench, Measured};
pub use sample::{Sample, Table};
pub use script::{Shape, script};
