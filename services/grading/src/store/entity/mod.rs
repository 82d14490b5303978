//! One file per table that is written row by row; plain columns, private to the store.

pub(super) mod correction_request;
pub(super) mod day_off;
pub(super) mod enrolment;
pub(super) mod group_membership;
pub(super) mod guardian_link;
pub(super) mod journal;
pub(super) mod ledger_checkpoint;
pub(super) mod lesson;
pub(super) mod lesson_entry;
pub(super) mod paper_journal;
pub(super) mod period;
pub(super) mod person_card;
pub(super) mod pupil_school;
pub(super) mod school_class;
pub(super) mod study_group;
pub(super) mod supervision;
pub(super) mod teaching_load;
