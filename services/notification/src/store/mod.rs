//! Notification's tables.

pub mod entity;
pub mod migration;
pub mod notices;
pub mod people;
pub mod waiting;
