//! What a school year is: its calendar, its weekly timetable, and the dated
//! lessons that follow from the two. Pure: no database, no wire format.

pub mod academic_year;
pub mod bells;
pub mod calendar;
pub mod calendar_feed;
pub mod calendar_subscription;
pub mod dated_lessons;
pub mod day_change;
pub mod free_teachers;
pub mod lesson;
pub mod lesson_plan;
pub mod load;
pub mod next_year;
pub mod plan;
pub mod refusal;
pub mod school_event;
pub mod school_year;
pub mod study_document;
pub mod subject;
pub mod succession;
pub mod timesheet;
pub mod timetable;

#[cfg(test)]
mod properties;
