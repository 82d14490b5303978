//! The ledger at work: its key, the task that numbers and signs, the verification.

pub mod checkpoint;
pub mod key;
pub mod verify;

#[cfg(test)]
mod tests;
