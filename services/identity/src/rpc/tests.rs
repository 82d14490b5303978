//! The RPCs through the generated client, behind the whole stack.

mod accounts;
mod codes;
mod grants;
mod owner;
mod passwords;
mod second_factor;
mod second_step;
mod sessions;
mod world;
