//! The rollover of a year at work: what a plan rests on, applying, undoing.

mod apply;
mod facts;
mod lessons;
mod undo;

use jiff::civil::Date;

pub(crate) use apply::{Numbers, apply};
pub(crate) use facts::{Ground, load};
pub(crate) use lessons::have_begun;
pub(crate) use undo::undo;

/// The words of the orders of a rollover.
#[derive(Debug, Clone)]
pub(crate) struct Words {
    /// Date.
    pub date: Date,
    /// On what they rest.
    pub basis: String,
}
