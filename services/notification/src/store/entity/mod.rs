//! Plain columns; nothing outside `store` sees them.

pub mod guardian_copy;
pub mod journal_copy;
pub mod member_copy;
pub mod notice;
pub mod pending_cell;
pub mod person_card;
pub mod supervisor_copy;
pub mod told_cell;
pub mod told_change;
pub mod told_correction;
