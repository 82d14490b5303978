//! What tests stand on: the service behind its stack, a small school told by the
//! same events as in production, callers of every kind.

mod events;
mod feeds;
mod scale;
mod world;

pub use events::{
    a_class, a_lesson, a_load, a_membership, a_mother, a_paper_journal, a_pupil, a_record,
    a_school, an_employee, cell, cells, checkpoint, entry, id, lessons, modes, opened, present,
    records,
};
pub use feeds::{host_producers, roster_events};
pub use world::{Calls, World, refused};
