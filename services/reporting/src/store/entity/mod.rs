//! Rows: plain columns, seen by the store alone.

pub mod cell_fact;
pub mod enrolment;
pub mod group_membership;
pub mod journal;
pub mod lesson;
pub mod lesson_fill;
pub mod period;
pub mod person_card;
pub mod report_job;
pub mod school;
pub mod school_class;
pub mod study_group;
pub mod subject;
pub mod witnessed_checkpoint;
