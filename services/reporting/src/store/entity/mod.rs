//! Rows: plain columns, seen by the store alone.

pub mod access_fact;
pub mod cell_fact;
pub mod control_sheet;
pub mod enrolment;
pub mod group_membership;
pub mod guardian_link;
pub mod journal;
pub mod lesson;
pub mod lesson_fill;
pub mod lesson_plan;
pub mod line_statement;
pub mod monitoring;
pub mod paper_journal;
pub mod period;
pub mod person_card;
pub mod registry_record;
pub mod report_job;
pub mod school;
pub mod school_class;
pub mod school_year;
pub mod staff_member;
pub mod study_group;
pub mod subject;
pub mod teaching_load;
pub mod witnessed_checkpoint;
