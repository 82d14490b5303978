//! The whole import, through the generated client and as a command.

mod applying;
mod command;
mod steps;
mod uploading;
