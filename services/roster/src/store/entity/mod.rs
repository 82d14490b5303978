//! Tables as rows of plain columns; private to the store.

pub(super) mod acknowledgement;
pub(super) mod arrival;
pub(super) mod card_change;
pub(super) mod enrolment;
pub(super) mod group_membership;
pub(super) mod guardian_link;
pub(super) mod import_row;
pub(super) mod import_step;
pub(super) mod import_workbook;
pub(super) mod order_effect;
pub(super) mod order_pupil;
pub(super) mod person;
pub(super) mod registry_record;
pub(super) mod rollover;
pub(super) mod rollover_class;
pub(super) mod rollover_group;
pub(super) mod rollover_next_class;
pub(super) mod rollover_pupil;
pub(super) mod school;
pub(super) mod school_class;
pub(super) mod school_import;
pub(super) mod school_order;
pub(super) mod staff_member;
pub(super) mod study_group;
pub(super) mod supervision;
pub(super) mod witnessed_checkpoint;
