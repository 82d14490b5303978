//! The tamper-evident history: what an entry is, how a day's entries hang together
//! in a hash tree, how a checkpoint is written down, and what the entries say that
//! the state must be.
//!
//! Invariant: a leaf depends on every fact of its entry, on its number and on the
//! commitment of the personal text, never on the text itself; erasing a text
//! leaves every proof standing.

pub mod entry;
pub mod finding;
pub mod note;
pub mod replay;
pub mod tree;
