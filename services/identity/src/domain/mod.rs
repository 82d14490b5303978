//! Rules of accounts, codes and roles, without database or network.
//!
//! Invariant: a secret (code, password, session) is compared only as a hash.

pub mod attempts;
pub mod code;
pub mod login;
pub mod password;
pub mod role;
pub mod scope;
pub mod second_factor;
