//! Builders for tests: a small school in the form, any slip put into it, and its workbook; and a
//! package of another system.

mod package;
mod small_school;
mod xlsx;

pub use package::{ForeignPackage, files, without_ids, zipped};
pub use small_school::SmallSchool;
pub use xlsx::to_xlsx;
