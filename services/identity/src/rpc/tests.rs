//! The RPCs through the generated client, behind the whole stack.

mod accounts;
mod codes;
mod grants;
mod looks;
mod owner;
mod passwords;
mod second_factor;
mod second_step;
mod service_clients;
mod sessions;
mod step_up;
mod world;
