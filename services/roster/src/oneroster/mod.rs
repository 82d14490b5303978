//! OneRoster 1.2 CSV (1EdTech, binding of 19.09.2022): the package of a school, written and read.
//!
//! What the standard has no place for stands in columns `metadata.…`, which it allows and others
//! skip. Data of other services (load, timetable, marks) is not in the package.

mod files;
mod read;
mod write;

pub(crate) use read::read;
pub(crate) use write::write;
