//! Roster's rules. Pure: no transport, no database, no clock, no runtime.

pub mod academic_year;
pub mod admission;
pub mod card;
pub mod consent;
pub mod duty;
pub mod group;
pub mod journal_mode;
pub mod lesson_estimate;
pub mod link;
pub mod municipality;
pub mod orders;
pub mod plan_gaps;
pub mod record;
pub mod registry;
pub mod rollover;
pub mod school_import;
pub mod school_import_state;
pub mod school_profile;
pub mod supervision;
pub mod text;
