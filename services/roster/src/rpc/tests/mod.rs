//! The RPCs through the generated client, behind the whole stack.

mod checkpoints;
mod feed;
mod lists;
mod pupils;
mod registries;
mod schools;
