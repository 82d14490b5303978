//! The RPCs through the generated client, behind the whole stack.

mod accounts;
mod codes;
mod grants;
mod second_factor;
mod second_step;
mod world;
