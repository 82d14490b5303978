//! The RPCs through the generated client, behind the whole stack.

mod authorities;
mod cards;
mod checkpoints;
mod consents;
mod export;
mod feed;
mod groups;
mod journal_modes;
mod lists;
mod municipalities;
mod orders;
mod orders_between_schools;
mod pupils;
mod registries;
mod rollover;
mod school_profile;
mod schools;
mod supervision;
