//! Follows identity, roster, schedule and grading: one file per kind of event. Each item of
//! an event is the full present state of its record.
//!
//! Events that touch one record have one key, so that a later state never overtakes
//! an earlier one; records of different keys may come in any order.

mod grading;
mod identity;
mod on_calendar_changed;
mod on_cells_changed;
mod on_checkpoint_signed;
mod on_classes_changed;
mod on_enrolments_changed;
mod on_groups_changed;
mod on_guardian_links_changed;
mod on_journal_modes_changed;
mod on_journal_opened;
mod on_lesson_plan_changed;
mod on_lesson_recorded;
mod on_lessons_changed;
mod on_memberships_changed;
mod on_people_changed;
mod on_registry_records_changed;
mod on_school_changed;
mod on_staff_changed;
mod on_teaching_loads_changed;
mod parse;
mod roster;
mod schedule;
#[cfg(test)]
mod tests;

pub use grading::GradingFeed;
pub use identity::IdentityFeed;
pub use roster::RosterFeed;
pub use schedule::ScheduleFeed;
#[cfg(test)]
pub use {
    grading::apply as apply_grading, identity::apply as apply_identity,
    roster::apply as apply_roster, schedule::apply as apply_schedule,
};

/// Producers that reporting follows.
pub const PRODUCERS: [&str; 4] = ["identity", "roster", "schedule", "grading"];
