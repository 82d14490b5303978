//! Identity's tables. Secrets are stored only as hashes.

pub mod accounts;
pub mod attempts;
pub mod challenges;
pub mod entity;
pub mod grants;
pub mod invitations;
pub mod looks;
pub mod migration;
pub mod password_resets;
pub mod people;
pub mod second_factors;
pub mod security;
pub mod service_clients;
pub mod sessions;
