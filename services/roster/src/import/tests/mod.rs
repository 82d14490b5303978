//! The whole import, through the generated client and as a command.

mod applying;
mod archives;
mod command;
mod packages;
mod steps;
mod uploading;
