//! What a notice says, without database or network.

pub mod cell;
pub mod wording;
