//! Builders for tests: a small school in the form, any slip put into it, and its workbook.

mod small_school;
mod xlsx;

pub use small_school::SmallSchool;
pub use xlsx::to_xlsx;
